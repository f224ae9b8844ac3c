import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { rawRequest } from '../../support/raw-request.ts';
import { PODS } from '../../support/standard-cluster.ts';
import { statusReply } from '../../support/stub-reply.ts';
import { testGateway } from '../../support/test-gateway.ts';
import { EventReader } from '../support/event-reader.ts';
import { FakeAnswer, payloadOf } from '../support/fake-answer.ts';
import { yogaAlone } from '../support/listening.ts';

interface Sent {
  readonly method?: string;
  /** Absent for a GET. */
  readonly body?: string;
  readonly search?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a client that takes nothing but events sees of an answer. */
async function send(url: string, { body, method, search = '', headers = {} }: Sent) {
  const response = await fetch(url + search, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { accept: 'text/event-stream', 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const events = new EventReader().read(Buffer.from(await response.arrayBuffer()));
  return {
    status: response.status,
    type: response.headers.get('content-type')?.split(';')[0],
    allow: response.headers.get('allow'),
    events: events.map(({ type, data }) => ({ type, data })),
  };
}

const json = (params: unknown): Sent => ({ body: JSON.stringify(params) });
const url = (params: Readonly<Record<string, string>>): Sent => ({
  search: `?${new URLSearchParams(params).toString()}`,
});

const QUERY = '{ pods { items { metadata { name } } } }';
const MUTATION = 'mutation { deletePod(namespace: "a", name: "none") { pending } }';
const SUBSCRIPTION = 'subscription { pods { type } }';
const HASH = createHash('sha256').update(QUERY).digest('hex');
const BY_HASH = { persistedQuery: { version: 1, sha256Hash: HASH } };
const LONG = ' '.repeat(3 * 1024 * 1024);

describe('one answer is one event, as Yoga has it', () => {
  it.each<[string, number, Sent]>([
    ['a query', 200, json({ query: QUERY })],
    ['a query by GET', 200, url({ query: QUERY })],
    ['a query with a parameter to get past caches', 200, url({ query: QUERY, _: '123' })],
    ['a mutation', 200, json({ query: MUTATION })],
    ['a mutation by GET', 405, url({ query: MUTATION })],
    ['a hash and its query', 200, json({ query: QUERY, extensions: BY_HASH })],
    ['introspection', 200, json({ query: '{ __schema { queryType { name } } }' })],
    ['an unknown hash', 200, json({ extensions: BY_HASH })],
    ['an unknown id', 200, json({ documentId: 'x' })],
    ['a document that does not parse', 200, json({ query: '{ pods {' })],
    ['a document that does not fit', 200, url({ query: '{ gizmos { kind } }' })],
    ['a subscription that does not fit', 200, json({ query: 'subscription { gizmos { type } }' })],
    [
      'variables that are missing',
      200,
      json({ query: 'query ($n: String!) { pod(namespace: "a", name: $n) { kind } }' }),
    ],
    ['variables that are no JSON', 200, url({ query: QUERY, variables: '{' })],
    ['no JSON', 400, { body: '{' }],
    ['a list', 400, json([{ query: QUERY }])],
    ['no query', 400, json({})],
    ['no query by GET', 400, url({ variables: '{}' })],
    ['a query that is no text', 400, json({ query: 1 })],
    ['a body that is too long', 413, json({ query: LONG })],
    ['another method', 405, { method: 'PUT', body: '{}' }],
  ])('%s: %i', async (_, status, sent) => {
    const made = await testGateway();
    made.stub.collection(PODS).put({ metadata: { name: 'p', namespace: 'a' } });
    const seen = await send(made.url, sent);
    expect(seen).toMatchObject({
      status,
      type: 'text/event-stream',
      events: [{ type: 'next' }, { type: 'complete', data: '' }],
    });
    expect(seen).toEqual(await send(await yogaAlone(made), sent));
  });

  it('a body whose length nobody has said', async () => {
    const { url: endpoint } = await testGateway();
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from(JSON.stringify({ query: '{ version { major } }' })));
        controller.close();
      },
    });
    const headers = { accept: 'text/event-stream', 'content-type': 'application/json' };
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, duplex: 'half', headers };
    const response = await fetch(endpoint, init);
    expect(await response.text()).toMatch(/^data: \{"data":\{"version":/m);
  });

  it('a body without a length that is too long', async () => {
    const { url: endpoint } = await testGateway();
    const body = new Blob(['{"query":"', LONG, '"}']).stream();
    const headers = { accept: 'text/event-stream', 'content-type': 'application/json' };
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, duplex: 'half', headers };
    const response = await fetch(endpoint, init);
    expect([response.status, await response.text()]).toMatchObject([
      413,
      expect.stringContaining('REQUEST_TOO_LARGE'),
    ]);
  });

  it('is JSON for a client that takes both', async () => {
    const { post } = await testGateway();
    const response = await post('{ version { major } }', { accept: 'text/event-stream, application/json' });
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await response.json()).toMatchObject({ data: { version: {} } });
  });
});

describe('a failure that may pass', () => {
  it.each<[string, number, Sent]>([
    ['has its status for a POST', 503, json({ query: QUERY })],
    ['is 200 for a GET: an EventSource comes back after nothing else', 200, url({ query: SUBSCRIPTION })],
  ])('%s', async (_, status, sent) => {
    const made = await testGateway();
    made.stub.on('GET', '/apis', statusReply(503, 'ServiceUnavailable', 'etcd is away'));
    const seen = await send(made.url, sent);
    expect(seen).toMatchObject({ status, events: [{ type: 'next' }, { type: 'complete' }] });
    expect(seen.events[0]?.data).toContain('"code":"UNAVAILABLE"');
  });

  it('is not one that nobody may ask', async () => {
    const { url: endpoint, stub } = await testGateway('passthrough');
    const seen = await send(endpoint, url({ query: SUBSCRIPTION }));
    expect(seen).toMatchObject({ status: 401, events: [{ type: 'next' }, { type: 'complete' }] });
    expect(stub.requests).toEqual([]);
  });
});

describe('a subscription', () => {
  /** A gateway whose subscriptions have one payload, and what the engine was asked for. */
  async function subscribed() {
    const made = await testGateway();
    const execute = vi.spyOn(made.gateway.engine, 'execute').mockImplementation(() => {
      const answer = new FakeAnswer();
      answer.push(payloadOf('{"data":1}', { cursor: 'c1' }));
      answer.end();
      return Promise.resolve(answer);
    });
    return { ...made, execute };
  }
  const EVENTS = [
    { type: 'next', data: '{"data":1}' },
    { type: 'complete', data: '' },
  ];

  it.each<[string, Sent]>([
    ['a GET', url({ query: SUBSCRIPTION })],
    ['a POST', json({ query: SUBSCRIPTION })],
    [
      'a POST with parameters in its URL',
      { ...json({ query: SUBSCRIPTION }), search: '?operationName=other' },
    ],
    [
      'a client that takes JSON as well',
      {
        ...json({ query: SUBSCRIPTION }),
        headers: { accept: 'multipart/mixed, application/json, Text/Event-Stream; q=0.5' },
      },
    ],
  ])('is answered to %s', async (_, sent) => {
    const { url: endpoint } = await subscribed();
    expect(await send(endpoint, sent)).toMatchObject({ status: 200, events: EVENTS });
  });

  it.each([
    ['c1', 'c1'],
    ['', undefined],
  ])('goes on behind Last-Event-ID %j', async (id, resumeFrom) => {
    const { url: endpoint, execute } = await subscribed();
    await send(endpoint, { ...url({ query: SUBSCRIPTION }), headers: { 'last-event-id': id } });
    expect(execute.mock.calls.map(([request]) => request.resumeFrom)).toEqual([resumeFrom]);
  });

  it.each([
    ['the Origin', { origin: 'https://example.com' }],
    ['the browser', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }],
    ['the browser, of a neighbour', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }],
  ])('is refused to a page of another site, by %s', async (_, headers) => {
    const { port, execute } = await subscribed();
    const { status } = await rawRequest(`http://127.0.0.1:${port}/graphql?query=subscription{pods{type}}`, {
      headers: { accept: 'text/event-stream', ...headers },
    });
    expect([status, execute.mock.calls]).toEqual([403, []]);
  });

  it.each([undefined, '*/*', 'application/json', 'text/*', 'multipart/mixed'])(
    'is not what %s asks for',
    async (accept) => {
      const { url: endpoint, stub } = await testGateway();
      const { status, body } = await rawRequest(`${endpoint}?query=${encodeURIComponent(SUBSCRIPTION)}`, {
        headers: accept === undefined ? {} : { accept },
      });
      expect([status, body.toString(), stub.calls]).toEqual([
        406,
        expect.stringMatching(/"code":"BAD_USER_INPUT"/),
        [],
      ]);
    },
  );
});
