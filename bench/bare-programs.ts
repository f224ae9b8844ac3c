import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.ts';
import { targetOf } from './target.ts';

/** Programs that do nothing but what every gateway has to do: what the gateway is measured against. */
export interface BarePrograms {
  /** GETs a list with undici, cut down as the gateway's is, and prints it. */
  readonly undici: string;
  /** The same with node:https, which needs nothing that Node does not bring. */
  readonly https: string;
  /** A Yoga server with one field, `hello`. */
  readonly yoga: string;
}

/** Each holds on, so that its memory can be read. Credentials are in a file beside them: no kubeconfig is parsed. */
const SOURCES = {
  undici: `
    import { readFileSync } from 'node:fs';
    import Pool from 'undici/lib/dispatcher/pool.js';
    import api from 'undici/lib/api/index.js';
    const { origin, path, headers, connect } = JSON.parse(readFileSync(__dirname + '/target.json', 'utf8'));
    api.request.call(new Pool(origin, { connect }), { path, method: 'GET', headers })
      .then(({ body }) => body.text())
      .then((text) => process.stdout.write(text.trimEnd() + '\\n'));
    setInterval(() => {}, 60_000);
  `,
  https: `
    import { readFileSync } from 'node:fs';
    import { get } from 'node:https';
    const { origin, path, headers, connect } = JSON.parse(readFileSync(__dirname + '/target.json', 'utf8'));
    get(origin + path, { headers, ...connect }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => process.stdout.write(text.trimEnd() + '\\n'));
    });
    setInterval(() => {}, 60_000);
  `,
  yoga: `
    import { createServer } from 'node:http';
    import { createSchema, createYoga } from 'graphql-yoga';
    const schema = createSchema({
      typeDefs: 'type Query { hello: String }',
      resolvers: { Query: { hello: () => 'world' } },
    });
    const server = createServer(createYoga({ schema, logging: false }));
    server.listen(0, '127.0.0.1', () =>
      process.stdout.write('http://127.0.0.1:' + server.address().port + '/graphql\\n'),
    );
  `,
} as const;

/** Bundles them into a directory, as the gateway is bundled. */
export async function bundleBarePrograms(directory: string, kubeconfig: string): Promise<BarePrograms> {
  const resolveDir = fileURLToPath(new URL('.', import.meta.url));
  const bundled = async (name: keyof BarePrograms): Promise<string> => {
    const outfile = path.join(directory, `${name}.cjs`);
    await bundle({ stdin: { contents: SOURCES[name], resolveDir } }, outfile);
    return outfile;
  };
  writeRequest(directory, kubeconfig);
  return { undici: await bundled('undici'), https: await bundled('https'), yoga: await bundled('yoga') };
}

function writeRequest(directory: string, kubeconfig: string): void {
  const { pathPrefix, ...target } = targetOf(kubeconfig);
  const request = { ...target, path: `${pathPrefix}/api/v1/pods?limit=10` };
  writeFileSync(path.join(directory, 'target.json'), JSON.stringify(request), { mode: 0o600 });
}
