import { expect, it, vi } from 'vitest';
import { testEngine } from '../../support/test-engine.ts';
import { ManualClock } from '../../watch/support/manual-clock.ts';
import { change, FakeWatches, synced } from '../support/fake-events.ts';
import { liveJson, type LiveJson } from '../support/live-list.ts';
import { subscribe, type Subscriber } from '../support/subscriber.ts';

/** Pages of two pods, patches of two steps; who has not taken four steps, or is nine behind, begins again. */
vi.mock(import('../../../../src/execution/live/live-bounds.ts'), () => ({
  LIVE_BOUNDS: { page: 30, patch: 600, untaken: 1_050, behind: 2_900 },
}));

const NAMES = 'type items { metadata { name } } patches { op index object { metadata { name } } } total';

interface Live {
  readonly watches: FakeWatches;
  readonly subscribe: () => Promise<Subscriber>;
  /** So many new objects, as one batch of changes. */
  readonly add: (count: number) => Promise<void>;
}

async function live(selection = NAMES): Promise<Live> {
  const watches = new FakeWatches();
  const clock = new ManualClock();
  const engine = await testEngine({ watches, clock });
  let made = 0;
  const add = async (count: number): Promise<void> => {
    for (let left = count; left > 0; left--) watches.latest.put(change('ADDED', `n${10 + made++}`));
    await clock.advance(100);
  };
  return { watches, add, subscribe: () => subscribe(engine, `subscription { podsLive { ${selection} } }`) };
}

const present = (...names: readonly string[]) =>
  [...names.map((name) => change('ADDED', name, undefined, { isSnapshot: true })), synced()] as const;

/** The types, and how many objects there are in each. */
function told({ type, items, patches }: LiveJson): string {
  return `${type} ${(items ?? patches ?? []).length}`;
}

function taken(reader: Subscriber, count = Infinity): readonly LiveJson[] {
  const answers: LiveJson[] = [];
  while (answers.length < count) {
    const payload = reader.answer.take();
    if (payload === undefined) break;
    answers.push(liveJson(payload.json));
  }
  return answers;
}

it('divides a list into a SNAPSHOT and patches that put in the rest', async () => {
  const { watches, subscribe: join } = await live();
  const reader = await join();
  watches.put(...present('a', 'b', 'c', 'd', 'e'));
  const named = (name: string): object => ({ metadata: { name } });
  const insert = (index: number, name: string): object => ({ op: 'INSERT', index, object: named(name) });
  expect(taken(reader)).toEqual([
    { type: 'SNAPSHOT', items: [named('a'), named('b')], patches: null, total: 5 },
    { type: 'PATCH', items: null, patches: [insert(2, 'c'), insert(3, 'd')], total: 5 },
    { type: 'PATCH', items: null, patches: [insert(4, 'e')], total: 5 },
  ]);
});

it.each(['type items { metadata { name } }', 'type items { metadata { name } } patches { op id }'])(
  'does not divide a list whose rest patches could not show: %s',
  async (selection) => {
    const { watches, subscribe: join } = await live(selection);
    const reader = await join();
    watches.put(...present('a', 'b', 'c', 'd', 'e'));
    expect(taken(reader)).toMatchObject([{ type: 'SNAPSHOT', items: { length: 5 } }]);
  },
);

it('goes on behind its pages with what has changed since the first', async () => {
  const { watches, add, subscribe: join } = await live();
  const reader = await join();
  watches.put(...present('a', 'b', 'c'));
  expect(taken(reader, 1).map(told)).toEqual(['SNAPSHOT 2']);
  await add(1);
  expect(taken(reader).map(told)).toEqual(['PATCH 1', 'PATCH 1']);
});

it('divides what many changes make of a list', async () => {
  const { watches, add, subscribe: join } = await live();
  const reader = await join();
  watches.put(...present());
  taken(reader);
  await add(5);
  expect(taken(reader).map(told)).toEqual(['PATCH 2', 'PATCH 2', 'PATCH 1']);
});

it('shows somebody who has not taken for too long a new list, and others the changes', async () => {
  const { watches, add, subscribe: join } = await live();
  const [stalled, quick] = [await join(), await join()];
  watches.put(...present());
  for (const reader of [stalled, quick]) taken(reader);
  for (let round = 0; round < 6; round++) {
    await add(1);
    expect(taken(quick).map(told)).toEqual(['PATCH 1']);
  }
  expect(taken(stalled).map(told)).toEqual(['SNAPSHOT 2', 'PATCH 2', 'PATCH 2']);
});

it('does not take for slow who has had no chance to take', async () => {
  const { watches, add, subscribe: join } = await live();
  const reader = await join();
  watches.put(...present());
  taken(reader);
  await add(8);
  expect(taken(reader).map(told)).toEqual(['PATCH 2', 'PATCH 2', 'PATCH 2', 'PATCH 2']);
});

it('shows a new list also to somebody who takes, but falls behind', async () => {
  const { watches, add, subscribe: join } = await live();
  const reader = await join();
  watches.put(...present());
  taken(reader);
  for (let round = 0; round < 4; round++) {
    await add(2);
    expect(taken(reader, round % 2).map(told)).toEqual(round % 2 === 0 ? [] : ['PATCH 2']);
  }
  await add(6);
  expect(taken(reader, 1).map(told)).toEqual(['SNAPSHOT 2']);
});

it('lets go of a list that is not read to its end', async () => {
  const { watches, add, subscribe: join } = await live();
  const reader = await join();
  watches.put(...present('a', 'b', 'c'));
  taken(reader, 1);
  for (let round = 0; round < 6; round++) await add(1);
  const answers = taken(reader);
  expect(answers[0]).toMatchObject({ type: 'SNAPSHOT', total: 9 });
  expect(answers.flatMap(({ items, patches }) => items ?? patches ?? [])).toHaveLength(9);
});
