import { describe, expect, test } from 'vitest';
import type { Fault } from '../../../../demo/faults/rule.ts';
import { wire, type Wire } from './support.ts';

const NEW = JSON.stringify({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'new', namespace: 'default' },
});
const DEFAULT = '/api/v1/namespaces/default/configmaps';

/** Two config maps, and the fault on everything that is answered as a whole. */
async function struck(fault: Fault): Promise<Wire> {
  const bench = await wire({ on: { mode: 'unary' }, fault });
  bench.put('a');
  bench.put('b');
  return bench;
}

describe('an answer that is struck by', () => {
  test.each([
    [410, 'Expired'],
    [429, 'TooManyRequests'],
    [500, 'InternalError'],
    [503, 'ServiceUnavailable'],
  ] as const)('refuse is a Status %i', async (code, reason) => {
    const { send, path } = await struck({ kind: 'refuse', code });
    const { status, text } = await send(path);
    expect(status).toBe(code);
    expect(JSON.parse(text)).toMatchObject({ kind: 'Status', code, reason });
  });

  test('refuse can say when to come back', async () => {
    const { send, path } = await struck({ kind: 'refuse', code: 429, retryAfterSeconds: 7 });
    const { headers, text } = await send(path);
    expect(headers).toMatchObject({ 'retry-after': '7' });
    expect(JSON.parse(text)).toMatchObject({ details: { retryAfterSeconds: 7 } });
  });

  test('refuse can be plain text, as from something on the way', async () => {
    const { send, path } = await struck({ kind: 'refuse', code: 503, as: 'text' });
    const { headers, status, text } = await send(path);
    expect([status, headers['content-type']]).toEqual([503, 'text/plain; charset=utf-8']);
    expect(text).toMatch(/^upstream connect error/);
  });

  test('refuse has not happened', async () => {
    const { send, demo } = await struck({ kind: 'refuse', code: 500 });
    await send(DEFAULT, { method: 'POST', body: NEW });
    expect(demo.store.get('/configmaps', 'default', 'new')).toBeUndefined();
  });

  test('cut (clean) is half of the body, as if that were all', async () => {
    const { send, path } = await struck({ kind: 'cut', end: 'clean' });
    const { status, text } = await send(path);
    expect(status).toBe(200);
    expect(text).toMatch(/^\{"kind":"ConfigMapList"/);
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
  });

  test('cut breaks off', async () => {
    const { send, path } = await struck({ kind: 'cut' });
    await expect(send(path)).rejects.toThrow();
  });

  test('end is empty', async () => {
    const { send, path } = await struck({ kind: 'end' });
    expect(await send(path)).toMatchObject({ status: 200, text: '' });
  });

  test('slice is whole in the end', async () => {
    const { send, path } = await struck({ kind: 'slice' });
    const { headers, text } = await send(path);
    expect(headers).toMatchObject({ 'transfer-encoding': 'chunked' });
    expect(JSON.parse(text)).toMatchObject({ items: [{}, {}] });
  });

  test('reset (request) has not happened', async () => {
    const { send, demo } = await struck({ kind: 'reset', at: 'request' });
    await expect(send(DEFAULT, { method: 'POST', body: NEW })).rejects.toThrow();
    expect(demo.store.get('/configmaps', 'default', 'new')).toBeUndefined();
  });

  test('reset is lost, though what was asked for has happened', async () => {
    const { send, demo } = await struck({ kind: 'reset' });
    await expect(send(DEFAULT, { method: 'POST', body: NEW })).rejects.toThrow();
    expect(demo.store.get('/configmaps', 'default', 'new')).toBeDefined();
  });

  test('halfOpen never comes', async () => {
    const { send, path, faults } = await wire();
    const armed = faults.arm({ when: { nth: 1 }, fault: { kind: 'halfOpen' } });
    let isOver = false;
    void send(path).then(
      () => (isOver = true),
      () => (isOver = true),
    );
    await armed.struck;
    expect((await send(path)).status).toBe(200);
    expect(isOver).toBe(false);
  });

  test('stale is what it was when the rule was armed, to the byte', async () => {
    const { send, path, put } = await struck({ kind: 'stale' });
    const before = await send(path);
    put('c');
    expect((await send(path)).text).toBe(before.text);
    // Another question has no earlier answer.
    expect((await send(`${path}?limit=5`)).text).toContain('"c"');
  });

  test('slow comes piece by piece', async () => {
    const { send, path, clock } = await struck({ kind: 'slow', pieces: 2, pauseMs: 3000 });
    let isThere = false;
    const answer = send(path).finally(() => (isThere = true));
    for (let piece = 0; piece < 2; piece++) {
      const { action, delayMs } = await clock.next();
      expect([delayMs, isThere]).toEqual([3000, false]);
      action();
    }
    expect(JSON.parse((await answer).text)).toMatchObject({ items: [{}, {}] });
  });

  test('oversize has that size, and is as true as before', async () => {
    const { send, path } = await struck({ kind: 'oversize', bytes: 300_000 });
    const { text } = await send(path);
    expect(text).toHaveLength(300_000);
    expect(JSON.parse(text)).toMatchObject({ items: [{}, {}] });
  });

  test('restart does not arrive, and the server is there again', async () => {
    const { send, path, faults } = await wire();
    faults.arm({ when: { nth: 1 }, fault: { kind: 'restart' } });
    await send(path).catch(() => undefined);
    await faults.settled();
    expect(await send(path)).toMatchObject({ status: 200 });
    expect(faults.log).toMatchObject([{ kind: 'restart' }]);
  });
});
