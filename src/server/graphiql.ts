import { KUBECONFIG_IDENTITY } from '../cluster/identity.ts';
import type { Engine } from '../execution/engine.ts';
import type { AuthMode } from './options.ts';
import type { Editor } from './yoga.ts';

export const graphiql: Editor = { render, startingQuery };

/** GraphiQL's page with everything in it: nothing is fetched from other hosts. */
async function render(options?: object): Promise<string> {
  // 9 MB of HTML, which only a browser's first visit needs.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  return renderGraphiQL(options);
}

/** The query that an empty editor shows: what this cluster has, as far as the gateway may know it before it is asked. */
async function startingQuery(engine: Engine, mode: AuthMode): Promise<string> {
  const schema =
    mode === 'kubeconfig' ? await engine.schemaFor(KUBECONFIG_IDENTITY).catch(() => undefined) : undefined;
  const lists = schema?.names.fields.query;
  const custom = [...(lists?.values() ?? [])].find(
    ({ action, resource }) =>
      action === 'list' && resource.group.includes('.') && !resource.group.endsWith('.k8s.io'),
  );
  return [
    '# Every resource of the cluster is a field: Ctrl-Space shows them.',
    '# Subscriptions stream changes: subscription { pods(namespace: "default") { type object { metadata { name } } } }',
    '',
    '{',
    '  version { gitVersion }',
    ...(lists === undefined || lists.has('nodes') ? ['  nodes { items { metadata { name } } }'] : []),
    '  pods(first: 10) {',
    '    items { metadata { namespace name } status { phase } }',
    '    pageInfo { hasNextPage endCursor }',
    '  }',
    ...(custom === undefined ? [] : [`  ${custom.name}(first: 10) { items { metadata { name } } }`]),
    '}',
    '',
  ].join('\n');
}
