import { CODES, type Code } from '../../../../src/errors/codes.ts';
import { subscribeOverSse } from '../../../real/support/event-stream.ts';
import type { GraphQLAnswer, GraphQLFailure } from '../../../real/support/graphql-client.ts';
import type { Start } from '../record.ts';
import type { ScopeUnderTest } from '../scope.ts';
import { type Client, type Heard, SubscriptionEnded } from './client.ts';
import { contentOf, type WatchedObject } from './objects.ts';

/** Subscription fields by their resource. */
const FIELDS: Readonly<Record<string, string>> = {
  secrets: 'secrets',
  configmaps: 'configMaps',
  pods: 'pods',
};

const SELECTION = 'type cursor snapshot object { metadata { name namespace uid resourceVersion labels } }';

/** Subscribes as an EventSource does, over HTTP: it comes back with `Last-Event-ID`. @param url of the endpoint. */
export function sseClient(url: string): Client {
  return {
    async *subscribe(scope, start, signal) {
      const stream = await subscribeOverSse(url, documentOf(scope), headersOf(start));
      const leave = (): void => void stream.close();
      signal.addEventListener('abort', leave, { once: true });
      try {
        for (let answer = await stream.next(); answer !== undefined; answer = await stream.next()) {
          yield heard(answer);
        }
      } finally {
        signal.removeEventListener('abort', leave);
        await stream.close();
      }
    },
  };
}

function documentOf({ resource, watch: { path, labelSelector, fieldSelector } }: ScopeUnderTest): string {
  const namespace = /\/namespaces\/([^/]+)\//.exec(path)?.[1];
  const args = Object.entries({ namespace, labelSelector, fieldSelector })
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${JSON.stringify(value)}`]))
    .join(', ');
  return `subscription { event: ${FIELDS[resource]}${args === '' ? '' : `(${args})`} { ${SELECTION} } }`;
}

function headersOf(start: Start): Readonly<Record<string, string>> {
  if (start.kind === 'resumed' && start.known === undefined) return { 'last-event-id': start.cursor };
  if (start.kind === 'fresh') return {};
  throw new Error(`an EventSource does not begin with ${start.kind}`);
}

/** The answer to the document above. */
interface Event {
  readonly type: Heard['type'];
  readonly cursor: string;
  readonly snapshot: boolean;
  readonly object: WatchedObject | null;
}

function heard({ errors, text }: GraphQLAnswer): Heard {
  const [failure] = errors;
  if (failure !== undefined) throw endedBy(failure);
  const { type, cursor, snapshot, object } = (JSON.parse(text) as { data: { event: Event } }).data.event;
  if (type === 'SYNCED' || object === null) return { type: 'SYNCED', isSnapshot: snapshot, cursor };
  const { name, namespace = '', uid, resourceVersion } = object.metadata;
  const what = {
    key: `${namespace}/${name}`,
    uid,
    version: Number(resourceVersion),
    content: contentOf(object),
  };
  return { type, ...what, isSnapshot: snapshot, cursor };
}

function endedBy({ message, extensions = {} }: GraphQLFailure): Error {
  const { code, cursor } = extensions;
  if (typeof code !== 'string' || !(code in CODES)) return new Error(`no code: ${message}`);
  // It is one of them.
  const { retryable } = CODES[code as Code];
  return new SubscriptionEnded(code, retryable, typeof cursor === 'string' ? cursor : undefined);
}
