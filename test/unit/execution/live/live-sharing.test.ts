import { describe, expect, it, vi } from 'vitest';
import { bearerIdentity, type Identity, KUBECONFIG_IDENTITY } from '../../../../src/cluster/identity.ts';
import { KubegraphError } from '../../../../src/errors/kubegraph-error.ts';
import { SHARED_MS } from '../../../../src/execution/shared-briefly.ts';
import { testEngine, type TestEngine } from '../../support/test-engine.ts';
import { flush, ManualClock } from '../../watch/support/manual-clock.ts';
import { change, type FakeEvents, FakeWatches, synced } from '../support/fake-events.ts';
import { subscribe, type Subscriber } from '../support/subscriber.ts';

class Room {
  readonly watches = new FakeWatches();
  readonly clock = new ManualClock();
  readonly #engine: Promise<TestEngine> = testEngine({ watches: this.watches, clock: this.clock });

  async join(args = '', identity: Identity = KUBECONFIG_IDENTITY): Promise<Subscriber> {
    const query = `subscription { podsLive${args} { items { metadata { name } } patches { op } total } }`;
    return subscribe(await this.#engine, query, { identity });
  }

  async joinAll(count: number): Promise<readonly Subscriber[]> {
    return Promise.all(Array.from({ length: count }, () => this.join()));
  }

  /** What the subscriber that came as the so-manieth hears its end from. */
  seat(index: number): FakeEvents {
    const seat = this.watches.silent[index];
    if (seat === undefined) throw new Error(`${index} does not watch`);
    return seat.events;
  }

  /** Watches that somebody needs. */
  get open(): number {
    return this.watches.asked.filter(({ events }) => !events.isClosed).length;
  }

  async change(name: string): Promise<void> {
    this.watches.latest.put(change('ADDED', name));
    await this.clock.advance(100);
  }
}

/** What a subscriber is told last. */
async function endOf(subscriber: Subscriber): Promise<unknown> {
  const [error] = (await subscriber.next())?.errors ?? [];
  return error?.extensions;
}

describe('one view', () => {
  it('serves all who follow the same, with the same payloads', async () => {
    const room = new Room();
    const readers = await room.joinAll(3);
    room.watches.put(change('ADDED', 'x'), synced());
    await room.change('y');
    const taken = readers.map((reader) => reader.taken());
    expect(taken[0]).toHaveLength(1);
    expect(new Set(taken.flat()).size).toBe(1);
    await room.change('z');
    expect(new Set(readers.flatMap((reader) => reader.taken())).size).toBe(1);
    expect([room.watches.asked.length, room.watches.silent.length]).toEqual([1, 3]);
  });

  it.each([
    '(namespace: "b")',
    '(labelSelector: "a=b")',
    '(first: 1)',
    '(batchMs: 7)',
    '(orderBy: [{ path: "a" }])',
  ])('does not serve those who want something else: %s', async (args) => {
    const room = new Room();
    await room.join();
    await room.join(args);
    expect(room.watches.asked).toHaveLength(2);
  });

  it('serves nobody but the identity that watches', async () => {
    const room = new Room();
    const identities = [bearerIdentity('one'), bearerIdentity('two'), KUBECONFIG_IDENTITY];
    const readers = await Promise.all(identities.map((identity) => room.join('', identity)));
    expect(room.watches.asked.map(({ identity }) => identity)).toEqual(identities);
    room.watches.asked[0]?.events.put(change('ADDED', 'secret'), synced());
    expect(readers.map((reader) => reader.taken().length)).toEqual([1, 0, 0]);
  });

  it('shows those who come later the list as it is then', async () => {
    const room = new Room();
    await room.join();
    room.watches.put(change('ADDED', 'x'), synced());
    await room.change('y');
    expect(await (await room.join()).values('podsLive', 1)).toMatchObject([
      { items: [{ metadata: { name: 'x' } }, { metadata: { name: 'y' } }], total: 2 },
    ]);
  });

  it('follows a watch that outlives each of its readers, and ends with the last of them', async () => {
    const room = new Room();
    const [first, second] = await room.joinAll(2);
    expect(room.watches.asked[0]?.options).toEqual({ coalesces: true, maxLifetimeMs: Infinity });
    first?.answer.close();
    expect(room.open).toBe(1);
    second?.answer.close();
    expect([room.open, room.seat(1).isClosed]).toEqual([0, true]);
    await room.join();
    expect([room.watches.asked.length, room.open]).toEqual([2, 1]);
  });

  it('does not keep what it has shown for as long as nothing happens', async () => {
    const room = new Room();
    const readers = await room.joinAll(3);
    room.watches.put(change('ADDED', 'x'), synced());
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      const [before] = readers[0]?.taken() ?? [];
      expect(readers[1]?.taken()).toEqual([before]);
      vi.advanceTimersByTime(SHARED_MS);
      const [after] = readers[2]?.taken() ?? [];
      expect(after).toEqual(before);
      expect(after).not.toBe(before);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('the end', () => {
  it('of one reader is its own, and comes at once', async () => {
    const room = new Room();
    const [first, second] = await room.joinAll(2);
    room.watches.put(synced());
    room.seat(0).end(new KubegraphError('LIFETIME_EXCEEDED', 'over', { extensions: { retryAfterMs: 7 } }));
    expect(first === undefined ? first : await endOf(first)).toEqual({
      code: 'LIFETIME_EXCEEDED',
      retryAfterMs: 7,
    });
    expect(await second?.values('podsLive', 1)).toMatchObject([{ total: 0 }]);
  });

  it('of the watch tells each reader what its own says', async () => {
    const room = new Room();
    const readers = await room.joinAll(2);
    room.watches.put(synced());
    const shutDown = (retryAfterMs: number) =>
      new KubegraphError('SERVER_SHUTDOWN', 'over', { extensions: { retryAfterMs } });
    room.watches.latest.end(shutDown(1));
    for (const index of readers.keys()) room.seat(index).end(shutDown(index + 2));
    expect(await Promise.all(readers.map(endOf))).toMatchObject([{ retryAfterMs: 2 }, { retryAfterMs: 3 }]);
  });

  it('of the watch is that of all, and nobody joins it', async () => {
    const room = new Room();
    const readers = await room.joinAll(2);
    room.watches.latest.end(new KubegraphError('NOT_FOUND', 'gone'));
    await flush();
    expect(await Promise.all(readers.map(endOf))).toMatchObject([
      { code: 'NOT_FOUND' },
      { code: 'NOT_FOUND' },
    ]);
    expect([room.seat(0).isClosed, room.seat(1).isClosed]).toEqual([true, true]);
    await room.join();
    expect([room.watches.asked.length, room.open]).toEqual([2, 1]);
  });

  it('of the watch leaves those alone who come while others are told of it, at whatever moment', async () => {
    const room = new Room();
    for (let turns = 0; turns < 40; turns++) {
      const first = await room.join();
      const joining = room.join();
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      room.watches.latest.end(new KubegraphError('NOT_FOUND', 'gone'));
      const readers = [first, await joining, await room.join(), await room.join()];
      const lasting = readers.filter(({ answer }) => !answer.isEnded);
      expect([lasting.length >= 2, room.open]).toEqual([true, 1]);
      for (const { answer } of readers) answer.close();
    }
  });

  it('of a client who leaves ends the watch', async () => {
    const room = new Room();
    const reader = await room.join();
    room.seat(0).end();
    expect([reader.answer.isEnded, room.open]).toEqual([true, 0]);
  });
});

describe('a reader that is told', () => {
  it('may leave at once, also as the last one', async () => {
    const room = new Room();
    const readers = await room.joinAll(3);
    for (const { answer } of readers) {
      answer.onReady = () => {
        for (const other of readers) other.answer.close();
      };
      answer.take();
    }
    room.watches.put(change('ADDED', 'x'), synced());
    expect(room.open).toBe(0);
  });

  it('may take at once, and see others join', async () => {
    const room = new Room();
    const reader = await room.join();
    let joined: Promise<Subscriber> | undefined;
    const totals: unknown[] = [];
    reader.answer.onReady = () => {
      joined ??= room.join();
      totals.push(...reader.taken().map(({ json }) => JSON.parse(String(json)) as unknown));
    };
    reader.answer.take();
    room.watches.put(change('ADDED', 'x'), synced());
    expect(totals).toMatchObject([{ data: { podsLive: { total: 1 } } }]);
    expect(await (await joined)?.values('podsLive', 1)).toMatchObject([{ total: 1 }]);
    expect(room.watches.asked).toHaveLength(1);
  });

  it('ends alone when it throws', async () => {
    const room = new Room();
    const [bad, good] = await room.joinAll(2);
    if (bad === undefined || good === undefined) throw new Error('nobody is there');
    bad.answer.onReady = () => {
      throw new Error('cannot write');
    };
    bad.answer.take();
    room.watches.put(synced());
    expect(await good.values('podsLive', 1)).toMatchObject([{ total: 0 }]);
    expect(await endOf(bad)).toMatchObject({ code: 'INTERNAL_ERROR' });
    expect(room.open).toBe(1);
  });
});
