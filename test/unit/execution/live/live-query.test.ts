import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KubegraphError } from '../../../../src/errors/kubegraph-error.ts';
import { testEngine } from '../../support/test-engine.ts';
import { ManualClock } from '../../watch/support/manual-clock.ts';
import { change, FakeWatches, synced } from '../support/fake-events.ts';
import { BY_NODE, type LiveJson, liveJson, NODES, shown, sortedByNode } from '../support/live-list.ts';
import { pod, podId } from '../support/pods.ts';
import { subscribe, type Subscriber } from '../support/subscriber.ts';

interface Live {
  readonly watches: FakeWatches;
  readonly clock: ManualClock;
  readonly subscriber: Subscriber;
  /** The answers that have come when the next batch was due. */
  readonly settle: () => Promise<readonly LiveJson[]>;
}

async function live(args: string, selection: string): Promise<Live> {
  const watches = new FakeWatches();
  const clock = new ManualClock();
  const engine = await testEngine({ watches, clock });
  const subscriber = await subscribe(engine, `subscription { podsLive${args} { ${selection} } }`);
  const settle = async (): Promise<readonly LiveJson[]> => {
    const answers: LiveJson[] = [];
    const take = (): void => void answers.push(...subscriber.taken().map(({ json }) => liveJson(json)));
    subscriber.answer.onReady = take;
    take();
    await clock.advance(100);
    subscriber.answer.onReady = () => {};
    return answers;
  };
  return { watches, clock, subscriber, settle };
}

const NAMES = 'type items { metadata { name } } patches { op index id object { metadata { name } } } total';
const named = (name: string): object => ({ metadata: { name } });

const snapshot = (...names: readonly string[]) =>
  names.map((name) => change('ADDED', name, undefined, { isSnapshot: true }));

it('sends the list, then what changes in it', async () => {
  const { watches, settle } = await live('', NAMES);
  watches.put(...snapshot('y', 'x'), synced());
  expect(await settle()).toEqual([
    { type: 'SNAPSHOT', items: [named('x'), named('y')], patches: null, total: 2 },
  ]);
  watches.put(change('ADDED', 'a'), change('DELETED', 'y'));
  expect(await settle()).toEqual([
    {
      type: 'PATCH',
      items: null,
      patches: [
        { op: 'INSERT', index: 0, id: podId('a'), object: named('a') },
        { op: 'REMOVE', index: 2, id: podId('y'), object: null },
      ],
      total: 2,
    },
  ]);
});

it('follows a real watch, sorted by a label', async () => {
  const engine = await testEngine();
  const subscriber = await subscribe(
    engine,
    `subscription { podsLive(namespace: "a", batchMs: 1, orderBy: [{ path: "metadata.labels[\\"t/x\\"]", direction: DESC }]) {
      __typename items { metadata { name } } patches { __typename op index object { metadata { name } } }
    } }`,
  );
  const watch = await engine.stub.watches.next();
  watch.send('ADDED', pod('x', 1, 'n', { 't/x': '1' }));
  watch.send('ADDED', pod('y', 2, 'n', { 't/x': '2' }));
  watch.synced('3');
  expect(await subscriber.values('podsLive', 1)).toEqual([
    { __typename: 'CoreV1PodLive', items: [named('y'), named('x')], patches: null },
  ]);
  watch.send('MODIFIED', pod('x', 4, 'n', { 't/x': '10' }));
  const __typename = 'CoreV1PodPatch';
  expect(await subscriber.values('podsLive', 1)).toEqual([
    {
      __typename: 'CoreV1PodLive',
      items: null,
      patches: [
        { __typename, op: 'REMOVE', index: 1, object: null },
        { __typename, op: 'INSERT', index: 0, object: named('x') },
      ],
    },
  ]);
});

it('says nothing of what is not selected', async () => {
  const { watches, settle } = await live('', 'type patches { op object { spec { nodeName } } }');
  watches.put(change('ADDED', 'x', { spec: { nodeName: 'n' } }), synced());
  await settle();
  watches.put(change('MODIFIED', 'x', { spec: { nodeName: 'n', hostname: 'h' } }));
  expect(await settle()).toEqual([]);
  watches.put(change('MODIFIED', 'x', { spec: { nodeName: 'm', hostname: 'h' } }));
  expect(await settle()).toEqual([
    { type: 'PATCH', patches: [{ op: 'UPDATE', object: { spec: { nodeName: 'm' } } }] },
  ]);
});

it('says how many there are also when nothing of the window changes', async () => {
  const { watches, settle } = await live('(first: 1)', 'patches { op } total');
  watches.put(...snapshot('a', 'b'), synced());
  expect(await settle()).toEqual([{ patches: null, total: 2 }]);
  watches.put(change('ADDED', 'c'));
  expect(await settle()).toEqual([{ patches: [], total: 3 }]);
});

it('collects for 100 ms unless it is told otherwise', async () => {
  const { watches, clock, subscriber } = await live('', 'total');
  watches.put(synced());
  await subscriber.payload();
  subscriber.answer.take();
  watches.put(change('ADDED', 'x'));
  expect(clock.pendingMs).toEqual([100]);
});

describe('a watch that cannot go on', () => {
  it.each(['EXPIRED', 'SLOW_CONSUMER', 'LIFETIME_EXCEEDED'] as const)(
    'is begun anew, with a new list: %s',
    async (code) => {
      const { watches, settle } = await live('', NAMES);
      watches.put(...snapshot('x'), synced());
      await settle();
      watches.latest.end(new KubegraphError(code, 'over', { extensions: { cursor: 'c' } }));
      expect(await settle()).toEqual([]);
      expect(watches.asked).toHaveLength(2);
      watches.latest.put(...snapshot('y'), synced());
      expect(await settle()).toEqual([{ type: 'SNAPSHOT', items: [named('y')], patches: null, total: 1 }]);
    },
  );

  it('ends the query when it has never brought a list', async () => {
    const { watches, subscriber } = await live('', NAMES);
    watches.latest.end(new KubegraphError('EXPIRED', 'over'));
    expect((await subscriber.next())?.errors).toMatchObject([{ extensions: { code: 'EXPIRED' } }]);
    expect([watches.asked.length, subscriber.answer.isEnded]).toEqual([1, true]);
  });

  it('is not begun anew for somebody who may not watch any more, and has no cursor', async () => {
    const { watches, subscriber, settle } = await live('', NAMES);
    watches.put(synced());
    await settle();
    const kubernetes = { reason: 'Forbidden', code: 403 };
    watches.latest.end(
      new KubegraphError('FORBIDDEN', 'no', { kubernetes, extensions: { cursor: 'c', retryAfterMs: 5 } }),
    );
    const [error] = (await subscriber.next())?.errors ?? [];
    expect(error?.extensions).toEqual({ code: 'FORBIDDEN', kubernetes, retryAfterMs: 5 });
    expect([watches.asked.length, subscriber.answer.retryAfterMs]).toEqual([1, 5]);
  });
});

it.each([
  ['orderBy: [{ path: "a b" }]', /is not the path of a field/],
  [`orderBy: [${'{ path: "a" }'.repeat(9)}]`, /at most 8 paths/],
  ['first: 0', /"first" must be from 1/],
  ['batchMs: 0', /"batchMs" must be from 1/],
])('refuses %s', async (args, message) => {
  const engine = await testEngine();
  const answer = await (await subscribe(engine, `subscription { podsLive(${args}) { total } }`)).next();
  expect(answer?.errors).toMatchObject([{ path: ['podsLive'], extensions: { code: 'BAD_USER_INPUT' } }]);
  expect(answer?.errors[0]?.message).toMatch(message);
});

it('shows a client who applies its patches what a sorted list would, however changes fall into batches', async () => {
  const CHANGE = fc.tuple(
    fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    fc.option(fc.constantFrom(...NODES), { nil: undefined }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(CHANGE, { maxLength: 6 }), { maxLength: 6 }),
      fc.constantFrom('', 'first: 3, '),
      async (batches, first) => {
        const { watches, settle } = await live(
          `(${first}orderBy: [{ path: "spec.nodeName" }])`,
          `items ${BY_NODE} patches { op index object ${BY_NODE} }`,
        );
        watches.put(synced());
        const present = new Map<string, string>();
        let list: readonly unknown[] = [];
        for (const batch of batches) {
          for (const [name, nodeName] of batch) {
            const type = nodeName === undefined ? 'DELETED' : present.has(name) ? 'MODIFIED' : 'ADDED';
            watches.put(change(type, name, { spec: { nodeName } }));
            if (nodeName === undefined) present.delete(name);
            else present.set(name, nodeName);
          }
          for (const answer of await settle()) list = shown(list, answer);
          expect(list).toEqual(sortedByNode(present).slice(0, first === '' ? undefined : 3));
        }
      },
    ),
    { numRuns: 30 },
  );
});
