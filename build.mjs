// Bundles the two ways in: the command line and the serverless handler. `node build.mjs` takes some two seconds, most of
// which the command line runs for once, so that what V8 compiles then need not be compiled again.
import { build, transform } from 'esbuild';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { keepScanner } from './assembly/compile.mjs';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
const baseSdl = readFileSync(new URL('schema/base.graphql', import.meta.url), 'utf8');
const dist = fileURLToPath(new URL('dist', import.meta.url));

// Before anything reads the sources: what it writes is one of them.
await keepScanner();

/** Tells one state of the sources from another, for what a program keeps on disk and only itself can read. */
function sourcesDigest() {
  const digest = createHash('sha256')
    .update(baseSdl)
    .update(readFileSync(new URL('package-lock.json', import.meta.url)));
  const src = fileURLToPath(new URL('src', import.meta.url));
  for (const file of readdirSync(src, { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .sort())
    digest.update(readFileSync(path.join(src, file)));
  return digest.digest('hex').slice(0, 16);
}

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

/** Changes texts in the file that `filter` finds. Fails when one is not there any more. */
const edit = (filter, ...changes) => ({
  name: 'edit',
  setup: ({ onLoad }) =>
    onLoad({ filter }, ({ path: file }) => {
      let contents = readFileSync(file, 'utf8');
      for (const [from, to] of changes) {
        if (!contents.includes(from)) return { errors: [{ text: `${file} has no ${from}` }] };
        contents = contents.replaceAll(from, to);
      }
      return { contents };
    }),
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
  target: 'node20.19',
  minify: true,
  legalComments: 'none',
  // Of graphql's two builds the one that can be shaken: it halves.
  mainFields: ['module', 'main'],
  plugins: [
    replace(/[\\/]undici[\\/]index\.js$/, usedOfUndici),
    // Node's http2 takes 4 ms to load, and only watches need it.
    edit(/[\\/]undici[\\/]lib[\\/]dispatcher[\\/]client\.js$/, [
      "const connectH2 = require('./client-h2.js')",
      "const connectH2 = (...all) => require('./client-h2.js')(...all)",
    ]),
    // Turns forms into bodies, and nothing that we send is one: 44 KB with what it needs.
    replace(/[\\/]undici[\\/]lib[\\/]web[\\/]fetch[\\/]body\.js$/, 'module.exports = {};'),
    // Reads forms, which are refused before anything looks at them.
    replace(/[\\/]@fastify[\\/]busboy[\\/]index\.js$/, 'module.exports = {};'),
    // Looking for an addon that we do not have.
    edit(/[\\/]@whatwg-node[\\/]fetch[\\/]dist[\\/]node-ponyfill\.js$/, [
      'require(nodelibcurlName)',
      'undefined',
    ]),
    // Executes documents, which is the engine's: Yoga gets an answer instead. 46 KB with what it needs.
    replace(
      /[\\/]@graphql-tools[\\/]executor[\\/]esm[\\/]index\.js$/,
      "export const normalizedExecutor = () => { throw new Error('Yoga executes nothing here'); };",
    ),
    // Yoga's own pages load scripts from other hosts; we never show them.
    replace(/[\\/]graphql-yoga[\\/]esm[\\/](?:graphiql|landing-page)-html\.js$/, "export default '';"),
  ],
  define: {
    KUBEGRAPH_VERSION: JSON.stringify(version),
    KUBEGRAPH_BASE_SDL: JSON.stringify(baseSdl),
    KUBEGRAPH_SOURCES: JSON.stringify(sourcesDigest()),
    // Yoga compares its Request with Node's, and looking at Node's loads Node's fetch: 12 ms.
    'globalThis.Request': 'undefined',
  },
  logLevel: 'warning',
};

rmSync(dist, { recursive: true, force: true });
const programDigest = await buildProgram();
// The package's modules are ESM; but for the function, what is in here is not.
writeFileSync(path.join(dist, 'package.json'), '{"type":"commonjs"}\n');
await Promise.all([
  build({
    ...shared,
    format: 'cjs',
    entryPoints: { cli: 'src/cli/launcher.ts' },
    outdir: 'dist',
    banner: { js: '#!/usr/bin/env node' },
    define: { ...shared.define, KUBEGRAPH_PROGRAM_DIGEST: JSON.stringify(programDigest) },
  }),
  build({
    ...shared,
    format: 'esm',
    entryPoints: { lambda: 'src/serverless/lambda.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    banner: { js: commonJsNames },
    plugins: [
      ...shared.plugins,
      // The HTTP parser for machines without SIMD, of which Lambda has none.
      replace(/[\\/]llhttp-wasm\.js$/, ''),
      // HTTP/2 is for watches, of which a function has none.
      replace(/[\\/]undici[\\/]lib[\\/]dispatcher[\\/]client-h2\.js$/, ''),
      // Runs commands over WebSockets, which only `kubegraph serve` is told to do: 52 KB with what it needs.
      replace(/[\\/]src[\\/]exec[\\/]run-command\.ts$/, 'export {};'),
      // For what is not Yoga's endpoint: the function has refused that before.
      replace(/[\\/]urlpattern-polyfill[\\/]index\.cjs$/, ''),
    ],
  }),
]);
await keepCompiledCode().catch((error) => {
  process.stderr.write(`no compiled code: the first start will be slower (${error.message})\n`);
});

/**
 * The command line, in files that are loaded when they are needed. They are functions of what a CommonJS module knows,
 * which the launcher runs: ESM starts more slowly, and V8's code for it cannot be kept. Answers the digest of their texts.
 */
async function buildProgram() {
  const { outputFiles } = await build({
    ...shared,
    format: 'esm',
    entryPoints: { main: 'src/cli/main.ts' },
    // Only of ESM does esbuild make files that share what they have in common.
    splitting: true,
    outdir: path.join(dist, 'program'),
    write: false,
    // 9 MB of HTML that only a browser's first visit needs: resolved from node_modules when asked for.
    external: ['@graphql-yoga/render-graphiql'],
  });
  mkdirSync(path.join(dist, 'program'), { recursive: true });
  const digest = createHash('sha256');
  for (const { path: file, text } of outputFiles) {
    const { code } = await transform(text, {
      format: 'cjs',
      platform: 'node',
      target: shared.target,
      minify: shared.minify,
      // By `require`: scripts whose code is kept cannot import without a warning of Node 20.
      supported: { 'dynamic-import': false },
      banner: '(function(exports,require,module,__filename,__dirname){',
      footer: '})',
    });
    digest.update(code);
    writeFileSync(file, code);
  }
  return digest.digest('hex');
}

/** Answers one query on the demo cluster. The launcher keeps what was compiled for that; here it goes beside the program. */
async function keepCompiledCode() {
  const home = mkdtempSync(path.join(tmpdir(), 'kubegraph-build-'));
  const children = [];
  const started = async (...args) => {
    const child = spawn(process.execPath, [path.join(dist, 'cli.js'), ...args], {
      env: { PATH: process.env.PATH, HOME: home, XDG_CACHE_HOME: home },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // From the start: of a child that a signal has ended there is neither an exit code nor another event.
    const ended = once(child, 'exit');
    children.push({ child, ended });
    const failed = ended.then(([code, signal]) => {
      throw new Error(`${args[0]} does not start: it ended with ${signal ?? code}`);
    });
    failed.catch(() => undefined);
    return String(await Promise.race([once(child.stdout, 'data'), failed]));
  };
  try {
    await started('demo', '--cluster-only', '--quiet', '--directory', home);
    const greeting = await started('serve', '--port', '0', '--kubeconfig', path.join(home, 'kubeconfig'));
    const answer = await fetch(/http:\/\/\S+/.exec(greeting)[0], {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ pods(first: 10) { items { metadata { name } } } }' }),
    });
    if (!(await answer.text()).includes('"items"')) throw new Error('the gateway does not answer');
    const file = await storedIn(path.join(home, 'kubegraph'));
    copyFileSync(file, path.join(dist, path.basename(file)));
    // Whoever installs is often somebody else than who runs.
    chmodSync(path.join(dist, path.basename(file)), 0o644);
  } finally {
    for (const { child } of children) child.kill();
    // One that could not be started at all has been complained about.
    await Promise.allSettled(children.map(({ ended }) => ended));
    rmSync(home, { recursive: true, force: true });
  }
}

async function storedIn(directory) {
  for (let tries = 0; tries < 200; tries++) {
    const names = existsSync(directory) ? readdirSync(directory) : [];
    const name = names.find((each) => /^code-\S+-[0-9a-f]{8}$/.test(each));
    if (name !== undefined) return path.join(directory, name);
    await sleep(50);
  }
  throw new Error('it was not stored');
}
