import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { getIntrospectionQuery } from 'graphql';
import { KUBECONFIG_IDENTITY } from '../cluster/identity.ts';
import type { Engine } from '../execution/engine.ts';
import type { Editor } from './editor.ts';
import { ASK_EACH_TIME } from './entity-tag.ts';
import { graphiqlFiles } from './graphiql-files.ts';
import { FILE_PARAMETER, graphiqlPage, TAG_PARAMETER } from './graphiql-page.ts';
import type { KeptCompressed } from './kept-compressed.ts';
import type { AuthMode } from './options.ts';

/** GraphiQL, with nothing from other hosts. Browsers keep its files for good, and ask each time whether the page is the same. */
export const graphiql: Editor = async ({ url = '', headers: { accept } }, { engine, mode }) => {
  const parameters = new URL(url, 'http://localhost').searchParams;
  const name = parameters.get(FILE_PARAMETER);
  if (name !== null) return fileOf(name, parameters.get(TAG_PARAMETER));
  return accept?.includes('text/html') === true ? page(engine, mode) : undefined;
};

async function fileOf(name: string, tag: string | null): Promise<KeptCompressed | undefined> {
  const file = Object.entries(await graphiqlFiles.get()).find(([each]) => each === name)?.[1];
  if (file === undefined) return undefined;
  // A page of another release asks for another content, and must not keep this one under its name.
  const cacheControl = tag === file.tag ? 'public, max-age=31536000, immutable' : 'no-cache';
  return { ...file, cacheControl, vary: 'Accept-Encoding' };
}

async function page(engine: Engine, mode: AuthMode): Promise<KeptCompressed> {
  const [files, query] = await Promise.all([graphiqlFiles.get(), startingQuery(engine, mode)]);
  const html = Buffer.from(graphiqlPage(files, query));
  return {
    gzip: [gzipSync(html)],
    length: html.length,
    tag: createHash('sha256').update(html).digest('base64url').slice(0, 22),
    contentType: 'text/html; charset=utf-8',
    cacheControl: ASK_EACH_TIME,
    vary: 'Accept, Accept-Encoding',
  };
}

/** The query that an empty editor shows: what this cluster has, as far as the gateway may know it before it is asked. */
async function startingQuery(engine: Engine, mode: AuthMode): Promise<string> {
  if (mode === 'kubeconfig') startIntrospection(engine);
  const schema =
    mode === 'kubeconfig' ? await engine.schemaFor(KUBECONFIG_IDENTITY).catch(() => undefined) : undefined;
  const custom = schema?.names.resources.find(
    (resource) =>
      resource.verbs.includes('list') &&
      resource.group.includes('.') &&
      !resource.group.endsWith('.k8s.io') &&
      schema.names.field('query', schema.names.namesOf(resource).short.list)?.resource === resource,
  );
  const hasNodes = schema === undefined || schema.names.field('query', 'nodes') !== undefined;
  return [
    '# Every resource of the cluster is a field: Ctrl-Space shows them.',
    '# Subscriptions stream changes: subscription { pods(namespace: "default") { type object { metadata { name } } } }',
    '',
    '{',
    '  version { gitVersion }',
    ...(hasNodes ? ['  nodes { items { metadata { name } } }'] : []),
    '  pods(first: 10) {',
    '    items { metadata { namespace name } status { phase } }',
    '    pageInfo { hasNextPage endCursor }',
    '  }',
    ...(custom === undefined || schema === undefined
      ? []
      : [`  ${schema.names.namesOf(custom).short.list}(first: 10) { items { metadata { name } } }`]),
    '}',
    '',
  ].join('\n');
}

/** The editor asks for the whole schema as soon as it runs, which is some megabytes after its page has been asked for. */
function startIntrospection(engine: Engine): void {
  // With the options of the editor's own: another selection would be written all over again.
  const query = getIntrospectionQuery({ schemaDescription: true, inputValueDeprecation: true });
  const { signal } = new AbortController();
  // Whatever goes wrong, the editor learns it from its own request; this one never rejects.
  void engine.execute({
    query,
    identity: KUBECONFIG_IDENTITY,
    signal,
    takesCompressed: true,
    takesStreamed: false,
  });
}
