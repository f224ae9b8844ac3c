import { once } from 'node:events';
import type { Socket } from 'node:net';
import { EventSource } from 'undici';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { CHUNKED } from '../../../../src/server/sse/frames.ts';
import { EventReader } from '../support/event-reader.ts';
import { FakeAnswer, payloadOf } from '../support/fake-answer.ts';
import {
  eventsOf,
  getRequest,
  postRequest,
  rawConnection,
  streamServer,
  textUntilEnd,
} from '../support/stream-server.ts';

const GET = getRequest();
const SLOW = 'GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n';
const LARGE = payloadOf(JSON.stringify('x'.repeat(10_000)));

/** The events that `fetch` reads. */
async function fetched(url: string) {
  const response = await fetch(url, { headers: { accept: 'text/event-stream' } });
  const reader = new EventReader();
  const events = eventsOf(response.body as unknown as AsyncIterable<Uint8Array>, reader);
  const next = async () => (await events.next()).value ?? undefined;
  return { response, reader, next };
}

/** Resolves once nothing can be written to a socket before its reader goes on. */
async function filled(socket: Socket): Promise<void> {
  while (!socket.writableNeedDrain) await new Promise((resolve) => setImmediate(resolve));
}

/** A subscription that has a large payload whenever it is asked, and what of the socket's buffer was taken then. */
function endless(answer: FakeAnswer, socket: Socket) {
  const seen = { taken: 0, mostBuffered: 0 };
  answer.take = () => {
    seen.taken++;
    seen.mostBuffered = Math.max(seen.mostBuffered, socket.writableLength);
    return answer.isClosed ? undefined : LARGE;
  };
  return seen;
}

describe('an event stream', () => {
  it('tells proxies to hand on what comes, and ends with its connection', async () => {
    const { url, next } = await streamServer();
    const client = await fetched(url);
    expect(client.response.status).toBe(200);
    expect(Object.fromEntries(client.response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      connection: 'close',
      'transfer-encoding': 'chunked',
    });
    const { answer, socket } = await next();
    answer.push(payloadOf('{"data":1}', { cursor: 'c1' }), payloadOf('{"data":2}'));
    expect(await client.next()).toEqual({ type: 'next', data: '{"data":1}', id: 'c1' });
    expect(await client.next()).toEqual({ type: 'next', data: '{"data":2}', id: 'c1' });
    const closed = once(socket, 'close');
    answer.push(payloadOf('{"errors":[]}'));
    answer.end(4321);
    expect(await client.next()).toEqual({ type: 'next', data: '{"errors":[]}', id: 'c1' });
    expect(await client.next()).toEqual({ type: 'complete', data: '', id: 'c1' });
    expect(await client.next()).toBeUndefined();
    expect(client.reader.retry).toBe(4321);
    await closed;
    await answer.closed;
  });

  it('is plain text for HTTP/1.0, which has no chunks', async () => {
    const { port, next } = await streamServer();
    const client = await rawConnection(port, getRequest('1.0'));
    const text = textUntilEnd(client);
    const { answer } = await next();
    answer.push(payloadOf('{"data":1}', { cursor: 'c1' }));
    answer.end();
    const [head = '', ...body] = (await text).split('\r\n\r\n');
    expect(head).not.toMatch(/transfer-encoding/i);
    expect(body.join('')).toBe(
      'retry: 3000\n\nevent: next\nid: c1\ndata: {"data":1}\n\nevent: complete\ndata:\n\n',
    );
  });

  it('is one write for what is delivered at once', async () => {
    const { url, next } = await streamServer();
    const client = await fetched(url);
    const { answer, socket } = await next();
    answer.push(payloadOf('0'));
    await client.next();
    const written = vi.spyOn(socket, '_write');
    const writtenTogether = vi.spyOn(socket, '_writev');
    const payload = payloadOf('1');
    answer.push(payload);
    answer.push(payloadOf('2'), payloadOf('3'));
    expect([written.mock.calls.length, writtenTogether.mock.calls.length]).toEqual([1, 1]);
    expect(written.mock.calls[0]?.[0]).toBe(CHUNKED.next(payload));
    expect([await client.next(), await client.next(), await client.next()]).toMatchObject([
      { data: '1' },
      { data: '2' },
      { data: '3' },
    ]);
  });

  it("is what an EventSource reads, which comes back by itself behind the last event's cursor", async () => {
    const { url, next } = await streamServer();
    const source = new EventSource(url);
    onTestFinished(() => source.close());
    const first = once(source, 'next');
    const { answer } = await next();
    answer.push(payloadOf('{"data":1}', { cursor: 'c1' }));
    expect((await first)[0]).toMatchObject({ data: '{"data":1}', lastEventId: 'c1' });
    const completed = once(source, 'complete');
    answer.end(1);
    await completed;
    const { headers } = await next();
    expect(headers['last-event-id']).toBe('c1');
  });

  it('begins when the answers before it on its connection have been sent', async () => {
    const { port, next, slow } = await streamServer();
    const client = await rawConnection(port, SLOW + GET);
    const text = textUntilEnd(client);
    (await slow()).end('the first');
    const { answer } = await next();
    answer.push(payloadOf('{"data":1}'));
    answer.end();
    expect(await text).toMatch(/the first.*retry: 3000.*data: \{"data":1\}.*event: complete/s);
  });

  it('does not begin when its client leaves before that', async () => {
    const { port, slow, served } = await streamServer();
    const client = await rawConnection(port, SLOW + GET);
    const response = await slow();
    client.destroy();
    await once(response, 'close');
    expect(served).toEqual([]);
  });
});

describe('a client that reads slowly', () => {
  it('leaves what it does not read with the subscription, and gets all of it in the end', async () => {
    const { port, next } = await streamServer();
    const client = await rawConnection(port, GET);
    const { answer, socket } = await next();
    const given = Array.from({ length: 2_500 }, (_, i) => payloadOf(`"${i} ${'x'.repeat(10_000)}"`));
    answer.push(...given);
    await filled(socket);
    expect(answer.waiting).toBeGreaterThan(0);
    expect(socket.writableLength).toBeLessThan(2 * socket.writableHighWaterMark);
    answer.end();
    const numbers = [...(await textUntilEnd(client)).matchAll(/^data: "(\d+) /gm)].map(([, n]) => Number(n));
    expect(numbers).toEqual(given.map((_, i) => i));
  });

  it('has nothing taken for it while its buffer is full', async () => {
    const { port, next } = await streamServer();
    await rawConnection(port, GET);
    const { answer, socket } = await next();
    const seen = endless(answer, socket);
    answer.onReady();
    await filled(socket);
    const { taken } = seen;
    answer.onReady();
    expect(seen.taken).toBe(taken);
    expect(seen.mostBuffered).toBeLessThan(socket.writableHighWaterMark);
  });

  it('learns why it has been ended', async () => {
    const { port, next } = await streamServer();
    const client = await rawConnection(port, GET);
    const { answer, socket } = await next();
    const seen = endless(answer, socket);
    answer.onReady();
    await filled(socket);
    answer.take = FakeAnswer.prototype.take.bind(answer);
    answer.push(payloadOf('{"errors":["SLOW_CONSUMER"]}'));
    answer.end();
    const text = await textUntilEnd(client);
    expect(text).toMatch(/data: \{"errors":\["SLOW_CONSUMER"\]\}\s[\s\S]*event: complete\n/);
    expect(text.match(/^event: next$/gm)).toHaveLength(seen.taken + 1);
  });
});

describe.each([
  ['GET', getRequest()],
  ['POST', postRequest()],
])('a client that leaves after a %s', (_, text) => {
  it('ends an idle subscription', async () => {
    const { port, next, deliveries } = await streamServer();
    const client = await rawConnection(port, text);
    const { answer } = await next();
    await once(client, 'data');
    expect(deliveries.open.sse).toBe(1);
    client.destroy();
    await answer.closed;
    expect(deliveries.open.sse).toBe(0);
  });

  it('ends it when it says that it will send no more', async () => {
    const { port, next } = await streamServer();
    const client = await rawConnection(port, text);
    const { answer } = await next();
    client.end();
    await answer.closed;
  });

  it('ends one that it has not read', async () => {
    const { port, next } = await streamServer();
    const client = await rawConnection(port, text);
    const { answer, socket } = await next();
    const seen = endless(answer, socket);
    answer.onReady();
    await filled(socket);
    client.destroy();
    await answer.closed;
    const { taken } = seen;
    answer.onReady();
    expect(seen.taken).toBe(taken);
  });

  it('leaves nothing behind, whenever it does so', async () => {
    const { port, next, deliveries } = await streamServer();
    for (let i = 0; i < 200; i++) {
      const client = await rawConnection(port, text);
      if (i % 4 === 0) client.destroy();
      const { answer, socket } = await next();
      if (i % 4 === 1) client.destroy();
      const seen = endless(answer, socket);
      answer.onReady();
      if (i % 4 === 2) await filled(socket);
      client.destroy();
      await answer.closed;
      const { taken } = seen;
      answer.onReady();
      expect(seen.taken).toBe(taken);
    }
    expect(deliveries.open.sse).toBe(0);
  });
});

describe('a silent stream', () => {
  async function kept() {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const { url, next } = await streamServer();
    const client = await fetched(url);
    const { answer, socket } = await next();
    answer.push(payloadOf('0'));
    await client.next();
    return { ...client, answer, socket };
  }

  it('gets a comment every 15 s', async () => {
    const { reader, answer, next } = await kept();
    vi.advanceTimersByTime(15_000);
    vi.advanceTimersByTime(45_000);
    answer.push(payloadOf('1'));
    expect([await next(), reader.comments]).toEqual([{ type: 'next', data: '1', id: '' }, 3]);
  });

  it('gets none while there are events', async () => {
    const { reader, answer, next } = await kept();
    for (let i = 1; i <= 4; i++) {
      answer.push(payloadOf(String(i)));
      vi.advanceTimersByTime(15_000);
      expect(await next()).toMatchObject({ data: String(i) });
    }
    expect(reader.comments).toBe(0);
  });

  it('is told where to resume by then, once, when that is elsewhere than behind its last event', async () => {
    const { answer, next, socket } = await kept();
    const written = vi.spyOn(socket, '_write');
    const silence = () => {
      written.mockClear();
      vi.advanceTimersByTime(15_000);
      return written.mock.calls.map(([frame]) => frame as Buffer);
    };
    answer.push(payloadOf('1', { cursor: 'c1' }));
    answer.cursor = 'c1';
    await next();
    silence();
    expect(silence()).toEqual([CHUNKED.silence]);
    answer.cursor = 'c2';
    expect(silence()).toEqual([CHUNKED.position('c2', true)]);
    expect(silence()).toEqual([CHUNKED.silence]);
    answer.push(payloadOf('2'));
    expect(await next()).toEqual({ type: 'position', data: '', id: 'c2' });
    expect(await next()).toEqual({ type: 'next', data: '2', id: 'c2' });
    answer.cursor = undefined;
    silence();
    expect(silence()).toEqual([CHUNKED.silence]);
    answer.cursor = 'c2';
    expect(silence()).toEqual([CHUNKED.silence]);
  });

  it('is resumed from there by an EventSource, which takes no notice of it otherwise', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const { url, next } = await streamServer();
    const source = new EventSource(url);
    onTestFinished(() => source.close());
    const seen: string[] = [];
    for (const type of ['message', 'next', 'complete'])
      source.addEventListener(type, (event) =>
        seen.push(`${type} ${'data' in event ? String(event.data) : ''}`),
      );
    const first = once(source, 'next');
    const { answer } = await next();
    answer.push(payloadOf('1', { cursor: 'c1' }));
    await first;
    answer.cursor = 'c2';
    vi.advanceTimersByTime(15_000);
    vi.advanceTimersByTime(15_000);
    answer.end(1);
    expect((await next()).headers['last-event-id']).toBe('c2');
    expect(seen).toEqual(['next 1', 'complete ']);
  });

  it('gets none while its client does not read', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const { port, next } = await streamServer();
    await rawConnection(port, GET);
    const { answer, socket } = await next();
    endless(answer, socket);
    answer.onReady();
    await filled(socket);
    const { writableLength } = socket;
    vi.advanceTimersByTime(60_000);
    expect(socket.writableLength).toBe(writableLength);
  });
});

it('the time from an event to its frame is measured, where somebody has waited for an event', async () => {
  const { url, next, deliveries } = await streamServer();
  const client = await fetched(url);
  const { answer } = await next();
  const receivedAt = performance.now();
  // One that happened long before the reader came, and one that is no event.
  answer.push(payloadOf('0', { receivedAt: receivedAt - 60_000 }), payloadOf('{"errors":[]}'));
  answer.push(payloadOf('1', { receivedAt }));
  for (let i = 0; i < 3; i++) await client.next();
  const { count, sum } = deliveries.latency.sse;
  expect(count).toBe(1);
  expect(sum).toBeGreaterThan(0);
  expect(sum).toBeLessThan(60);
});
