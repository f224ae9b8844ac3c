import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Entry, Order, type OrderTerm } from '../../../../src/execution/live/order.ts';
import { SortedList, type Step } from '../../../../src/execution/live/sorted-list.ts';

/** An object that is sorted by `spec.rank`. */
const ranked = (rank: unknown): Buffer => Buffer.from(JSON.stringify({ spec: { rank } }));

const BY_RANK = new Order([{ path: 'spec.rank' }]);

function listOf(first: number, ...objects: readonly (readonly [string, unknown])[]): SortedList {
  return new SortedList(
    BY_RANK,
    first,
    objects.map(([key, rank]) => [key, ranked(rank)] as const),
  );
}

const told = (steps: readonly Step[]): readonly string[] =>
  steps.map(({ op, index, entry }) => `${op} ${index} ${entry.key}`);

const keysIn = (entries: readonly Entry[]): readonly string[] => entries.map(({ key }) => key);

describe('a sorted list', () => {
  it('is sorted by its paths, then by namespace and name', () => {
    const list = listOf(Infinity, ['a-b/x', 1], ['a/z', 1], ['a/y', 1], ['b/a', 0], ['a/a', undefined]);
    expect(keysIn(list.window)).toEqual(['b/a', 'a/y', 'a/z', 'a-b/x', 'a/a']);
  });

  it('is sorted by namespace and name without a path', () => {
    const list = new SortedList(new Order([]), Infinity, [
      ['b/a', ranked(0)],
      ['a/b', ranked(1)],
    ]);
    expect(keysIn(list.window)).toEqual(['a/b', 'b/a']);
  });

  it('puts in, changes in place, moves and takes out', () => {
    const list = listOf(Infinity, ['a/x', 1], ['a/y', 3]);
    expect(told(list.apply('a/z', ranked(2)))).toEqual(['INSERT 1 a/z']);
    expect(told(list.apply('a/z', ranked(2.5)))).toEqual(['UPDATE 1 a/z']);
    expect(told(list.apply('a/x', ranked(9)))).toEqual(['REMOVE 0 a/x', 'INSERT 2 a/x']);
    expect(told(list.apply('a/z', undefined))).toEqual(['REMOVE 0 a/z']);
    expect(told(list.apply('a/none', undefined))).toEqual([]);
    expect([keysIn(list.window), list.total]).toEqual([['a/y', 'a/x'], 2]);
  });
});

describe('a window', () => {
  const window = (): SortedList => listOf(2, ['a/1', 1], ['a/3', 3], ['a/5', 5], ['a/7', 7]);

  it.each([
    ['what comes in pushes the last one out', 'a/2', 2, ['REMOVE 1 a/3', 'INSERT 1 a/2']],
    ['what comes in behind it is not seen', 'a/4', 4, []],
    ['what moves in pushes the last one out', 'a/7', 0, ['REMOVE 1 a/3', 'INSERT 0 a/7']],
    ['what moves out makes room for the next one', 'a/1', 6, ['REMOVE 0 a/1', 'INSERT 1 a/5']],
    ['what moves inside leaves the others alone', 'a/1', 4, ['REMOVE 0 a/1', 'INSERT 1 a/1']],
    ['what moves behind it is not seen', 'a/5', 9, []],
    ['what changes behind it is not seen', 'a/5', 5.5, []],
  ])('%s', (_, key, rank, steps) => {
    const list = window();
    expect(told(list.apply(key, ranked(rank)))).toEqual(steps);
  });

  it('shows the next one when one of it is gone, as long as there is one', () => {
    const list = window();
    expect(told(list.apply('a/1', undefined))).toEqual(['REMOVE 0 a/1', 'INSERT 1 a/5']);
    expect(told(list.apply('a/7', undefined))).toEqual([]);
    expect(told(list.apply('a/3', undefined))).toEqual(['REMOVE 0 a/3']);
    expect(list.total).toBe(1);
  });
});

const KEY = fc.constantFrom('a/x', 'a/y', 'a-b/x', 'b/x', 'b/y', 'b/z', '/n', '/m');
const RANK = fc.constantFrom<unknown>(
  undefined,
  null,
  true,
  0,
  1,
  2,
  '1',
  '10',
  '9',
  '1500m',
  'a',
  'B',
  '2x',
);
const OBJECT = fc
  .tuple(RANK, RANK)
  .map(([rank, other]) => Buffer.from(JSON.stringify({ spec: { rank, other } })));
const CHANGE = fc.tuple(KEY, fc.option(OBJECT, { nil: undefined, freq: 4 }));
const TERMS = fc.uniqueArray(
  fc.record<OrderTerm>({
    path: fc.constantFrom('spec.rank', 'spec.other', 'spec.none', 'spec'),
    direction: fc.constantFrom('ASC', 'DESC'),
  }),
  { maxLength: 3, selector: ({ path }) => path },
);
const FIRST = fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 6 }));

/** What a client does with a step. */
function patched(seen: readonly Entry[], step: Step): readonly Entry[] {
  if (step.op === 'INSERT') return seen.toSpliced(step.index, 0, step.entry);
  expect(seen[step.index]?.key).toBe(step.entry.key);
  return step.op === 'UPDATE' ? seen.with(step.index, step.entry) : seen.toSpliced(step.index, 1);
}

it('always brings what a client has seen to what sorting the present state gives', () => {
  fc.assert(
    fc.property(TERMS, FIRST, fc.array(CHANGE), fc.array(CHANGE), (terms, first, past, changes) => {
      const order = new Order(terms);
      const present = new Map<string, Buffer>();
      const note = ([key, object]: readonly [string, Buffer | undefined]): void => {
        if (object === undefined) present.delete(key);
        else present.set(key, object);
      };
      past.forEach(note);
      const list = new SortedList(order, first, present);
      let seen = list.window;
      for (const [key, object] of changes) {
        note([key, object]);
        for (const step of list.apply(key, object)) {
          seen = patched(seen, step);
          expect(seen.length).toBeLessThanOrEqual(first);
        }
        const sorted = Array.from(present, ([each, state]) => order.entry(each, state)).sort(order.compare);
        const told = (entries: readonly Entry[]) => entries.map((entry) => [entry.key, entry.object]);
        expect(told(seen)).toEqual(told(sorted.slice(0, first)));
        expect(list.total).toBe(present.size);
      }
    }),
    { numRuns: 1_000 },
  );
});
