import { describe, expect, test } from 'vitest';
import type { UpstreamRequest } from '../../../src/cluster/upstream.ts';
import { TestClock } from './support/clock.ts';
import { targetFor } from './support/kubeconfig.ts';
import { rawServer } from './support/raw-server.ts';
import { closedPort, type Handler, testServer } from './support/server.ts';
import { aRequest, fetchText, rejection, testUpstream } from './support/upstream.ts';

const CREATE: Partial<UpstreamRequest> = {
  method: 'POST',
  path: '/api/v1/namespaces',
  body: { contentType: 'application/json', content: '{}' },
};
const REVIEW: Partial<UpstreamRequest> = {
  ...CREATE,
  path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
};

/** Answers each request with the next of `answers`, and with the last one from then on. */
function answering(...answers: readonly (readonly [number, (string | undefined)?] | 'hang up')[]): Handler {
  let count = 0;
  return (request, answer) => {
    const next = answers[Math.min(count, answers.length - 1)] ?? [200];
    count += 1;
    if (next === 'hang up') {
      request.hangUp();
      return;
    }
    answer.statusCode = next[0];
    if (next[1] !== undefined) answer.setHeader('retry-after', next[1]);
    answer.end('{}');
  };
}

async function setUp(handler: Handler) {
  const server = await testServer({ handler });
  const clock = new TestClock();
  return { server, clock, upstream: testUpstream({ target: targetFor(server.origin), clock }) };
}

describe.each(['unary', 'stream'] as const)('a %s read', (mode) => {
  test('waits for what the server asks, and goes again', async () => {
    const { clock, server, upstream } = await setUp(answering([429, '2'], [503, '1'], [504, '3'], [200]));
    expect((await fetchText(upstream, { mode })).status).toBe(200);
    expect(clock.sleeps).toEqual([2000, 1000, 3000]);
    expect(server.requests).toHaveLength(4);
  });

  test('gives the fourth refusal to its caller', async () => {
    const { server, upstream } = await setUp(answering([429, '1']));
    expect(await fetchText(upstream, { mode })).toMatchObject({ status: 429, retryAfter: '1', text: '{}' });
    expect(server.requests).toHaveLength(4);
  });

  test.each([[429], [503], [504], [500, '1'], [502, '1'], [429, '3600']] as const)(
    'gives an answer of %i (Retry-After %s) to its caller at once',
    async (status, retryAfter?: string) => {
      const { clock, server, upstream } = await setUp(answering([status, retryAfter]));
      expect((await fetchText(upstream, { mode })).status).toBe(status);
      expect(server.requests).toHaveLength(1);
      expect(clock.sleeps).toEqual([]);
    },
  );

  test('goes again with growing waits when its connection is lost', async () => {
    const { clock, server, upstream } = await setUp(answering('hang up', 'hang up', [200]));
    expect((await fetchText(upstream, { mode })).status).toBe(200);
    expect(server.requests).toHaveLength(3);
    expect(clock.sleeps).toEqual([100, 200]);
  });

  test('is UNREACHABLE when its connection is lost four times', async () => {
    const { server, upstream } = await setUp(answering('hang up'));
    const error = await rejection(upstream.send(aRequest({ mode })));
    expect(error.code).toBe('UNREACHABLE');
    expect(server.requests).toHaveLength(4);
  });
});

describe('a write', () => {
  test('is sent again after 429 with Retry-After, with its body', async () => {
    const { clock, server, upstream } = await setUp(answering([429, '1'], [201]));
    expect((await fetchText(upstream, CREATE)).status).toBe(201);
    expect(server.requests.map(({ body }) => body)).toEqual(['{}', '{}']);
    expect(clock.sleeps).toEqual([1000]);
  });

  test.each([[429], [503, '1'], [504, '1'], [500, '1']] as const)(
    'is not sent again after %i (Retry-After %s)',
    async (status, retryAfter?: string) => {
      const { server, upstream } = await setUp(answering([status, retryAfter]));
      expect((await fetchText(upstream, CREATE)).status).toBe(status);
      expect(server.requests).toHaveLength(1);
    },
  );

  test('that evicts is not sent again after 429', async () => {
    const { server, upstream } = await setUp(answering([429, '1']));
    const path = '/api/v1/namespaces/a/pods/b/eviction';
    expect((await fetchText(upstream, { ...CREATE, path })).status).toBe(429);
    expect(server.requests).toHaveLength(1);
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)(
    'by %s whose answer gets lost is OUTCOME_UNKNOWN and is not sent again',
    async (method) => {
      const { server, upstream } = await setUp(answering('hang up', [200]));
      const error = await rejection(upstream.send(aRequest({ ...CREATE, method })));
      expect(error.code).toBe('OUTCOME_UNKNOWN');
      expect(error.message).toMatch(
        /^the write was sent, but its answer got lost: it may or may not have happened/,
      );
      expect(server.requests).toHaveLength(1);
    },
  );

  test('in stream mode follows the same rule', async () => {
    const { server, upstream } = await setUp(answering('hang up', [200]));
    const error = await rejection(upstream.send(aRequest({ ...CREATE, mode: 'stream' })));
    expect(error.code).toBe('OUTCOME_UNKNOWN');
    expect(server.requests).toHaveLength(1);
  });

  test('on a kept connection that the server closes meanwhile is never sent twice', async () => {
    const { server, upstream } = await setUp(answering([200], 'hang up'));
    await fetchText(upstream);
    const error = await rejection(upstream.send(aRequest(CREATE)));
    expect(error.code).toBe('OUTCOME_UNKNOWN');
    expect(server.requests.map(({ method }) => method)).toEqual(['GET', 'POST']);
  });

  test('that runs into its deadline after it was sent is OUTCOME_UNKNOWN', async () => {
    const { upstream } = await setUp(() => undefined);
    const error = await rejection(upstream.send(aRequest({ ...CREATE, deadlineMs: 300 })));
    expect(error.code).toBe('OUTCOME_UNKNOWN');
    expect(error.cause).toMatchObject({ code: 'TIMEOUT' });
  });

  test('that runs into its deadline before it was sent is TIMEOUT', async () => {
    const silent = await rawServer('http', () => undefined);
    const upstream = testUpstream({ target: targetFor(`https://127.0.0.1:${silent.port}`) });
    expect((await rejection(upstream.send(aRequest({ ...CREATE, deadlineMs: 100 })))).code).toBe('TIMEOUT');
  });

  test('that its caller cancels is CANCELLED', async () => {
    const controller = new AbortController();
    const { upstream } = await setUp(() => controller.abort());
    const error = await rejection(upstream.send(aRequest({ ...CREATE, signal: controller.signal })));
    expect(error.code).toBe('CANCELLED');
  });
});

describe('a refused connection', () => {
  test.each([
    ['a read', {}],
    ['a write', CREATE],
    ['a stream', { mode: 'stream' as const }],
  ])('is tried again for %s, because nothing has been sent', async (_, changes) => {
    const clock = new TestClock();
    const upstream = testUpstream({ target: targetFor(`https://127.0.0.1:${await closedPort()}`), clock });
    const error = await rejection(upstream.send(aRequest(changes)));
    expect(error.code).toBe('UNREACHABLE');
    expect(error.message).toBe(
      'the API server is not reachable: the connection was refused; check that the API server runs',
    );
    expect(clock.sleeps).toEqual([100, 200, 400]);
  });

  test('during the TLS handshake is tried again for a write', async () => {
    const server = await rawServer('http', (socket) => void socket.once('data', () => socket.destroy()));
    const clock = new TestClock();
    const upstream = testUpstream({ target: targetFor(`https://127.0.0.1:${server.port}`), clock });
    const error = await rejection(upstream.send(aRequest(CREATE)));
    expect(error.code).toBe('UNREACHABLE');
    expect(server.connections).toBe(4);
  });
});

test('a self-subject review is a read: it is sent again', async () => {
  const { server, upstream } = await setUp(answering('hang up', [201]));
  expect((await fetchText(upstream, REVIEW)).status).toBe(201);
  expect(server.requests).toHaveLength(2);
});

test('a thousand creates with cut connections leave no duplicate', async () => {
  let count = 0;
  const { server, upstream } = await setUp((request, answer) => {
    count += 1;
    if (count % 7 === 0) request.hangUp();
    else answer.end('{}');
  });
  const outcomes = new Map<string, number>();
  const create = async (index: number): Promise<void> => {
    const body = { contentType: 'application/json', content: JSON.stringify({ index }) };
    const code = await fetchText(upstream, { ...CREATE, body }).then(
      ({ status }) => String(status),
      (error: { code: string }) => error.code,
    );
    outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
  };
  for (let batch = 0; batch < 20; batch += 1) {
    await Promise.all(Array.from({ length: 50 }, (_, index) => create(batch * 50 + index)));
  }
  expect(new Set(server.requests.map(({ body }) => body)).size).toBe(server.requests.length);
  expect([...outcomes.keys()].toSorted((a, b) => a.localeCompare(b))).toEqual(['200', 'OUTCOME_UNKNOWN']);
  expect(outcomes.get('OUTCOME_UNKNOWN')).toBe(Math.floor(1000 / 7));
});
