import { getIntrospectionQuery } from 'graphql';
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
  void engine.execute({ query, identity: KUBECONFIG_IDENTITY, signal, takesCompressed: true });
}
