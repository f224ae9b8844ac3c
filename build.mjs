// Bundles the two ways in: the command line and the serverless handler. `node build.mjs` takes well under a second.
import { build } from 'esbuild';
import { readFileSync, rmSync } from 'node:fs';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
const baseSdl = readFileSync(new URL('schema/base.graphql', import.meta.url), 'utf8');

/** undici and ws are CommonJS inside: an ESM bundle of them needs `require` and the two path names. */
const commonJsNames = [
  "import { createRequire as __createRequire } from 'node:module';",
  "import { fileURLToPath as __fileURLToPath } from 'node:url';",
  'const require = __createRequire(import.meta.url);',
  'const __filename = __fileURLToPath(import.meta.url);',
  "const __dirname = __fileURLToPath(new URL('.', import.meta.url));",
].join('\n');

/** Bundles `contents` in the place of the file that `filter` finds. */
const replace = (filter, contents) => ({
  name: 'replace',
  setup: ({ onLoad }) => onLoad({ filter }, () => ({ contents })),
});

/** undici's index also loads fetch, WebSocket, caches and mocks: 220 KB. A name that is not here fails the build. */
const usedOfUndici = `
  import api from './lib/api/index.js';
  import Dispatcher from './lib/dispatcher/dispatcher.js';
  import errors from './lib/core/errors.js';
  Object.assign(Dispatcher.prototype, api);
  export { Dispatcher, errors };
  export { default as Agent } from './lib/dispatcher/agent.js';
  export { default as Client } from './lib/dispatcher/client.js';
  export { default as Pool } from './lib/dispatcher/pool.js';
  export { default as ProxyAgent } from './lib/dispatcher/proxy-agent.js';
  export { default as buildConnector } from './lib/core/connect.js';
`;

const shared = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  minify: true,
  legalComments: 'none',
  // Of graphql's two builds the one that can be shaken: it halves.
  mainFields: ['module', 'main'],
  plugins: [
    replace(/[\\/]undici[\\/]index\.js$/, usedOfUndici),
    // Yoga's own pages load scripts from other hosts; we never show them.
    replace(/[\\/]graphql-yoga[\\/]esm[\\/](?:graphiql|landing-page)-html\.js$/, "export default '';"),
  ],
  define: { KUBEGRAPH_VERSION: JSON.stringify(version), KUBEGRAPH_BASE_SDL: JSON.stringify(baseSdl) },
  logLevel: 'warning',
};

// Chunks are named by their content: those of earlier builds would stay.
rmSync(new URL('dist', import.meta.url), { recursive: true, force: true });
await build({
  ...shared,
  entryPoints: { cli: 'src/cli/main.ts' },
  // What only some commands need is in files of its own.
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  outdir: 'dist',
  banner: { js: `#!/usr/bin/env node\n${commonJsNames}` },
  // 9 MB of HTML that only a browser's first visit needs: resolved from node_modules when asked for.
  external: ['@graphql-yoga/render-graphiql'],
});
await build({
  ...shared,
  entryPoints: { lambda: 'src/serverless/lambda.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  banner: { js: commonJsNames },
  plugins: [
    ...shared.plugins,
    // The HTTP parser for machines without SIMD, of which Lambda has none.
    replace(/[\\/]llhttp-wasm\.js$/, ''),
  ],
});
