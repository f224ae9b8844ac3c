/**
 * A program of its own: subscriptions as one would write them in an afternoon. Yoga with its defaults and its pub/sub, fed
 * by one watch for each namespace, whose lines it parses whole. It sends no snapshot, resumes nothing, and ends when its watch does.
 */
import { setMaxListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { createPubSub, createSchema, createYoga } from 'graphql-yoga';
import { type Dispatcher, Pool } from 'undici';
import type { Target } from '../target.ts';

/** Sent once it listens. */
export interface NaiveGreeting {
  readonly url: string;
}

interface WatchEvent {
  readonly type: string;
  readonly object: object;
}

const TYPES = /* GraphQL */ `
  scalar StringMap
  type Query {
    version: String
  }
  type Subscription {
    configMaps(namespace: String!): ConfigMapEvent!
  }
  type ConfigMapEvent {
    type: String!
    object: ConfigMap
  }
  type ConfigMap {
    metadata: ObjectMeta!
  }
  type ObjectMeta {
    name: String!
    annotations: StringMap
  }
`;

const { origin, pathPrefix, headers, connect } = JSON.parse(
  readFileSync(process.argv[2] as string, 'utf8'),
) as Target;
const pool = new Pool(origin, { connect, bodyTimeout: 0 });
// Each subscriber is one: thousands are no mistake here.
setMaxListeners(0);
const pubSub = createPubSub<{ configMaps: [namespace: string, event: WatchEvent] }>();
const watched = new Map<string, Promise<void>>();

async function get(path: string): Promise<Dispatcher.ResponseData['body']> {
  const { statusCode, body } = await pool.request({ method: 'GET', path: pathPrefix + path, headers });
  if (statusCode !== 200) throw new Error(`${path}: ${statusCode}`);
  return body;
}

/** From now on. */
async function watch(namespace: string): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const { metadata } = (await (await get(path)).json()) as { metadata: { resourceVersion: string } };
  const lines = createInterface({
    input: await get(`${path}?watch=1&resourceVersion=${metadata.resourceVersion}`),
  });
  // As the API server has it.
  lines.on('line', (line) => pubSub.publish('configMaps', namespace, JSON.parse(line) as WatchEvent));
}

const schema = createSchema({
  typeDefs: TYPES,
  resolvers: {
    Subscription: {
      configMaps: {
        subscribe: async (_: unknown, { namespace }: { readonly namespace: string }) => {
          const events = pubSub.subscribe('configMaps', namespace);
          const watching = watched.get(namespace) ?? watch(namespace);
          watched.set(namespace, watching);
          await watching;
          return events;
        },
        resolve: (event: WatchEvent) => event,
      },
    },
  },
});

process.once('disconnect', () => process.exit());
const server = createServer(createYoga({ schema, logging: false }));
server.listen(0, '127.0.0.1', () => {
  // A server that listens on a port has such an address.
  const { port } = server.address() as AddressInfo;
  process.send?.({ url: `http://127.0.0.1:${port}/graphql` } satisfies NaiveGreeting);
});
