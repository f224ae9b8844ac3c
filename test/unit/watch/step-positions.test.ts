import { describe, expect, it } from 'vitest';
import type { Effect, Facts, Input, Phase } from '../../../src/watch/reflector/states.ts';
import { step } from '../../../src/watch/reflector/step.ts';
import {
  GONE,
  TOO_LARGE,
  OBJECT,
  CURSOR_FACTS,
  INITIALISING,
  SYNCED,
  WATCHING,
  WAITING,
  ENDED,
  CHANGE,
  BOOKMARK,
  STREAMING_LIST,
  failed,
  from,
  result,
  WATCH_AGAIN,
} from './support/steps.ts';

describe('a watch from a cursor', () => {
  const CONFIRM: Effect = { kind: 'confirm', resourceVersion: '11' };
  const CONFIRMED: Facts = { ...CURSOR_FACTS, confirmed: true };

  const PRESENT: Input = { kind: 'present', asked: '11', resourceVersion: '11' };

  it('waits whether the position is refused before it counts as accepted', () => {
    expect(from(SYNCED, { kind: 'opened' }, { ...CURSOR_FACTS, isSettled: true })).toEqual(
      result(WATCHING, [{ kind: 'awaitSettled' }], CURSOR_FACTS),
    );
  });

  it.each([
    ['has reached the position', '11'],
    ['is further', '50'],
    ['cannot say', undefined],
    ['says what does not compare', 'x'],
  ])(
    'is accepted when nothing was said against it and the API server %s, in any order',
    (_, resourceVersion) => {
      const present: Input = { ...PRESENT, resourceVersion };
      for (const inputs of [
        [present, { kind: 'settled' }],
        [{ kind: 'settled' }, present],
      ] satisfies [Input, Input][]) {
        const [first, second] = inputs;
        const before = from(WATCHING, first, CURSOR_FACTS);
        expect(before.effects).not.toContainEqual(CONFIRM);
        expect(step(before.state, second).effects).toContainEqual(CONFIRM);
      }
    },
  );

  it('says how far the collection is known to be', () => {
    expect(from(SYNCED, { ...PRESENT, resourceVersion: '50' }, CURSOR_FACTS).effects).toEqual([
      { kind: 'locate', resourceVersion: '50' },
    ]);
  });

  it('ends with EXPIRED when the API server is behind the position, open or not', () => {
    for (const phase of [SYNCED, WATCHING]) {
      const { state, effects } = from(phase, { ...PRESENT, resourceVersion: '10' }, CURSOR_FACTS);
      expect(state.phase).toEqual(ENDED);
      expect(effects).toMatchObject([{ kind: 'end', error: { code: 'EXPIRED' } }]);
    }
  });

  it('believes what came since more than where the API server was', () => {
    const phase: Phase = { kind: 'watching', resourceVersion: '12' };
    expect(from(phase, { ...PRESENT, resourceVersion: '10' }, CONFIRMED).state.phase).toEqual(phase);
  });

  it('is not accepted because of a change from before it', () => {
    const phase: Phase = { kind: 'watching', resourceVersion: '30' };
    expect(from(phase, CHANGE, CURSOR_FACTS)).toEqual(result(phase, [], CURSOR_FACTS));
  });

  it('is accepted before the first change is applied', () => {
    const { state, effects } = from(WATCHING, CHANGE, CURSOR_FACTS);
    expect(effects).toEqual([
      CONFIRM,
      { kind: 'apply', type: 'MODIFIED', object: OBJECT, resourceVersion: '12' },
    ]);
    expect(state.facts).toEqual(CONFIRMED);
  });

  it('is accepted with the first bookmark', () => {
    expect(from(WATCHING, BOOKMARK, CURSOR_FACTS).effects).toEqual([
      CONFIRM,
      { kind: 'advance', resourceVersion: '20' },
    ]);
  });

  it('is accepted once', () => {
    expect(from(WATCHING, { kind: 'settled' }, CONFIRMED).effects).toEqual([]);
    expect(from(WATCHING, PRESENT, CONFIRMED).effects).not.toContainEqual(CONFIRM);
  });

  it.each([
    ['gone', GONE],
    ['ahead of the API server', TOO_LARGE],
  ])('ends with EXPIRED when the position is %s, accepted or not', (_, error) => {
    for (const facts of [CURSOR_FACTS, CONFIRMED]) {
      const { state, effects } = from(WATCHING, failed(error), facts);
      expect(state.phase).toEqual(ENDED);
      expect(effects).toMatchObject([{ kind: 'end', error: { code: 'EXPIRED' } }]);
    }
  });
});

describe('a view that somebody has got further than', () => {
  it('is listed again at once', () => {
    for (const phase of [SYNCED, WATCHING])
      expect(from(phase, { kind: 'behind' })).toEqual(result(INITIALISING, [STREAMING_LIST]));
  });

  it('is listed again after the back-off that is under way', () => {
    expect(from(WATCH_AGAIN, { kind: 'behind' })).toEqual(result(WAITING, []));
  });

  it('is not listed by a watch that continues a cursor', () => {
    expect(from(WATCHING, { kind: 'behind' }, CURSOR_FACTS)).toEqual(result(WATCHING, [], CURSOR_FACTS));
  });
});

describe('a watch that meets an API server with an older state', () => {
  it('lists again at once', () => {
    const present: Input = { kind: 'present', asked: '11', resourceVersion: '10' };
    for (const phase of [SYNCED, WATCHING])
      expect(from(phase, present)).toEqual(result(INITIALISING, [STREAMING_LIST]));
  });

  it('asks where the collection is when a bookmark goes back in time', () => {
    expect(from(WATCHING, { ...BOOKMARK, resourceVersion: '9' })).toEqual(
      result(WATCHING, [{ kind: 'checkPosition', resourceVersion: '11' }]),
    );
  });
});
