import { createClient } from 'graphql-ws';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { PODS } from '../support/standard-cluster.ts';
import type { StubRequest } from '../support/stub-api-server.ts';
import { testGateway } from '../support/test-gateway.ts';
import { acknowledged, connect } from './support/ws-client.ts';

const WIDGETS = 'subscription { widgets { type object { spec { serial } } } }';
const WIDGET =
  '{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"a","namespace":"b","resourceVersion":"1"},"spec":{"serial":9223372036854775807}}';

const GOODBYE = expect.objectContaining({
  extensions: { code: 'SERVER_SHUTDOWN', cursor: expect.any(String), retryAfterMs: expect.any(Number) },
});

it('keeps every digit of a subscription', async () => {
  const gateway = await testGateway();
  const client = await acknowledged(gateway);
  client.send({ id: '1', type: 'subscribe', payload: { query: WIDGETS } });
  const watch = await gateway.stub.watches.next();
  watch.send('ADDED', WIDGET);
  watch.synced('5');
  expect(await client.next()).toBe(
    '{"id":"1","type":"next","payload":{"data":{"widgets":{"type":"ADDED","object":{"spec":{"serial":9223372036854775807}}}}}}',
  );
  expect(await client.next()).toBe(
    '{"id":"1","type":"next","payload":{"data":{"widgets":{"type":"SYNCED","object":null}}}}',
  );
});

it('answers queries and mutations as well, each with one answer', async () => {
  const gateway = await testGateway();
  gateway.stub.collection(PODS).put({ metadata: { name: 'p', namespace: 'a' } });
  const client = await acknowledged(gateway);
  client.send({ id: 'q', type: 'subscribe', payload: { query: '{ pods { items { metadata { name } } } }' } });
  expect(await client.next()).toBe(
    '{"id":"q","type":"next","payload":{"data":{"pods":{"items":[{"metadata":{"name":"p"}}]}}}}',
  );
  expect(await client.next()).toBe('{"id":"q","type":"complete"}');
  client.send({
    id: 'm',
    type: 'subscribe',
    payload: { query: 'mutation { deletePod(namespace: "a", name: "p") { pending } }' },
  });
  expect(await client.next()).toBe(
    '{"id":"m","type":"next","payload":{"data":{"deletePod":{"pending":false}}}}',
  );
  expect(await client.next()).toBe('{"id":"m","type":"complete"}');
});

it('says what is wrong with a document', async () => {
  const client = await acknowledged(await testGateway());
  client.send({ id: '1', type: 'subscribe', payload: { query: 'subscription { gizmos { type } }' } });
  expect(await client.next()).toContain('GRAPHQL_VALIDATION_FAILED');
});

it('needs no text of a document that has a name', async () => {
  const client = await acknowledged(await testGateway());
  client.send({ id: '1', type: 'subscribe', payload: { documentId: 'x' } });
  expect(await client.next()).toContain('PERSISTED_QUERY_NOT_FOUND');
});

it('is not confused by an answer that looks like one of its own messages', async () => {
  const gateway = await testGateway();
  const name = '{"id":"1","type":"complete"}';
  gateway.stub.on('GET', '/api/v1/nodes', {
    body: { kind: 'NodeList', apiVersion: 'v1', metadata: {}, items: [{ metadata: { name } }] },
  });
  const client = await acknowledged(gateway);
  client.send({
    id: '$&"',
    type: 'subscribe',
    payload: { query: '{ nodes { items { metadata { name } } } }' },
  });
  expect(JSON.parse(await client.next())).toEqual({
    id: '$&"',
    type: 'next',
    payload: { data: { nodes: { items: [{ metadata: { name } }] } } },
  });
});

it('ends an operation when the client completes it, and the others go on', async () => {
  const gateway = await testGateway();
  const client = await acknowledged(gateway);
  client.send({ id: '1', type: 'subscribe', payload: { query: 'subscription { pods { type } }' } });
  const pods = await gateway.stub.watches.next();
  client.send({ id: '2', type: 'subscribe', payload: { query: WIDGETS } });
  const widgets = await gateway.stub.watches.next();
  client.send({ id: '1', type: 'complete' });
  // Who comes after on the same connection and watch gets what the first one would have got before it.
  client.send({ id: '3', type: 'subscribe', payload: { query: 'subscription { pods { type } }' } });
  client.send({ id: '4', type: 'subscribe', payload: { query: '{ version { major } }' } });
  expect(await client.next()).toContain('"id":"4","type":"next"');
  expect(await client.next()).toBe('{"id":"4","type":"complete"}');
  pods.synced('6');
  expect(await client.next()).toBe('{"id":"3","type":"next","payload":{"data":{"pods":{"type":"SYNCED"}}}}');
  widgets.synced('5');
  expect(await client.next()).toContain('"id":"2","type":"next"');
});

it('ends a query that is under way when it is completed', async () => {
  const gateway = await testGateway();
  const client = await acknowledged(gateway);
  let arrived: (request: StubRequest) => void = () => undefined;
  const asked = new Promise<StubRequest>((resolve) => (arrived = resolve));
  gateway.stub.on('GET', '/api/v1/nodes', (request) => {
    arrived(request);
    return new Promise(() => undefined);
  });
  client.send({ id: '1', type: 'subscribe', payload: { query: '{ nodes { items { kind } } }' } });
  const request = await asked;
  client.send({ id: '1', type: 'complete' });
  await request.closed;
  client.send({ id: '2', type: 'subscribe', payload: { query: '{ version { major } }' } });
  expect(await client.next()).toContain('"id":"2","type":"next"');
  expect(gateway.log).toEqual([]);
});

it.each([
  ['no token', undefined],
  ['a token that is none', { authorization: 'Basic x' }],
  ['a token that is no text', { authorization: { a: 1 } }],
])('closes with 4401 in passthrough mode for %s, and asks nobody', async (_, payload) => {
  const gateway = await testGateway('passthrough');
  const client = await connect(gateway);
  client.send({ type: 'connection_init', ...(payload === undefined ? {} : { payload }) });
  expect(await client.closed).toBe(4401);
  expect(gateway.stub.requests).toEqual([]);
});

it.each(['authorization', 'Authorization'])(
  'takes the token from the connection parameter %s',
  async (name) => {
    const gateway = await testGateway('passthrough');
    const client = await acknowledged(gateway, { [name]: 'Bearer alice' });
    client.send({ id: '1', type: 'subscribe', payload: { query: '{ version { major } }' } });
    await client.next();
    expect(new Set(gateway.stub.requests.map(({ headers }) => headers['authorization']))).toEqual(
      new Set(['Bearer alice']),
    );
  },
);

it('takes the token from the header where a client can set one', async () => {
  const gateway = await testGateway('passthrough');
  const client = await connect(gateway, { authorization: 'Bearer bob' });
  client.send({ type: 'connection_init' });
  expect(JSON.parse(await client.next())).toMatchObject({ type: 'connection_ack' });
});

it('closes with 4401 when an operation comes before the acknowledgement', async () => {
  const client = await connect(await testGateway());
  client.send({ id: '1', type: 'subscribe', payload: { query: '{ version { major } }' } });
  expect(await client.closed).toBe(4401);
});

it('tells each subscriber where to resume when it shuts down, and says goodbye before any is complete', async () => {
  const gateway = await testGateway();
  const client = await acknowledged(gateway);
  const ids = ['1', '2', '3'];
  for (const id of ids) client.send({ id, type: 'subscribe', payload: { query: WIDGETS } });
  (await gateway.stub.watches.next()).synced('5');
  for (const _ of ids) await client.next();
  const closing = gateway.listener.close();
  const last = [];
  for (const _ of ids) last.push(await client.next());
  expect(last.map((text) => JSON.parse(text) as unknown)).toEqual(
    ids.map((id) => ({ id, type: 'next', payload: { errors: [GOODBYE] } })),
  );
  await expect(client.next()).rejects.toThrow('the connection is closed');
  expect(await client.closed).toBe(1001);
  await closing;
});

it('has a standard client come back by itself after a shutdown', async () => {
  const gateway = await testGateway();
  const told: string[] = [];
  const comesBack = new Promise<void>((resolve) => {
    const client = createClient({
      url: gateway.url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      retryWait: () => {
        resolve();
        return new Promise(() => {});
      },
    });
    onTestFinished(() => void client.dispose());
    client.subscribe(
      { query: WIDGETS },
      {
        next: ({ errors = [] }) => told.push(...errors.map(({ extensions }) => String(extensions?.['code']))),
        error: (error) => told.push(`error ${String(error)}`),
        complete: () => told.push('complete'),
      },
    );
  });
  (await gateway.stub.watches.next()).synced('5');
  await gateway.listener.close();
  await comesBack;
  expect(told).toEqual(['SERVER_SHUTDOWN']);
});
