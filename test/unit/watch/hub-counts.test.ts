import { describe, expect, it } from 'vitest';
import { CursorCodec } from '../../../src/watch/cursor.ts';
import { playList, SCOPE, setupHub } from './support/hub-setup.ts';
import { heapBytes } from './support/heap.ts';
import { flush } from './support/manual-clock.ts';
import { added, deleted, errorFrame, GONE, listEnd, modified } from './support/objects.ts';
import { takeAll } from './support/reader.ts';

const cursors = new CursorCodec(SCOPE, 'kubeconfig');

describe('the counts of a hub', () => {
  it('start at nothing', () => {
    expect(setupHub().hub.counts).toEqual({
      subscribers: 0,
      upstreamWatches: 0,
      eventsIn: 0,
      eventsOut: 0,
      coalesced: 0,
      filtered: 0,
      relists: 0,
      resumed: { history: 0, upstream: 0, known: 0, snapshot: 0 },
      refused: { subscriptions: 0, caller: 0, watches: 0 },
      ended: {},
    });
  });

  it('say what came in, what was taken, and who is there', async () => {
    const setup = setupHub();
    const [first, second] = [setup.subscribe(), setup.subscribe()];
    const { stream } = await playList(setup);
    stream.write(modified('a', 11), deleted('b', 12));
    await flush();
    takeAll(first);
    expect(setup.hub.counts).toMatchObject({ subscribers: 2, upstreamWatches: 1, eventsIn: 2, eventsOut: 5 });
    first.close();
    second.close();
    expect(setup.hub.counts).toMatchObject({ subscribers: 0, upstreamWatches: 0 });
  });

  it('say how those were served who came back', async () => {
    const setup = setupHub({ recheckMs: 0 });
    setup.subscribe();
    const { stream } = await playList(setup);
    stream.write(modified('a', 11));
    await flush();
    setup.subscribe({ resumeFrom: cursors.at('10') });
    setup.subscribe({ resumeFrom: cursors.initial });
    setup.subscribe({ known: new Map() });
    setup.subscribe({ resumeFrom: cursors.at('5') });
    (await setup.upstream.nextCall()).open().write(modified('a', 6));
    await flush();
    expect(setup.hub.counts.resumed).toEqual({ history: 1, upstream: 1, known: 1, snapshot: 1 });
  });

  it('say how often a list had to be made anew, and how subscriptions ended', async () => {
    const setup = setupHub({ maxQueuedEvents: 2 });
    setup.subscribe();
    const closed = setup.subscribe();
    const { stream } = await playList(setup);
    stream.write(modified('a', 11), GONE);
    const next = (await setup.upstream.nextCall()).open();
    next.write(added('a', 11), added('b', 2), listEnd(20));
    await flush();
    closed.close();
    next.write(added('c', 21), added('d', 22));
    await flush();
    setup.subscribe();
    (await setup.upstream.nextCall()).open().write(errorFrame(403, 'Forbidden'));
    await flush();
    expect(setup.hub.counts.relists).toBe(1);
    expect(setup.hub.counts.ended).toEqual({ SLOW_CONSUMER: 1, FORBIDDEN: 1 });
  });
});

describe('many subscribers', () => {
  it('leave neither a watch nor memory when 20,000 have come and gone', async () => {
    const setup = setupHub({ lingerMs: 5000, recheckMs: 0 });
    const comeAndGo = (count: number) => {
      for (let index = 0; index < count; index += 1) {
        const subscription = setup.subscribe({ signal: new AbortController().signal });
        takeAll(subscription);
        subscription.close();
      }
    };
    comeAndGo(1);
    await playList(setup);
    await flush();
    comeAndGo(1000);
    const before = heapBytes();
    comeAndGo(20_000);
    expect(heapBytes() - before).toBeLessThan(5 * 1024 * 1024);
    await setup.clock.advance(5000);
    expect(setup.hub.counts).toMatchObject({ subscribers: 0, upstreamWatches: 0 });
    expect(setup.upstream.calls).toHaveLength(1);
  });

  it('cost at most 3 KB of heap each while nothing happens', async () => {
    const setup = setupHub({ recheckMs: 0 });
    const subscriptions = [setup.subscribe()];
    const { stream } = await playList(setup);
    await flush();
    const before = heapBytes();
    for (let index = 0; index < 10_000; index += 1) {
      const subscription = setup.subscribe();
      subscription.onReady = () => takeAll(subscription);
      takeAll(subscription);
      subscriptions.push(subscription);
    }
    for (let version = 11; version < 20; version += 1) stream.write(modified('a', version));
    await flush();
    const perSubscriber = (heapBytes() - before) / 10_000;
    expect(subscriptions.at(-1)?.waiting).toBe(0);
    expect(perSubscriber).toBeLessThan(3000);
  });
});
