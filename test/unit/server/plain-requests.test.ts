import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Deliveries } from '../../../src/server/deliveries.ts';
import { answerPlainly } from '../../../src/server/plain-requests.ts';
import { EventStreams } from '../../../src/server/sse/event-streams.ts';
import { PODS, WIDGETS } from '../support/standard-cluster.ts';
import { testGateway, type TestGateway } from '../support/test-gateway.ts';
import { listening, yogaAlone } from './support/listening.ts';

interface Sent {
  /** Absent for a GET. */
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly search?: string;
}

/** What a client sees of an answer. */
interface Seen {
  readonly status: number;
  readonly type: string | null;
  readonly allow: string | null;
  readonly encoding: string | null;
  readonly vary: string | null;
  readonly caching: string | null;
  readonly tag: string | null;
  readonly text: string;
}

/** A gateway, and its Yoga alone on a port beside it. */
async function twoWays(): Promise<TestGateway & { readonly yogaUrl: string }> {
  const made = await testGateway();
  made.stub
    .collection(WIDGETS)
    .put('{"metadata":{"name":"w","namespace":"a"},"spec":{"serial":9223372036854775807}}');
  const annotations = { long: 'ü'.repeat(10_000) };
  made.stub
    .collection(PODS)
    .put({ metadata: { name: 'p', namespace: 'a', labels: { 'a/b': 'ü☃' }, annotations } });
  return { ...made, yogaUrl: await yogaAlone(made) };
}

async function send(url: string, { body, headers = {}, search = '' }: Sent): Promise<Seen> {
  const response = await (body === undefined
    ? fetch(url + search, { headers })
    : fetch(url + search, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: Buffer.from(body),
      }));
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    allow: response.headers.get('allow'),
    encoding: response.headers.get('content-encoding'),
    vary: response.headers.get('vary'),
    caching: response.headers.get('cache-control'),
    tag: response.headers.get('etag'),
    text: await response.text(),
  };
}

const json = (params: unknown): Sent => ({ body: JSON.stringify(params) });
const query = (text: string): Sent => json({ query: text });
const url = (params: Readonly<Record<string, string>>): Sent => ({
  search: `?${new URLSearchParams(params).toString()}`,
});
const accepting = (accept: string, sent: Sent): Sent => ({ ...sent, headers: { ...sent.headers, accept } });

const RIGHT = '{ widgets { items { spec { serial } } } pods { items { metadata { labels } } } }';
const FORBIDDEN = '{ pod(namespace: "a", name: "none") { kind } pods { items { kind } } }';
const LONG = '{ pods { items { metadata { annotations } } } pod(namespace: "a", name: "none") { kind } }';
const HASH = createHash('sha256').update(RIGHT).digest('hex');
const BY_HASH = { persistedQuery: { version: 1, sha256Hash: HASH } };
const MANY = 'text/event-stream, multipart/mixed, application/json';
const STRICT = 'application/graphql-response+json';

describe('a POST is answered as by Yoga', () => {
  it.each<[string, Sent]>([
    ['a query', query(RIGHT)],
    [
      'its variables',
      json({
        query: 'query ($n: String!) { pod(namespace: "a", name: $n) { kind } }',
        variables: { n: 'p' },
      }),
    ],
    ['variables that are missing', query('query ($n: String!) { pod(namespace: "a", name: $n) { kind } }')],
    [
      'variables of a wrong type',
      json({ query: 'query ($n: Int) { pods(first: $n) { items { kind } } }', variables: { n: 'x' } }),
    ],
    [
      'one of several operations',
      json({
        query: 'query A { pods { items { kind } } } query B { widgets { items { kind } } }',
        operationName: 'B',
      }),
    ],
    [
      'no one of several operations',
      query('query A { pods { items { kind } } } query B { widgets { items { kind } } }'),
    ],
    ['an empty name', json({ query: RIGHT, operationName: '' })],
    [
      'null for what is absent',
      json({ query: RIGHT, operationName: null, variables: null, extensions: null }),
    ],
    ['extensions', json({ query: RIGHT, extensions: { a: 1 } })],
    ['a mutation', query('mutation { deletePod(namespace: "a", name: "none") { pending } }')],
    ['an error beside data', query(FORBIDDEN)],
    ['an error beside data, strictly', accepting(STRICT, query(FORBIDDEN))],
    ['a document that does not parse', query('{ pods {')],
    ['a document that does not parse, strictly', accepting(STRICT, query('{ pods {'))],
    ['a document that does not fit', query('{ pods { items { kynd } } }')],
    ['a document that does not fit, strictly', accepting(STRICT, query('{ pods { items { kynd } } }'))],
    ['an empty document', query('')],
    [
      'a subscription, which would stream',
      accepting('application/json', query('subscription { pods { type } }')),
    ],
    ['introspection', query('{ __schema { queryType { name } } }')],
    ['a type name, which is no introspection', query('{ __typename pods { items { __typename } } }')],
    ['a query that mentions a subscription', query('{ pods { items { kind } } } # subscription')],
    ['what is long', query(LONG)],
    ['what is long, strictly', accepting(STRICT, query(LONG))],
    ['what is long, as it is', { ...query(LONG), headers: { 'accept-encoding': 'identity' } }],
    ['any type', accepting('*/*', query(RIGHT))],
    ['any application type', accepting('application/*', query(RIGHT))],
    ['weights', accepting('application/json;q=0.5, application/graphql-response+json', query(RIGHT))],
    ['a charset', accepting('application/json; charset=utf-8', query(RIGHT))],
    ['a type that there is not', accepting('text/html', query(RIGHT))],
    [
      'a charset of the body',
      { ...query(RIGHT), headers: { 'content-type': 'application/json; charset=utf-8' } },
    ],
    ['several types, events and parts among them', accepting(MANY, query(RIGHT))],
    ['parameters in the URL', { ...query(RIGHT), search: '?operationName=x' }],
    ['no JSON', { body: '{"query":' }],
    ['JSON that is no object', { body: '"x"' }],
    ['null', { body: 'null' }],
    ['a list', json([{ query: RIGHT }])],
    ['no query', json({ variables: {} })],
    ['a query that is no text', json({ query: 1 })],
    ['variables that are no object', json({ query: RIGHT, variables: [1] })],
    ['extensions that are no object', json({ query: RIGHT, extensions: 'x' })],
    ['a name that is no text', json({ query: RIGHT, operationName: 5 })],
    ['a parameter that there is not', json({ query: RIGHT, more: 1 })],
    ['a prototype', { body: `{"query":${JSON.stringify(RIGHT)},"__proto__":{"variables":1}}` }],
    ['a byte order mark', { body: Buffer.from(`\u{feff}${JSON.stringify({ query: RIGHT })}`) }],
    [
      'bytes that are no UTF-8',
      {
        body: Buffer.concat([
          Buffer.from('{"query":"{ pods { items { kind } } } #'),
          Buffer.of(0xff),
          Buffer.from('"}'),
        ]),
      },
    ],
    ['nothing', { body: '' }],
    ['an unknown hash', json({ extensions: BY_HASH })],
    ['an unknown hash, strictly', accepting(STRICT, json({ extensions: BY_HASH }))],
    ['an unknown id', json({ documentId: `sha256:${HASH}` })],
    ['an unknown id, strictly', accepting(STRICT, json({ documentId: 'x' }))],
    ['a hash and its query', json({ query: RIGHT, extensions: BY_HASH })],
    ['a hash and another query', json({ query: LONG, extensions: BY_HASH })],
    ['a hash of another version', json({ extensions: { persistedQuery: { version: 2, sha256Hash: HASH } } })],
    ['an id that is no text', json({ documentId: 5 })],
    ['null for an id', json({ query: RIGHT, documentId: null })],
    ['nothing but null', json({ query: null, documentId: null, extensions: { persistedQuery: null } })],
  ])('%s', async (_, sent) => {
    const made = await twoWays();
    expect(await send(made.url, sent)).toEqual(await send(made.yogaUrl, sent));
  });

  it('and what is plain needs no Yoga', async () => {
    const { gateway, post, url: endpoint } = await testGateway();
    let asked = 0;
    const { yoga } = gateway;
    Object.assign(gateway, { yoga: () => ((asked += 1), yoga()) });
    for (const each of [
      RIGHT,
      FORBIDDEN,
      '{ pods {',
      'mutation { deletePod(namespace: "a", name: "p") { pending } }',
    ])
      await (await post(each)).text();
    for (const each of [url({ query: RIGHT, operationName: '' }), url({ documentId: 'x' })])
      await send(endpoint, each);
    expect(asked).toBe(0);
    await (await post('{ __schema { queryType { name } } }')).text();
    await send(endpoint, url({ query: '{ __schema { queryType { name } } }' }));
    expect(asked).toBe(2);
  });
});

describe('a GET is answered as by Yoga', () => {
  const NAMED = 'query ($n: String!) { pod(namespace: "a", name: $n) { kind } }';
  it.each<[string, Sent]>([
    ['a query', url({ query: RIGHT })],
    ['a query, strictly', accepting(STRICT, url({ query: RIGHT }))],
    ['its variables', url({ query: NAMED, variables: '{"n":"p"}' })],
    ['variables with what URLs escape', url({ query: NAMED, variables: '{"n":"p+ü %☃&="}' })],
    ['variables that are missing', url({ query: NAMED })],
    ['variables that are no JSON', url({ query: NAMED, variables: '{' })],
    ['variables that are no object', url({ query: NAMED, variables: '5' })],
    ['null for variables', url({ query: RIGHT, variables: 'null', extensions: 'null' })],
    ['empty parameters', url({ query: RIGHT, variables: '', operationName: '', extensions: '' })],
    ['extensions', url({ query: RIGHT, extensions: '{"a":1}' })],
    ['extensions that are no JSON', url({ query: RIGHT, extensions: 'a' })],
    [
      'one of several operations',
      url({
        query: 'query A { pods { items { kind } } } query B { widgets { items { kind } } }',
        operationName: 'B',
      }),
    ],
    ['a mutation', url({ query: 'mutation { deletePod(namespace: "a", name: "p") { pending } }' })],
    [
      'a subscription, which would stream',
      accepting('application/json', url({ query: 'subscription { pods { type } }' })),
    ],
    ['introspection', url({ query: '{ __schema { queryType { name } } }' })],
    ['an error beside data', url({ query: FORBIDDEN })],
    ['a document that does not parse', url({ query: '{ pods {' })],
    ['a document that does not parse, strictly', accepting(STRICT, url({ query: '{ pods {' }))],
    ['an empty document', url({ query: '' })],
    ['no document', url({ variables: '{}' })],
    ['nothing', {}],
    ['an empty search', { search: '?' }],
    [
      'a list that is sent while it is read',
      url({ query: '{ pods { items { metadata { annotations } } } }' }),
    ],
    ['what is long', url({ query: '{ pod(namespace: "a", name: "p") { metadata { annotations } } }' })],
    ['what the client has', { ...url({ query: RIGHT }), headers: { 'if-none-match': '*' } }],
    ['an error that the client has', { ...url({ query: FORBIDDEN }), headers: { 'if-none-match': '*' } }],
    ['a parameter that there is not', url({ query: RIGHT, more: '1' })],
    ['a parameter that is there twice', { search: `${url({ query: RIGHT }).search ?? ''}&query=x` }],
    ['a percent sign that begins nothing', { search: '?query={version{major}}%zz' }],
    ['bytes that are no UTF-8', { search: '?query={version{major}}%23%ff' }],
    ['a plus sign for a space', { search: '?query={version{major+minor}}' }],
    ['a type that there is not', accepting('text/html', url({ query: RIGHT }))],
    ['what browsers accept', accepting('text/html,application/xml;q=0.9,*/*;q=0.8', url({ query: RIGHT }))],
    ['an unknown hash', url({ extensions: JSON.stringify(BY_HASH) })],
    ['a hash and its query', url({ query: RIGHT, extensions: JSON.stringify(BY_HASH) })],
    ['a hash and another query', url({ query: NAMED, extensions: JSON.stringify(BY_HASH) })],
    ['an unknown id', url({ documentId: `sha256:${HASH}` })],
    ['an unknown id, strictly', accepting(STRICT, url({ documentId: 'x' }))],
    ['an empty id', url({ query: RIGHT, documentId: '' })],
  ])('%s', async (_, sent) => {
    const made = await twoWays();
    expect(await send(made.url, sent)).toEqual(await send(made.yogaUrl, sent));
  });
});

it('asks nobody, and fails for nobody, when its client leaves in the middle of the body', async () => {
  const server = createServer();
  const port = await listening(server);
  const client = connect(port, '127.0.0.1', () =>
    client.write(
      'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"query":',
    ),
  );
  const [request, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
  const unexpected = (): Promise<never> => Promise.reject(new Error('nothing is to be answered'));
  const answered = answerPlainly(request, response, {
    execute: unexpected,
    eventStreams: new EventStreams(new Deliveries()),
    otherwise: unexpected,
  });
  client.destroy();
  await expect(answered).resolves.toBeUndefined();
});
