import { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { http2Only } from '../../../src/cluster/transport/connector.ts';
import { CONNECTIONS } from '../../../src/cluster/timeouts.ts';
import { targetFor } from './support/kubeconfig.ts';
import { type Handler, testServer } from './support/server.ts';
import { aRequest, fetchText, testUpstream } from './support/upstream.ts';

const watchForever: Handler = ({ url }, answer) => {
  if (url.startsWith('/watch')) answer.write('event\n');
  else answer.end('{}');
};

describe('streams', () => {
  test('share one HTTP/2 connection, fifty of them, and hold up nobody', async () => {
    const server = await testServer({ handler: watchForever });
    const upstream = testUpstream({ target: targetFor(server.origin) });
    const streams = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        upstream.send(aRequest({ mode: 'stream', path: `/watch/${index}` })),
      ),
    );
    expect((await fetchText(upstream, { mode: 'stream' })).status).toBe(200);
    expect(server.connections).toBe(1);
    expect(new Set(server.requests.map(({ httpVersion }) => httpVersion))).toEqual(new Set(['2.0']));
    for (const { body } of streams) body.destroy();
    await Promise.all(server.requests.slice(0, 50).map(({ closed }) => closed));
    expect((await fetchText(upstream, { mode: 'stream' })).status).toBe(200);
    expect(server.connections).toBe(1);
  });

  test('beyond the limit of one connection get a second one', async () => {
    const server = await testServer({ handler: watchForever });
    const upstream = testUpstream({ target: targetFor(server.origin) });
    const count = CONNECTIONS.maxStreams + 20;
    await Promise.all(
      Array.from({ length: count }, () => upstream.send(aRequest({ mode: 'stream', path: '/watch' }))),
    );
    expect(server.requests).toHaveLength(count);
    expect(server.connections).toBe(2);
  });

  test.each(['https', 'http'] as const)(
    'to a server of %s without HTTP/2 have a connection each',
    async (kind) => {
      const server = await testServer({ kind, handler: watchForever });
      const upstream = testUpstream({ target: targetFor(server.origin) });
      // Pipelined behind each other, all but the first would wait for ever.
      await Promise.all(
        Array.from({ length: 20 }, () => upstream.send(aRequest({ mode: 'stream', path: '/watch' }))),
      );
      expect(server.requests).toHaveLength(20);
      expect((await fetchText(upstream)).status).toBe(200);
    },
  );

  test('do not ask for HTTP/2 again once the server has turned out not to speak it', async () => {
    const server = await testServer({ kind: 'https' });
    const upstream = testUpstream({ target: targetFor(server.origin) });
    await fetchText(upstream, { mode: 'stream' });
    const connections = server.connections;
    await fetchText(upstream, { mode: 'stream' });
    expect(server.connections).toBe(connections);
  });
});

test('unary calls use HTTP/1.1 and keep their connection', async () => {
  const server = await testServer();
  const upstream = testUpstream({ target: targetFor(server.origin) });
  for (let call = 0; call < 5; call += 1) await fetchText(upstream);
  expect(server.connections).toBe(1);
  expect(server.requests[0]?.httpVersion).toBe('1.1');
});

test('streams do not take the connections of unary calls', async () => {
  const server = await testServer({ handler: watchForever });
  const upstream = testUpstream({ target: targetFor(server.origin) });
  await Promise.all(
    Array.from({ length: 30 }, () => upstream.send(aRequest({ mode: 'stream', path: '/watch' }))),
  );
  await fetchText(upstream);
  expect(server.connections).toBe(2);
});

test('closing ends streams', async () => {
  const server = await testServer({ handler: watchForever });
  const upstream = testUpstream({ target: targetFor(server.origin) });
  const { body } = await upstream.send(aRequest({ mode: 'stream', path: '/watch' }));
  const read = async (): Promise<void> => {
    for await (const chunk of body) expect(chunk.toString()).toBe('event\n');
  };
  const end = expect(read()).rejects.toMatchObject({ code: 'UPSTREAM_ERROR' });
  await upstream.close();
  await end;
  await expect(upstream.send(aRequest())).rejects.toMatchObject({ code: 'UNREACHABLE' });
});

describe('an HTTP/2 connection', () => {
  /** A socket that has negotiated HTTP/2, and whose bytes the test counts. */
  function http2Socket(): TLSSocket & { bytesRead: number } {
    const socket = Object.assign(new TLSSocket(new Socket()), { alpnProtocol: 'h2' });
    let bytesRead = 0;
    Object.defineProperty(socket, 'bytesRead', {
      get: () => bytesRead,
      set: (bytes: number) => {
        bytesRead = bytes;
      },
    });
    http2Only((_, callback) => callback(null, socket))(
      { hostname: 'api', protocol: 'https:', port: '443' },
      () => undefined,
    );
    return socket;
  }

  function useFakeTime(): void {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
  }

  /** Has `bytes` wait in the socket's handle. */
  function leaveUnsent(socket: TLSSocket, bytes: () => number): void {
    const { _handle: handle } = socket as unknown as { _handle: object };
    Object.defineProperty(handle, 'writeQueueSize', { get: bytes });
  }

  /** Second by second, each with a turn of the event loop. */
  async function passSeconds(count: number): Promise<void> {
    for (let second = 0; second < count; second += 1) {
      vi.advanceTimersByTime(1_000);
      await nextTurn();
    }
  }

  test('that is silent although it is pinged is ended within 45 seconds', () => {
    useFakeTime();
    const socket = http2Socket();
    socket.on('error', () => undefined);
    vi.advanceTimersByTime(CONNECTIONS.silentMs - 5_000);
    expect(socket.destroyed).toBe(false);
    vi.advanceTimersByTime(10_000);
    expect(socket.destroyed).toBe(true);
  });

  test('that answers pings lives', () => {
    useFakeTime();
    const socket = http2Socket();
    for (let ping = 0; ping < 20; ping += 1) {
      vi.advanceTimersByTime(CONNECTIONS.pingMs);
      socket.bytesRead += 17;
    }
    expect(socket.destroyed).toBe(false);
    socket.destroy();
  });

  test('that keeps what it has to send is ended within three seconds', async () => {
    useFakeTime();
    const socket = http2Socket();
    socket.on('error', () => undefined);
    leaveUnsent(socket, () => 70);
    await passSeconds(3);
    expect(socket.destroyed).toBe(true);
  });

  test('that has something to send whenever it is looked at, and sends it, lives', async () => {
    useFakeTime();
    const socket = http2Socket();
    let written = 0;
    Object.defineProperty(socket, 'bytesWritten', { get: () => (written += 70) });
    leaveUnsent(socket, () => 70);
    await passSeconds(5);
    expect(socket.destroyed).toBe(false);
    socket.destroy();
  });

  test('that has had something to send for a moment lives', async () => {
    useFakeTime();
    const socket = http2Socket();
    let looks = 0;
    leaveUnsent(socket, () => (looks++ % 2) * 70);
    await passSeconds(5);
    expect(socket.destroyed).toBe(false);
    socket.destroy();
  });

  test('is pinged often enough for that', () => {
    expect(CONNECTIONS.silentMs).toBeGreaterThan(2 * CONNECTIONS.pingMs);
  });
});
