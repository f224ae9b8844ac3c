// urql with Graphcache.
//
//   npm ci && node urql.mjs http://127.0.0.1:4000/graphql

import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { createClient } from 'graphql-sse';
import { PODS, SETTINGS } from './documents.mjs';
import { tour } from './tour.mjs';

const [url = 'http://127.0.0.1:4000/graphql'] = process.argv.slice(2);

const cache = cacheExchange({
  // Types without an id (metadata, spec, status) belong to the object around them. Graphcache wants that said for each
  // type; this says it for all.
  keys: new Proxy(
    {},
    {
      get:
        () =>
        ({ id }) =>
          id ?? null,
    },
  ),
  resolvers: { Query: { pods: relayPagination() } },
  updates: {
    Subscription: {
      // MODIFIED needs nothing: the object came with its id, and the cache has it by now.
      configMaps({ configMaps: { type, object } }, _args, cache) {
        if (type !== 'ADDED' && type !== 'DELETED') return;
        cache.updateQuery({ query: SETTINGS }, (settings) => settings && changed(settings, type, object));
      },
    },
  },
});

/** The snapshot begins with what the list has already. */
function changed({ configMaps }, type, object) {
  const others = configMaps.items.filter(({ id }) => id !== object.id);
  return { configMaps: { ...configMaps, items: type === 'ADDED' ? [...others, object] : others } };
}

const sse = createClient({ url });
const subscriptions = subscriptionExchange({
  forwardSubscription: ({ query, variables }) => ({
    subscribe: (sink) => ({ unsubscribe: sse.subscribe({ query, variables }, sink) }),
  }),
});
const client = new Client({ url, preferGetMethod: false, exchanges: [cache, fetchExchange, subscriptions] });

let after;
for (;;) {
  const { edges, pageInfo } = dataOf(await client.query(PODS, { after })).pods;
  console.log('pods', edges.length);
  if (!pageInfo.hasNextPage) break;
  after = pageInfo.endCursor;
}

await tour({
  query: async (query) => dataOf(await client.query(query, {})),
  mutate: async (mutation, variables) => dataOf(await client.mutation(mutation, variables ?? {})),
  cached: (query) => client.readQuery(query, {}).data,
  follow(query, onEvent) {
    const subscription = client.subscription(query, {}).subscribe((answer) => {
      onEvent(dataOf(answer).configMaps.type);
    });
    return () => subscription.unsubscribe();
  },
});

function dataOf({ data, error }) {
  if (error) throw error;
  return data;
}
