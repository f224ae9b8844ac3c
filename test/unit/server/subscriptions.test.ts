import { expect, it } from 'vitest';
import { testGateway, type TestGateway } from '../support/test-gateway.ts';

const EVENTS = 'subscription { widgets { type object { spec { serial } } } }';
const WIDGET =
  '{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"a","namespace":"b","resourceVersion":"1"},"spec":{"serial":9223372036854775807}}';

/** The events of a server-sent stream, as `event: data`. */
async function* streamed(response: Response): AsyncGenerator<string, void> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const [event, data] = ['event', 'data'].map(
        (field) => new RegExp(`^${field}: ?(.*)$`, 'm').exec(text.slice(0, end))?.[1],
      );
      text = text.slice(end + 2);
      if (event !== undefined) yield `${event}: ${data ?? ''}`;
    }
  }
}

function open({ url }: TestGateway, signal?: AbortSignal): Promise<Response> {
  const query = new URLSearchParams({ query: EVENTS });
  return fetch(`${url}?${query}`, {
    headers: { accept: 'text/event-stream' },
    ...(signal === undefined ? {} : { signal }),
  });
}

it('streams a subscription as server-sent events, digit for digit', async () => {
  const gateway = await testGateway();
  const client = new AbortController();
  const response = await open(gateway, client.signal);
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const watch = await gateway.stub.watches.next();
  watch.send('ADDED', WIDGET);
  watch.synced('5');
  const events = streamed(response);
  expect((await events.next()).value).toBe(
    'next: {"data":{"widgets":{"type":"ADDED","object":{"spec":{"serial":9223372036854775807}}}}}',
  );
  expect((await events.next()).value).toBe('next: {"data":{"widgets":{"type":"SYNCED","object":null}}}');
  client.abort();
  await events.next().catch(() => undefined);
});

it('ends with SERVER_SHUTDOWN and a cursor, and then the listener is gone', async () => {
  const gateway = await testGateway();
  const response = await open(gateway);
  const watch = await gateway.stub.watches.next();
  watch.synced('5');
  const events = streamed(response);
  await events.next();
  const closed = gateway.listener.close();
  const last = String((await events.next()).value);
  expect(last).toMatch(/^next: \{"errors":\[.*"code":"SERVER_SHUTDOWN"/);
  expect(last).toContain('"cursor":"');
  expect((await events.next()).value).toMatch(/^complete: /);
  await watch.request.closed;
  await closed;
  await expect(fetch(gateway.url)).rejects.toThrow();
});

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

it('refuses them where the way in cannot stream', async () => {
  const gateway = await testGateway('kubeconfig', { subscriptions: false });
  const response = await gateway.post(EVENTS);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  expect(gateway.stub.calls).toEqual([]);
});
