import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { Clock } from '../../../src/cluster/clock.ts';
import { readWhole } from '../../../src/cluster/read.ts';
import { TestClock } from './support/clock.ts';
import { targetFor } from './support/kubeconfig.ts';
import { rawServer } from './support/raw-server.ts';
import { testServer } from './support/server.ts';
import { tlsBase64 } from './support/tls.ts';
import { aRequest, fetchText, rejection, testUpstream } from './support/upstream.ts';

const MODES = ['unary', 'stream'] as const;

/** Takes connections and never says a word, so that a TLS handshake does not end. */
async function silentServer() {
  const server = await rawServer('http', () => undefined);
  const cluster = {
    'certificate-authority-data': tlsBase64('ca.crt'),
    server: `https://127.0.0.1:${server.port}`,
  };
  return targetFor(server.origin, { cluster });
}

describe.each(MODES)('cancelling a %s call', (mode) => {
  test('that has not begun sends nothing', async () => {
    const server = await testServer();
    const upstream = testUpstream({ target: targetFor(server.origin) });
    const error = await rejection(upstream.send(aRequest({ mode, signal: AbortSignal.abort() })));
    expect(error.code).toBe('CANCELLED');
    expect(server.connections).toBe(0);
  });

  test('while it connects rejects at once', async () => {
    const upstream = testUpstream({ target: await silentServer() });
    const controller = new AbortController();
    const call = rejection(upstream.send(aRequest({ mode, signal: controller.signal })));
    setImmediate(() => controller.abort());
    expect((await call).code).toBe('CANCELLED');
  });

  test('while it waits for headers closes the request upstream', async () => {
    const controller = new AbortController();
    const server = await testServer({ handler: () => controller.abort() });
    const upstream = testUpstream({ target: targetFor(server.origin) });
    const error = await rejection(upstream.send(aRequest({ mode, signal: controller.signal })));
    expect(error.code).toBe('CANCELLED');
    await expect(server.requests[0]?.closed).resolves.toBeUndefined();
  });

  test.each([false, true])(
    'in the middle of its body closes the request upstream (gzip asked for: %s)',
    async (compress) => {
      const controller = new AbortController();
      const server = await testServer({ handler: (_, answer) => void answer.write('event\n') });
      const upstream = testUpstream({ target: targetFor(server.origin) });
      const { body } = await upstream.send(aRequest({ mode, compress, signal: controller.signal }));
      const read = async (): Promise<void> => {
        for await (const chunk of body) if (chunk.toString() === 'event\n') controller.abort();
      };
      expect((await rejection(read())).code).toBe('CANCELLED');
      await expect(server.requests[0]?.closed).resolves.toBeUndefined();
    },
  );

  test('with a body that nobody reads closes the request upstream', async () => {
    const controller = new AbortController();
    const server = await testServer({ handler: (_, answer) => void answer.write('event\n') });
    const upstream = testUpstream({ target: targetFor(server.origin) });
    await upstream.send(aRequest({ mode, signal: controller.signal }));
    controller.abort();
    await expect(server.requests[0]?.closed).resolves.toBeUndefined();
  });

  test('leaves no listener on the signal once the body has been read', async () => {
    const { signal } = new AbortController();
    const server = await testServer();
    const upstream = testUpstream({ target: targetFor(server.origin) });
    for (let call = 0; call < 3; call += 1) await fetchText(upstream, { mode, signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('leaves no listener on the signal after a failure', async () => {
    const { signal } = new AbortController();
    const upstream = testUpstream({ target: await silentServer() });
    await rejection(upstream.send(aRequest({ mode, signal, deadlineMs: 1 })));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('cancelling a wait', () => {
  test('before another attempt rejects at once and attempts nothing', async () => {
    const controller = new AbortController();
    const server = await testServer({
      handler: (_, answer) => {
        answer.statusCode = 429;
        answer.setHeader('retry-after', '1');
        answer.end();
      },
    });
    const real = new TestClock();
    const clock: Clock = {
      now: () => real.now(),
      random: () => 0,
      sleep: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')));
          controller.abort();
        }),
    };
    const upstream = testUpstream({ target: targetFor(server.origin), clock });
    const error = await rejection(upstream.send(aRequest({ signal: controller.signal })));
    expect(error.code).toBe('CANCELLED');
    expect(server.requests).toHaveLength(1);
  });
});

describe('the deadline', () => {
  test.each(MODES)('of a %s call covers connecting', async (mode) => {
    const upstream = testUpstream({ target: await silentServer() });
    const error = await rejection(upstream.send(aRequest({ mode, deadlineMs: 50 })));
    expect(error.code).toBe('TIMEOUT');
    expect(error.message).toBe('the API server did not answer within 0.05 s');
  });

  test.each(MODES)('of a %s call covers its headers, and closes the request upstream', async (mode) => {
    const server = await testServer({ handler: () => undefined });
    const upstream = testUpstream({ target: targetFor(server.origin) });
    await fetchTimeout(upstream.send(aRequest({ mode, deadlineMs: 200 })));
    await expect(server.requests[0]?.closed).resolves.toBeUndefined();
  });

  test('of a unary call covers its body', async () => {
    const server = await testServer({ handler: (_, answer) => void answer.write('begin') });
    const upstream = testUpstream({ target: targetFor(server.origin) });
    const { body } = await upstream.send(aRequest({ deadlineMs: 200 }));
    await fetchTimeout(readWhole(body));
    await expect(server.requests[0]?.closed).resolves.toBeUndefined();
  });

  test('of a unary call ends one whose body nobody reads', async () => {
    const server = await testServer({ handler: (_, answer) => void answer.write('begin') });
    const upstream = testUpstream({ target: targetFor(server.origin) });
    await upstream.send(aRequest({ deadlineMs: 200 }));
    await expect(server.requests[0]?.closed).resolves.toBeUndefined();
  });

  test('of a stream ends with its headers', async () => {
    let finish: () => void = () => undefined;
    const server = await testServer({
      handler: (request, answer) => {
        answer.write('begin ');
        if (request.url === '/watch') finish = () => void answer.end('end');
      },
    });
    const upstream = testUpstream({ target: targetFor(server.origin) });
    const watch = await upstream.send(aRequest({ mode: 'stream', path: '/watch', deadlineMs: 200 }));
    // A unary call with the same deadline, begun later, runs into it.
    const { body } = await upstream.send(aRequest({ deadlineMs: 200 }));
    await fetchTimeout(readWhole(body));
    finish();
    expect((await readWhole(watch.body)).toString()).toBe('begin end');
  });
});

async function fetchTimeout(work: Promise<unknown>): Promise<void> {
  expect((await rejection(work)).code).toBe('TIMEOUT');
}
