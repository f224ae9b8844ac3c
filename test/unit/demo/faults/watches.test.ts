import { describe, expect, test } from 'vitest';
import type { Fault } from '../../../../demo/faults/rule.ts';
import { told, wire, type Wire } from './support.ts';

/** Two config maps, and the fault on watches. */
async function struckWatch(fault: Fault): Promise<Wire> {
  const bench = await wire({ on: { verb: 'watch', resource: 'configmaps' }, fault });
  bench.put('a');
  bench.put('b');
  return bench;
}

describe('a watch that is struck by', () => {
  test('cut (clean) ends in the middle of a line, as if that were all', async () => {
    const { watch } = await struckWatch({ kind: 'cut', after: 1, end: 'clean' });
    const text = (await (await watch()).rest()).join('');
    const [first = '', half] = text.split('\n');
    expect(told([first])).toEqual(['ADDED a']);
    expect(half).toMatch(/^\{"type":"ADDED".*[^}]$/);
  });

  test('cut ends in the middle of a line, and is aborted', async () => {
    const { watch, faults } = await struckWatch({ kind: 'cut', after: 1 });
    const stream = await watch();
    await expect(stream.rest()).rejects.toThrow();
    expect(faults.log).toMatchObject([{ kind: 'cut', detail: 'abort' }]);
  });

  test('end ends between two lines', async () => {
    const { watch } = await struckWatch({ kind: 'end', after: 2 });
    expect(told(await (await watch()).rest())).toEqual(['ADDED a', 'ADDED b']);
  });

  test('slice arrives byte by byte, and whole', async () => {
    const { watch, faults } = await struckWatch({ kind: 'slice' });
    faults.arm({ on: { verb: 'watch' }, fault: { kind: 'end', after: 2 } });
    const pieces = await (await watch()).rest();
    expect(told(pieces)).toEqual(['ADDED a', 'ADDED b']);
    expect(new Set(pieces.map((piece) => piece.length))).toEqual(new Set([1]));
  });

  test('reset loses its connection', async () => {
    const { watch } = await struckWatch({ kind: 'reset', after: 2 });
    await expect((await watch()).rest()).rejects.toThrow(/closed|reset|terminated|ECONNRESET/);
  });

  test('halfOpen hears nothing more, though things happen, and is not ended', async () => {
    const { watch, put, faults, send, path } = await struckWatch({ kind: 'halfOpen', after: 2 });
    const stream = await watch();
    expect(told([`${await stream.next()}`, `${await stream.next()}`])).toEqual(['ADDED a', 'ADDED b']);
    put('c');
    let isOver = false;
    void stream.next().then(
      () => (isOver = true),
      () => (isOver = true),
    );
    // Others are served meanwhile, on connections of their own.
    expect((await send(path)).text).toContain('"c"');
    expect(isOver).toBe(false);
    expect(faults.log).toMatchObject([{ kind: 'halfOpen', detail: 'stream' }]);
  });

  test('errorEvent ends with a 410 in the stream', async () => {
    const { watch } = await struckWatch({ kind: 'errorEvent', code: 410, after: 1 });
    expect(told(await (await watch()).rest())).toEqual(['ADDED a', 'ERROR 410']);
  });

  test('refuse is not started: a 410 in place of the stream', async () => {
    const { watch } = await struckWatch({ kind: 'refuse', code: 410 });
    const stream = await watch();
    expect(stream.status).toBe(410);
    expect(JSON.parse((await stream.rest()).join(''))).toMatchObject({ kind: 'Status', reason: 'Expired' });
  });

  test('stale is told that the server has not got that far', async () => {
    const { watch, demo } = await struckWatch({ kind: 'stale' });
    const text = (await (await watch(`resourceVersion=${demo.store.revision}`)).rest()).join('');
    expect(told([text])).toEqual(['ERROR 504']);
    expect(text).toContain('ResourceVersionTooLarge');
  });

  test('replay hears the latest events again, also those of an earlier watch', async () => {
    const bench = await struckWatch({ kind: 'replay', events: 2, after: 1 });
    const from = bench.demo.store.revision;
    const endAfter = (lines: number): void =>
      void bench.faults.arm({
        on: { verb: 'watch' },
        when: { nth: 1 },
        fault: { kind: 'end', after: lines },
      });
    bench.put('c');
    bench.put('d');
    endAfter(2);
    const first = await bench.watch(`resourceVersion=${from}`);
    expect(told(await first.rest())).toEqual(['ADDED c', 'ADDED d', 'ADDED c', 'ADDED d']);
    bench.put('e');
    bench.put('f');
    endAfter(1);
    const second = await bench.watch(`resourceVersion=${from + 2}`);
    expect(told(await second.rest())).toEqual(['ADDED e']);
    bench.put('g');
    endAfter(2);
    const third = await bench.watch(`resourceVersion=${from + 3}`);
    expect(told(await third.rest())).toEqual(['ADDED f', 'ADDED g', 'ADDED f', 'ADDED g']);
  });

  test('replay hears nothing again inside of the initial events, nor of those', async () => {
    const bench = await struckWatch({ kind: 'replay', events: 5, after: 0 });
    bench.put('c');
    bench.faults.arm({ on: { verb: 'watch' }, when: { nth: 1 }, fault: { kind: 'end', after: 4 } });
    expect(told(await (await bench.watch()).rest())).toEqual(['ADDED a', 'ADDED b', 'ADDED c', 'BOOKMARK']);
  });

  test('replay hears nothing from further on than it has got', async () => {
    const bench = await struckWatch({ kind: 'replay', events: 5 });
    const from = bench.demo.store.revision;
    for (const name of ['c', 'd', 'e']) bench.put(name);
    const endAfterOne = (): void =>
      void bench.faults.arm({ on: { verb: 'watch' }, when: { nth: 1 }, fault: { kind: 'end', after: 1 } });
    endAfterOne();
    await (await bench.watch(`resourceVersion=${from + 2}`)).rest();
    endAfterOne();
    const behind = await bench.watch(`resourceVersion=${from}`);
    expect(told(await behind.rest())).toEqual(['ADDED c', 'ADDED c']);
  });

  test('noBookmarks is never told that its initial events are complete', async () => {
    const { watch, put, faults } = await struckWatch({ kind: 'noBookmarks', of: 'all' });
    const stream = await watch();
    await stream.next();
    await stream.next();
    put('c');
    expect(told([`${await stream.next()}`])).toEqual(['ADDED c']);
    expect(faults.log).toMatchObject([{ kind: 'noBookmarks' }]);
  });

  test('slow gets a line only when its pause is over', async () => {
    const { watch, clock } = await struckWatch({ kind: 'slow', pauseMs: 5000 });
    const stream = await watch();
    let isThere = false;
    const first = stream.next().finally(() => (isThere = true));
    const { action, delayMs } = await clock.next();
    expect([delayMs, isThere]).toEqual([5000, false]);
    action();
    expect(told([`${await first}`])).toEqual(['ADDED a']);
  });

  test('oversize gets a line of that size, which is as true as before', async () => {
    const { watch, faults } = await struckWatch({ kind: 'oversize', bytes: 100_000, after: 1 });
    faults.arm({ on: { verb: 'watch' }, fault: { kind: 'end', after: 2 } });
    const text = (await (await watch()).rest()).join('');
    expect(told([text])).toEqual(['ADDED a', 'ADDED b']);
    expect(text.split('\n').map((line) => line.length)).toEqual([expect.any(Number), 99_999, 0]);
  });

  test('restart is broken off, and the server is there again with what it had', async () => {
    const { watch, faults, send, path } = await struckWatch({ kind: 'restart', after: 2 });
    await expect((await watch()).rest()).rejects.toThrow();
    await faults.settled();
    expect((await send(path)).text).toContain('"name":"b"');
  });

  test('rotate is broken off, and the server is there again with another certificate and other tokens', async () => {
    const { watch, faults, demo } = await struckWatch({ kind: 'rotate', after: 2 });
    const before = { ca: demo.api.ca, token: demo.api.tokens.admin };
    await expect((await watch()).rest()).rejects.toThrow();
    await faults.settled();
    expect(demo.api.ca).not.toBe(before.ca);
    expect(demo.api.tokens.admin).not.toBe(before.token);
  });
});
