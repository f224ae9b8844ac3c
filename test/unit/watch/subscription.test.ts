import { describe, expect, it } from 'vitest';
import { CursorCodec } from '../../../src/watch/cursor.ts';
import type { Subscription } from '../../../src/watch/subscription.ts';
import { playList, SCOPE, setupHub } from './support/hub-setup.ts';
import { flush } from './support/manual-clock.ts';
import { added, errorFrame, GONE, label, listEnd, modified } from './support/objects.ts';
import { takeAll, takeLabels } from './support/reader.ts';

const cursors = new CursorCodec(SCOPE, 'kubeconfig');

/** A subscription that has been read up to SYNCED, and how often `onReady` was called since. */
async function synced(options: Parameters<typeof setupHub>[0] = {}) {
  const setup = setupHub(options);
  const subscription = setup.subscribe();
  const { call, stream } = await playList(setup);
  await flush();
  expect(takeLabels(subscription)).toEqual(['ADDED a@1', 'ADDED b@2', 'SYNCED']);
  const calls: number[] = [];
  subscription.onReady = () => calls.push(subscription.waiting);
  return { ...setup, subscription, call, stream, calls };
}

describe('taking', () => {
  it('answers undefined while nothing waits, and what has come in order', async () => {
    const { subscription, stream } = await synced();
    expect(subscription.take()).toBeUndefined();
    stream.write(modified('a', 11), modified('b', 12));
    await flush();
    expect(subscription.waiting).toBe(2);
    expect(takeLabels(subscription)).toEqual(['MODIFIED a@11', 'MODIFIED b@12']);
    expect(subscription.waiting).toBe(0);
    expect(subscription.isEnded).toBe(false);
  });

  it('gives all subscribers of an identity the same event objects, snapshots included', async () => {
    const { subscription, subscribe, stream } = await synced();
    const [first, second] = [subscribe(), subscribe()];
    expect(takeAll(first)[0]).toBe(takeAll(second)[0]);
    stream.write(modified('a', 11));
    await flush();
    const [event] = takeAll(subscription);
    expect([first.take(), second.take()]).toEqual([event, event]);
    expect(second.take() ?? first.take()).toBeUndefined();
  });

  it('shares what snapshots say of an object for as long as it does not change', async () => {
    const { subscribe, stream } = await synced();
    const [a, b] = takeAll(subscribe());
    stream.write(modified('a', 11));
    await flush();
    const [newA, sameB] = takeAll(subscribe());
    expect(sameB).toBe(b);
    expect(newA).not.toBe(a);
  });
});

describe('being told', () => {
  it('happens once until everything was taken', async () => {
    const { subscription, stream, calls } = await synced();
    for (const version of [11, 12, 13]) stream.write(modified('a', version));
    await flush();
    expect(calls).toEqual([1]);
    takeAll(subscription);
    stream.write(modified('a', 14));
    await flush();
    expect(calls).toEqual([1, 1]);
  });

  it('happens once more at the end, when events still wait', async () => {
    const { subscription, stream, calls } = await synced();
    stream.write(modified('a', 11), errorFrame(404, 'NotFound'));
    await flush();
    expect(calls).toEqual([1, 1]);
    expect(subscription.isEnded).toBe(true);
  });

  it('happens when the signal is aborted, but not when the reader closes', async () => {
    const setup = setupHub();
    const leaving = new AbortController();
    const [aborted, closed] = [setup.subscribe({ signal: leaving.signal }), setup.subscribe()];
    const ends: string[] = [];
    aborted.onReady = () => ends.push('aborted');
    closed.onReady = () => ends.push('closed');
    leaving.abort();
    closed.close();
    expect(ends).toEqual(['aborted']);
    expect([aborted.isEnded, closed.isEnded]).toEqual([true, true]);
    expect([aborted.error, closed.error]).toEqual([undefined, undefined]);
  });

  it.each<[string, (subscription: Subscription) => unknown]>([
    ['takes', (subscription) => takeAll(subscription)],
    ['closes', (subscription) => subscription.close()],
    ['takes and closes', (subscription) => [subscription.take(), subscription.close()]],
  ])('may find a reader that %s at once, without harm to the others', async (_, act) => {
    const { subscription, subscribe, stream } = await synced();
    const others = [subscribe(), subscribe()];
    for (const other of others) takeAll(other);
    subscription.onReady = () => act(subscription);
    stream.write(modified('a', 11), modified('a', 12));
    await flush();
    for (const other of others) expect(takeLabels(other)).toEqual(['MODIFIED a@11', 'MODIFIED a@12']);
  });

  it('ends the subscription of a reader that throws, without harm to the others', async () => {
    const { subscription, subscribe, stream, hub } = await synced();
    const others = [subscribe(), subscribe()];
    for (const other of others) takeAll(other);
    const mistake = new Error('a mistake');
    subscription.onReady = () => {
      throw mistake;
    };
    stream.write(modified('a', 11), modified('a', 12));
    await flush();
    for (const other of others) expect(takeLabels(other)).toEqual(['MODIFIED a@11', 'MODIFIED a@12']);
    expect(subscription.isEnded).toBe(true);
    expect(subscription.error).toMatchObject({ code: 'INTERNAL_ERROR', cause: mistake });
    expect(hub.counts).toMatchObject({ subscribers: 2, ended: { INTERNAL_ERROR: 1 } });
  });

  it('leaves a reader that throws at the end with what it has thrown', async () => {
    const { subscription, hub } = await synced();
    const mistake = new Error('a mistake');
    subscription.onReady = () => {
      throw mistake;
    };
    await hub.close();
    expect(subscription.error).toMatchObject({ code: 'INTERNAL_ERROR', cause: mistake });
  });

  it.each([
    ['one by one', [modified('a', 12)]],
    ['with a new list', [added('c', 11), GONE]],
  ])('ends one whose filter throws, for what comes %s', async (_, frames) => {
    const { subscription, subscribe, stream, upstream } = await synced();
    const picky = subscribe({
      accepts: () => {
        throw new Error('a mistake');
      },
    });
    takeAll(picky);
    stream.write(...frames);
    if (frames.includes(GONE)) (await upstream.nextCall()).open().write(added('a', 12), listEnd(20));
    await flush();
    expect(takeLabels(subscription)).toContain('MODIFIED a@12');
    expect(picky.error?.code).toBe('INTERNAL_ERROR');
    expect(takeLabels(picky)).not.toContain('MODIFIED a@12');
  });

  it('may find a reader that subscribes: nothing is missed and nothing comes twice', async () => {
    const { subscription, subscribe, stream } = await synced();
    let late: Subscription | undefined;
    subscription.onReady = () => {
      late ??= subscribe();
    };
    stream.write(modified('a', 11), modified('b', 12));
    await flush();
    expect(late === undefined ? [] : takeLabels(late)).toEqual([
      'ADDED a@11',
      'ADDED b@2',
      'SYNCED',
      'MODIFIED b@12',
    ]);
  });

  it('may find a reader that subscribes again at the end: it gets a watch of its own', async () => {
    const { subscription, subscribe, stream, upstream } = await synced();
    let again: Subscription | undefined;
    subscription.onReady = () => {
      if (subscription.isEnded) again = subscribe();
    };
    stream.write(errorFrame(403, 'Forbidden'));
    await playList({ upstream });
    await flush();
    expect(again === undefined ? [] : takeLabels(again)).toEqual(['ADDED a@1', 'ADDED b@2', 'SYNCED']);
  });
});

describe('the end', () => {
  it('comes after what waits, with the cursor behind that', async () => {
    const { subscription, stream } = await synced();
    stream.write(modified('a', 11), errorFrame(404, 'NotFound'));
    await flush();
    expect(takeAll(subscription).map(label)).toEqual(['MODIFIED a@11']);
    expect(subscription.take()).toBeUndefined();
    expect(subscription.error).toMatchObject({ code: 'NOT_FOUND', extensions: { cursor: cursors.at('11') } });
  });

  it.each([
    [401, 'Unauthorized', 'UNAUTHENTICATED'],
    [403, 'Forbidden', 'FORBIDDEN'],
  ])(
    'comes at once when it is %i: what waits is no longer for the eyes of the subscriber',
    async (status, reason, code) => {
      const { subscription, stream } = await synced();
      stream.write(modified('a', 11), errorFrame(status, reason));
      await flush();
      expect(subscription.waiting).toBe(0);
      expect(subscription.take()).toBeUndefined();
      expect(subscription.error).toMatchObject({ code, extensions: { cursor: cursors.at('10') } });
    },
  );

  it('has no cursor when nothing can be resumed', async () => {
    const setup = setupHub();
    const subscription = setup.subscribe();
    (await setup.upstream.nextCall()).reply(403, 'no', { contentType: 'text/plain' });
    await flush();
    expect(subscription.error?.extensions).not.toHaveProperty('cursor');
  });

  it('stays the end: nothing can be taken, and closing changes nothing', async () => {
    const { subscription, stream, hub } = await synced();
    subscription.close();
    subscription.close();
    stream.write(added('c', 11));
    await flush();
    expect(subscription.take()).toBeUndefined();
    expect(subscription.waiting).toBe(0);
    expect(hub.counts.subscribers).toBe(0);
  });

  it('is spread over 10 s for those who have to come back', async () => {
    const { subscription, hub } = await synced({ random: () => 0.5 });
    await hub.close();
    expect(subscription.error).toMatchObject({ code: 'SERVER_SHUTDOWN', extensions: { retryAfterMs: 5000 } });
  });
});

describe('a longest lifetime', () => {
  it('ends the subscription with LIFETIME_EXCEEDED and a cursor', async () => {
    const setup = setupHub();
    const subscription = setup.subscribe({ maxLifetimeMs: 60_000 });
    const { stream } = await playList(setup);
    await setup.clock.advance(59_999);
    takeAll(subscription);
    stream.write(modified('a', 11));
    await setup.clock.advance(1);
    expect(subscription.take()).toBeUndefined();
    expect(subscription.error).toMatchObject({
      code: 'LIFETIME_EXCEEDED',
      extensions: { cursor: cursors.at('10'), retryAfterMs: 0 },
    });
  });

  it('is that of the hub for those who name none', async () => {
    const setup = setupHub({ recheckMs: 0, maxLifetimeMs: 1000 });
    const [usual, longer] = [setup.subscribe(), setup.subscribe({ maxLifetimeMs: 2000 })];
    await playList(setup);
    await setup.clock.advance(1000);
    expect([usual.isEnded, longer.isEnded]).toEqual([true, false]);
  });

  it('is none when it is infinite, whatever the hub has', async () => {
    const setup = setupHub({ recheckMs: 0, maxLifetimeMs: 1000 });
    const subscription = setup.subscribe({ maxLifetimeMs: Infinity });
    await playList(setup);
    await setup.clock.advance(2 ** 32);
    expect(subscription.isEnded).toBe(false);
  });

  it('leaves no timer when the subscription ends before', async () => {
    const setup = setupHub({ recheckMs: 0 });
    const subscription = setup.subscribe({ maxLifetimeMs: 60_000, signal: new AbortController().signal });
    subscription.close();
    expect(setup.clock.pendingMs).toEqual([]);
  });
});
