import { expect, it } from 'vitest';
import { watchedSubscriptions } from '../../../src/server/watched-subscriptions.ts';
import { testGateway, type TestGateway } from '../support/test-gateway.ts';
import { EventReader } from './support/event-reader.ts';
import { eventsOf } from './support/stream-server.ts';

const EVENTS = 'subscription { widgets { type object { spec { serial } } } }';
const WIDGET =
  '{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"a","namespace":"b","resourceVersion":"1"},"spec":{"serial":9223372036854775807}}';

/** A subscription over server-sent events. */
async function open({ url }: TestGateway, lastEventId?: string) {
  const headers = {
    accept: 'text/event-stream',
    ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
  };
  const client = new AbortController();
  const { signal } = client;
  const response = await fetch(`${url}?${new URLSearchParams({ query: EVENTS })}`, { headers, signal });
  const reader = new EventReader();
  const events = eventsOf(response.body as unknown as AsyncIterable<Uint8Array>, reader);
  return {
    reader,
    leave: () => client.abort(),
    /** The next event; undefined at the end. */
    next: async () => (await events.next()).value ?? undefined,
  };
}

it('streams a subscription as server-sent events, digit for digit', async () => {
  const gateway = await testGateway();
  const { next } = await open(gateway);
  const watch = await gateway.stub.watches.next();
  watch.send('ADDED', WIDGET);
  watch.synced('5');
  expect(await next()).toMatchObject({
    type: 'next',
    data: '{"data":{"widgets":{"type":"ADDED","object":{"spec":{"serial":9223372036854775807}}}}}',
  });
  expect(await next()).toMatchObject({
    type: 'next',
    data: '{"data":{"widgets":{"type":"SYNCED","object":null}}}',
  });
});

it('goes on where the client left off', async () => {
  const gateway = await testGateway();
  const first = await open(gateway);
  const watch = await gateway.stub.watches.next();
  watch.send('ADDED', WIDGET);
  watch.synced('5');
  await first.next();
  const { id = '' } = (await first.next()) ?? {};
  first.leave();
  const second = await open(gateway, id);
  expect((await second.next())?.data).toContain('"SYNCED"');
  watch.send('MODIFIED', WIDGET.replace('"resourceVersion":"1"', '"resourceVersion":"6"'));
  expect((await second.next())?.data).toContain('"MODIFIED"');
});

it('says so when it cannot go on from there', async () => {
  const { next } = await open(await testGateway(), 'nowhere');
  expect((await next())?.data).toContain('"code":"INVALID_CURSOR"');
  expect((await next())?.type).toBe('complete');
  expect(await next()).toBeUndefined();
});

it('ends with SERVER_SHUTDOWN, a cursor and a time to come back, and then the listener is gone', async () => {
  const gateway = await testGateway();
  const { next, reader } = await open(gateway);
  const watch = await gateway.stub.watches.next();
  watch.synced('5');
  const { id } = (await next()) ?? {};
  const closed = gateway.listener.close();
  const { data = '' } = (await next()) ?? {};
  const { errors } = JSON.parse(data) as Ended;
  expect(errors).toMatchObject([{ extensions: { code: 'SERVER_SHUTDOWN', cursor: id } }]);
  expect(await next()).toEqual({ type: 'complete', data: '', id });
  expect(reader.retry).toBe(errors[0]?.extensions.retryAfterMs);
  await watch.request.closed;
  await closed;
  await expect(fetch(gateway.url)).rejects.toThrow();
});

it('ends when it is as old as subscriptions may be, with a cursor and a time to come back', async () => {
  const gateway = await testGateway('kubeconfig', {
    subscriptions: watchedSubscriptions({ maxLifetimeMs: 1 }),
  });
  const { next, reader } = await open(gateway);
  let data = '';
  for (let event = await next(); event?.type === 'next'; event = await next()) ({ data } = event);
  const { errors } = JSON.parse(data) as Ended;
  expect(errors).toMatchObject([
    { extensions: { code: 'LIFETIME_EXCEEDED', cursor: expect.any(String) as string } },
  ]);
  expect(reader.retry).toBe(errors[0]?.extensions.retryAfterMs);
});

it('is refused, with a time to come back that an EventSource takes, where there are too many', async () => {
  const gateway = await testGateway('kubeconfig', {
    subscriptions: watchedSubscriptions({ maxSubscriptions: 1, random: () => 0.5 }),
  });
  await open(gateway);
  await gateway.stub.watches.next();
  const { next, reader } = await open(gateway);
  expect(JSON.parse((await next())?.data ?? '')).toMatchObject({
    errors: [
      {
        message: 'at most 1 subscriptions at a time',
        path: ['widgets'],
        extensions: { code: 'TOO_MANY_REQUESTS', retryAfterMs: 5000 },
      },
    ],
  });
  expect(await next()).toMatchObject({ type: 'complete' });
  expect(reader.retry).toBe(5000);
});

/** What a subscription says last. */
interface Ended {
  readonly errors: readonly { readonly extensions: { readonly retryAfterMs: number } }[];
}

it.each([
  ['application/json', 'application/json; charset=utf-8'],
  ['application/graphql-response+json', 'application/graphql-response+json; charset=utf-8'],
  ['text/html', 'application/json; charset=utf-8'],
])('says what to ask for to a client that takes one answer: %s', async (accept, contentType) => {
  const gateway = await testGateway();
  const response = await gateway.post(EVENTS, { accept });
  expect([response.status, response.headers.get('content-type')]).toEqual([406, contentType]);
  expect(await response.json()).toEqual({
    errors: [
      {
        message: expect.stringMatching(/text\/event-stream.*WebSocket/) as string,
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ],
  });
  expect(gateway.stub.calls).toEqual([]);
});

it('refuses them, though it shows their fields, where nothing answers them', async () => {
  const gateway = await testGateway('kubeconfig', { subscriptions: undefined });
  const response = await gateway.post(EVENTS, { accept: 'text/event-stream' });
  expect(await response.text()).toMatch(/"a subscription answers more than once.*"BAD_USER_INPUT"/);
  const fields = await gateway.post('{ __type(name: "Subscription") { fields { name } } }');
  expect(await fields.text()).toContain('"pods"');
  expect(gateway.stub.calls).toEqual([]);
});
