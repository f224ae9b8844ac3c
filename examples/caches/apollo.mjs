// Apollo Client's InMemoryCache.
//
//   npm ci && node apollo.mjs http://127.0.0.1:4000/graphql

import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, Observable } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import { OperationTypeNode, print } from 'graphql';
import { createClient } from 'graphql-sse';
import { PODS, SETTINGS } from './documents.mjs';
import { tour } from './tour.mjs';

const [url = 'http://127.0.0.1:4000/graphql'] = process.argv.slice(2);

/** What tells one list of a field from another; the rest of the arguments are pages of the same list. */
const scope = ['namespace', 'labelSelector', 'fieldSelector'];
const cache = new InMemoryCache({
  possibleTypes: { KubernetesObject: await kindsOfObjects() },
  typePolicies: {
    // Inherited by every kind. These have no id of their own: two queries' selections of them are put together.
    KubernetesObject: {
      fields: { metadata: { merge: true }, spec: { merge: true }, status: { merge: true } },
    },
    Query: { fields: { pods: relayStylePagination(scope) } },
  },
});

const sse = createClient({ url });
const subscriptions = new ApolloLink(
  ({ query, variables }) =>
    new Observable((observer) =>
      sse.subscribe(
        { query: print(query), variables },
        {
          next: (answer) => observer.next(answer),
          error: (error) => observer.error(error),
          complete: () => observer.complete(),
        },
      ),
    ),
);
const link = ApolloLink.split(
  ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
  subscriptions,
  new HttpLink({ uri: url }),
);
const client = new ApolloClient({ link, cache });

/** In a real project a build step writes this list to a file: it changes when kinds are installed. */
async function kindsOfObjects() {
  const query = '{ __type(name: "KubernetesObject") { possibleTypes { name } } }';
  const body = JSON.stringify({ query });
  const headers = { 'content-type': 'application/json' };
  const { data } = await (await fetch(url, { method: 'POST', headers, body })).json();
  return data.__type.possibleTypes.map(({ name }) => name);
}

const pods = client.watchQuery({ query: PODS });
const watching = pods.subscribe(() => {});
await pods.refetch();
for (;;) {
  const { edges, pageInfo } = cache.readQuery({ query: PODS }).pods;
  console.log('pods', edges.length);
  if (!pageInfo.hasNextPage) break;
  await pods.fetchMore({ variables: { after: pageInfo.endCursor } });
}
watching.unsubscribe();

await tour({
  query: async (query) => (await client.query({ query })).data,
  mutate: async (mutation, variables) => (await client.mutate({ mutation, variables })).data,
  cached: (query) => cache.readQuery({ query }),
  follow(query, onEvent) {
    const subscription = client.subscribe({ query }).subscribe(({ data, error }) => {
      if (error) throw error;
      const { type, object } = data.configMaps;
      // MODIFIED needs nothing: the object came with its id, and the cache has it by now.
      if (type === 'ADDED')
        cache.updateQuery({ query: SETTINGS }, (settings) => withObject(settings, object));
      if (type === 'DELETED') {
        cache.evict({ id: cache.identify(object) });
        cache.gc();
      }
      onEvent(type);
    });
    return () => subscription.unsubscribe();
  },
});

/** The snapshot begins with what the list has already. */
function withObject(settings, object) {
  const { configMaps } = settings;
  if (configMaps.items.some(({ id }) => id === object.id)) return settings;
  return { configMaps: { ...configMaps, items: [...configMaps.items, object] } };
}
