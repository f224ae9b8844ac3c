import { expect, test } from 'vitest';
import { ApiError } from '../../../../demo/api/status.ts';
import type { HandleResource, ResourceRequest } from '../../../../demo/verbs/request.ts';
import { startServer } from './support.ts';

const CONFIG_MAPS = '/api/v1/namespaces/a/configmaps';

test('a body may have 3 MiB and no byte more', async () => {
  const bytes: number[] = [];
  const { send } = await startServer(async (_, { body }) => {
    bytes.push(body.length);
    return { kind: 'object', status: 201, object: {} };
  });
  const limit = 3 * 1024 * 1024;
  expect((await send(CONFIG_MAPS, { method: 'POST', body: 'x'.repeat(limit) })).status).toBe(201);
  const answer = await send(CONFIG_MAPS, { method: 'POST', body: 'x'.repeat(limit + 1) });
  expect(answer.status).toBe(413);
  expect(answer.json()).toMatchObject({
    message: 'Request entity too large: limit is 3145728',
    reason: 'RequestEntityTooLarge',
  });
  expect(bytes).toEqual([limit]);
});

test.each([
  ['GET', '', 60_000],
  ['GET', '?timeout=5s', 5000],
  ['GET', '?timeout=1m30s', 60_000],
  ['POST', '', 34_000],
] as const)(
  'a %s%s that does not come to an end is given up after %i ms, and told so',
  async (method, query, ms) => {
    let started: (signal: AbortSignal) => void = () => undefined;
    const running = new Promise<AbortSignal>((resolve) => (started = resolve));
    const { send, clock } = await startServer(async (_, { signal }) => {
      started(signal);
      return new Promise<never>(() => undefined);
    });
    const answer = send(CONFIG_MAPS + query, { method });
    const signal = await running;
    clock.advance(ms - 1);
    expect(signal.aborted).toBe(false);
    clock.advance(1);
    expect(signal.aborted).toBe(true);
    expect(await answer).toMatchObject({ status: 504 });
    expect((await answer).json()).toMatchObject({ reason: 'Timeout', details: {} });
  },
);

test('a watch has no deadline of this kind, and an answer leaves no timer behind', async () => {
  const waiting: number[] = [];
  const { clock, send } = await startServer(async (_, { resource }) => {
    waiting.push(clock.waiting);
    return { kind: 'watch', resource, events: (async function* () {})() };
  });
  await send(`${CONFIG_MAPS}?watch=1`);
  expect(waiting).toEqual([0]);
  await send('/version');
  expect(clock.waiting).toBe(0);
});

test('a timeout that is no duration is a bad request', async () => {
  const { send } = await startServer();
  const answer = await send(`${CONFIG_MAPS}?timeout=xx`);
  expect(answer.status).toBe(400);
  expect(answer.json()['message']).toBe(
    'invalid timeout specified in the request URL - time: invalid duration "xx"',
  );
});

test('what an error wants to be waited for is also a header', async () => {
  const { send } = await startServer(async () => {
    throw new ApiError(429, 'slow down', { reason: 'TooManyRequests', details: { retryAfterSeconds: 3 } });
  });
  expect(await send(CONFIG_MAPS)).toMatchObject({ status: 429, headers: { 'retry-after': '3' } });
});

test('a fault of the demo itself is an internal error', async () => {
  const { send } = await startServer(async () => {
    throw new Error('oops');
  });
  const answer = await send(CONFIG_MAPS);
  expect(answer.status).toBe(500);
  expect(answer.json()).toMatchObject({ message: 'Internal error occurred: oops', reason: 'InternalError' });
});

test('the verbs get the body, its type and the name of the client as they are', async () => {
  const seen: Partial<ResourceRequest>[] = [];
  const handle: HandleResource = async (_, { body, contentType, userAgent }) => {
    seen.push({ body, contentType, userAgent });
    return { kind: 'object', status: 201, object: {} };
  };
  const { send } = await startServer(handle);
  const headers = { 'content-type': 'application/yaml', 'user-agent': 'kubectl/v1.36 (linux)' };
  await send(CONFIG_MAPS, { method: 'POST', body: 'a: b', headers });
  await send(CONFIG_MAPS, { method: 'POST', body: '{}' });
  expect(seen).toEqual([
    { body: Buffer.from('a: b'), contentType: 'application/yaml', userAgent: 'kubectl' },
    { body: Buffer.from('{}'), contentType: '', userAgent: 'unknown' },
  ]);
});
