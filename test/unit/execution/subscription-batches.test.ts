import { describe, expect, it } from 'vitest';
import { KubegraphError } from '../../../src/errors/kubegraph-error.ts';
import { testEngine } from '../support/test-engine.ts';
import { ManualClock } from '../watch/support/manual-clock.ts';
import { change, FakeWatches, synced } from './support/fake-events.ts';
import { subscribe, type Subscriber } from './support/subscriber.ts';

interface Batched {
  readonly watches: FakeWatches;
  readonly clock: ManualClock;
  readonly subscriber: Subscriber;
  /** The names and types in the batches that can be taken now. */
  readonly take: () => readonly (readonly string[])[];
}

async function batched(args: string): Promise<Batched> {
  const watches = new FakeWatches();
  const clock = new ManualClock();
  const engine = await testEngine({ watches, clock });
  const query = `subscription { pods(${args}) { type events { type object { metadata { name } } } } }`;
  const subscriber = await subscribe(engine, query);
  const take = (): readonly (readonly string[])[] => {
    const batches: (readonly string[])[] = [];
    for (let next = subscriber.answer.take(); next !== undefined; next = subscriber.answer.take())
      batches.push(namesIn(String(next.json)));
    return batches;
  };
  return { watches, clock, subscriber, take };
}

interface BatchJson {
  readonly data: {
    readonly pods: {
      readonly type: string;
      readonly events: readonly {
        readonly type: string;
        readonly object: { readonly metadata: { readonly name: string } } | null;
      }[];
    };
  };
}

function namesIn(text: string): readonly string[] {
  const { type, events } = (JSON.parse(text) as BatchJson).data.pods;
  expect(type).toBe('BATCH');
  return events.map((event) => `${event.type} ${event.object?.metadata.name ?? ''}`.trim());
}

const snapshot = (...names: readonly string[]) =>
  names.map((name) => change('ADDED', name, undefined, { isSnapshot: true }));

describe('snapshotPageSize', () => {
  it('sends the snapshot in pages, of which the last ends with SYNCED', async () => {
    const { watches, take } = await batched('snapshotPageSize: 2');
    watches.put(...snapshot('a', 'b', 'c'), synced());
    expect(take()).toEqual([
      ['ADDED a', 'ADDED b'],
      ['ADDED c', 'SYNCED'],
    ]);
  });

  it('ends a page with the event that makes it longer than 256 KiB, as it is written', async () => {
    const { watches, take } = await batched('snapshotPageSize: 10');
    const long = ['a', 'b', 'c', 'd'].map((name) => name.repeat(100 * 1024));
    watches.put(...snapshot(...long, 'e'.repeat(300 * 1024), 'f'), synced());
    const pages = take().map((page) => page.map((event) => event.replaceAll(/(\w)\1{9,}/g, '$1…')));
    expect(pages).toEqual([
      ['ADDED a…', 'ADDED b…', 'ADDED c…'],
      ['ADDED d…', 'ADDED e…'],
      ['ADDED f', 'SYNCED'],
    ]);
  });

  it('measures what is selected, not what there is', async () => {
    const { watches, take } = await batched('snapshotPageSize: 10');
    const image = 'x'.repeat(300 * 1024);
    watches.put(
      ...['a', 'b'].map((name) => change('ADDED', name, { spec: { image } }, { isSnapshot: true })),
      synced(),
    );
    expect(take()).toEqual([['ADDED a', 'ADDED b', 'SYNCED']]);
  });

  it('sends a change at once, as a batch, and what waits beside it', async () => {
    const { watches, clock, take } = await batched('snapshotPageSize: 2');
    watches.put(synced());
    take();
    watches.put(change('ADDED', 'x'));
    expect([take(), clock.pendingMs]).toEqual([[['ADDED x']], []]);
    watches.put(change('MODIFIED', 'x'), change('DELETED', 'x'));
    expect(take()).toEqual([['MODIFIED x', 'DELETED x']]);
  });
});

describe('batchMs', () => {
  it('collects changes for so long after the first of them', async () => {
    const { watches, clock, subscriber, take } = await batched('batchMs: 50');
    let ready = 0;
    subscriber.answer.onReady = () => ready++;
    watches.put(synced());
    expect([ready, take()]).toEqual([1, [['SYNCED']]]);
    watches.put(change('ADDED', 'x'));
    await clock.advance(30);
    watches.put(change('ADDED', 'y'));
    await clock.advance(19);
    expect([ready, take()]).toEqual([1, []]);
    await clock.advance(1);
    expect([ready, take()]).toEqual([2, [['ADDED x', 'ADDED y']]]);
  });

  it('has no timer while nothing waits', async () => {
    const { watches, clock, take } = await batched('batchMs: 50');
    watches.put(synced());
    take();
    expect(clock.pendingMs).toEqual([]);
    watches.put(change('ADDED', 'x'));
    expect(clock.pendingMs).toEqual([50]);
    await clock.advance(50);
    take();
    expect(clock.pendingMs).toEqual([]);
  });

  it('does not keep the snapshot waiting, and begins to collect behind it', async () => {
    const { watches, clock, take } = await batched('batchMs: 50');
    watches.put(...snapshot('a', 'b'), synced(), change('MODIFIED', 'a'));
    expect(take()).toEqual([['ADDED a', 'ADDED b', 'SYNCED']]);
    expect(clock.pendingMs).toEqual([50]);
    await clock.advance(50);
    expect(take()).toEqual([['MODIFIED a']]);
  });

  it('asks the watch for the latest state of each object', async () => {
    const { watches } = await batched('batchMs: 50');
    expect(watches.asked[0]?.options.coalesces).toBe(true);
  });

  it('cuts what is more than one answer should hold', async () => {
    const { watches, take } = await batched('batchMs: 50');
    watches.put(...snapshot(...Array.from({ length: 1_500 }, (_, index) => `p${index}`)), synced());
    expect(take().map((batch) => batch.length)).toEqual([1_000, 501]);
  });

  it('sends what waits at once when the watch ends, then its failure', async () => {
    const { watches, clock, subscriber, take } = await batched('batchMs: 50');
    watches.put(synced());
    take();
    watches.put(change('ADDED', 'x'));
    watches.latest.end(new KubegraphError('EXPIRED', 'gone'));
    expect(namesIn(String((await subscriber.payload())?.json))).toEqual(['ADDED x']);
    expect((await subscriber.next())?.errors).toMatchObject([{ extensions: { code: 'EXPIRED' } }]);
    expect([subscriber.answer.isEnded, clock.pendingMs]).toEqual([true, []]);
  });

  it('sends before its time what could become too much for the watch to keep', async () => {
    const { watches, clock, take } = await batched('batchMs: 60000');
    watches.put(synced());
    take();
    watches.put(change('ADDED', 'x'));
    await clock.advance(10_000);
    expect(take()).toEqual([]);
    watches.put(...Array.from({ length: 500 }, (_, index) => change('ADDED', `p${index}`)));
    await clock.advance(250);
    expect(take().map((batch) => batch.length)).toEqual([501]);
  });

  it('leaves no timer behind', async () => {
    const { watches, clock, subscriber, take } = await batched('batchMs: 50');
    watches.put(synced());
    take();
    watches.put(change('ADDED', 'x'));
    subscriber.answer.close();
    expect(clock.pendingMs).toEqual([]);
  });
});

describe('a BATCH', () => {
  it('has the cursor and the moment of its last event, and is a snapshot when all of it is', async () => {
    const watches = new FakeWatches();
    const engine = await testEngine({ watches });
    const query =
      'subscription { pods(snapshotPageSize: 2) { type id object { kind } snapshot cursor events { cursor } } }';
    const subscriber = await subscribe(engine, query);
    const first = change('ADDED', 'a', undefined, { isSnapshot: true });
    const end = synced();
    watches.put(first, end);
    const payload = await subscriber.payload();
    // Of a snapshot nobody has waited for a single event.
    expect(payload).toMatchObject({ cursor: end.cursor, receivedAt: undefined });
    expect(JSON.parse(String(payload?.json))).toEqual({
      data: {
        pods: {
          type: 'BATCH',
          id: null,
          object: null,
          snapshot: true,
          cursor: end.cursor,
          events: [{ cursor: first.cursor }, { cursor: end.cursor }],
        },
      },
    });
    const next = change('ADDED', 'b');
    watches.put(next);
    const later = await subscriber.payload();
    expect(later).toMatchObject({ cursor: next.cursor, receivedAt: next.receivedAt });
    expect(JSON.parse(String(later?.json))).toMatchObject({ data: { pods: { snapshot: false } } });
  });

  it('holds none itself', async () => {
    const { watches, subscriber } = await batchesOf('events { events { type } }');
    watches.put(synced());
    expect(await subscriber.values('pods', 1)).toEqual([{ events: [{ events: null }] }]);
  });

  it('is asked for with its events', async () => {
    for (const args of ['batchMs: 5', 'snapshotPageSize: 5']) {
      const engine = await testEngine();
      const answer = await (await subscribe(engine, `subscription { pods(${args}) { type } }`)).next();
      expect(answer?.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(answer?.errors[0]?.message).toMatch(/select their "events/);
    }
  });

  it('does not come when nobody asks for it', async () => {
    const watches = new FakeWatches();
    const engine = await testEngine({ watches });
    const subscriber = await subscribe(engine, 'subscription { pods { type events { type } } }');
    watches.put(change('ADDED', 'x'), synced());
    expect(await subscriber.values('pods', 2)).toEqual([
      { type: 'ADDED', events: null },
      { type: 'SYNCED', events: null },
    ]);
  });
});

async function batchesOf(selection: string): Promise<{ watches: FakeWatches; subscriber: Subscriber }> {
  const watches = new FakeWatches();
  const engine = await testEngine({ watches });
  const query = `subscription { pods(snapshotPageSize: 10) { ${selection} } }`;
  return { watches, subscriber: await subscribe(engine, query) };
}

it.each(['batchMs: 0', 'batchMs: 60001', 'snapshotPageSize: 0', 'snapshotPageSize: 10001'])(
  'refuses what is out of bounds: %s',
  async (args) => {
    const engine = await testEngine();
    const answer = await (
      await subscribe(engine, `subscription { pods(${args}) { events { type } } }`)
    ).next();
    expect(answer?.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(answer?.errors[0]?.message).toMatch(/must be from 1 to/);
  },
);
