import { describe, expect, it } from 'vitest';
import { errorFromStatus } from '../../../src/errors/from-answer.ts';
import { KubegraphError } from '../../../src/errors/kubegraph-error.ts';
import type { ObservedObject } from '../../../src/watch/observed-object.ts';
import {
  freshState,
  resumedState,
  type Effect,
  type Facts,
  type Input,
  type Phase,
  type ReflectorState,
} from '../../../src/watch/states.ts';
import { step, type Step } from '../../../src/watch/step.ts';
import { status } from './support/objects.ts';

const UNREACHABLE = new KubegraphError('UNREACHABLE', 'no connection');
const GONE = answer(410, 'Expired');
const FORBIDDEN = answer(403, 'Forbidden');
const TOO_LARGE = answer(504, 'Timeout', { causes: [{ reason: 'ResourceVersionTooLarge' }] });
const PAGE = { continueToken: 'next', resourceVersion: '10' };
const OBJECT: ObservedObject = { key: 'n/a', uid: 'u', resourceVersion: '12', bytes: Buffer.from('{}') };

const FACTS: Facts = {
  base: 'list',
  lists: 'streaming',
  confirmed: true,
  startFailuresLeft: 3,
  listedAt: '10',
};
const START_FACTS: Facts = { ...FACTS, confirmed: false, listedAt: undefined };
const CURSOR_FACTS: Facts = { ...START_FACTS, base: 'cursor' };

const EMPTY: Phase = { kind: 'empty' };
const INITIALISING: Phase = { kind: 'initialising' };
const FIRST_PAGE: Phase = { kind: 'listing', page: undefined };
const NEXT_PAGE: Phase = { kind: 'listing', page: PAGE };
const SYNCED: Phase = { kind: 'synced', resourceVersion: '11' };
const WATCHING: Phase = { kind: 'watching', resourceVersion: '11' };
const WAITING: Phase = { kind: 'waiting', next: { kind: 'list' } };
const ENDED: Phase = { kind: 'ended' };
const PHASES = [EMPTY, INITIALISING, FIRST_PAGE, NEXT_PAGE, SYNCED, WATCHING, WAITING, ENDED];

const CHANGE: Input = { kind: 'change', type: 'MODIFIED', object: OBJECT };
const BOOKMARK: Input = { kind: 'bookmark', resourceVersion: '20', endsInitialEvents: false };
const LIST_END: Input = { ...BOOKMARK, endsInitialEvents: true };
const LAST_PAGE: Input = { kind: 'page', items: [OBJECT], resourceVersion: '10', continueToken: undefined };
const CLOSED: Input = { kind: 'closed', isEmptyAndShort: false };
const CLOSED_AT_ONCE: Input = { kind: 'closed', isEmptyAndShort: true };

const STREAMING_LIST: Effect = { kind: 'openWatch', resourceVersion: undefined };
const FETCH_FIRST: Effect = { kind: 'fetchPage', page: undefined };
const WATCH_ON: Effect = { kind: 'openWatch', resourceVersion: '11' };
const BACK_OFF: Effect = { kind: 'wait', atLeastMs: 0 };

function answer(code: number, reason: string, details: object = {}): KubegraphError {
  return errorFromStatus({ ...status(code, reason, details) });
}

function failed(error: KubegraphError): Input {
  return { kind: 'failed', error };
}

function from(phase: Phase, input: Input, facts: Facts = FACTS): Step {
  return step({ phase, facts }, input);
}

function result(phase: Phase, effects: readonly Effect[], facts: Facts = FACTS): Step {
  return { state: { phase, facts }, effects };
}

function waitingFor(next: Extract<Phase, { kind: 'waiting' }>['next']): Phase {
  return { kind: 'waiting', next };
}

/** Facts after a failure: one less is sat out. */
function lessPatient(facts: Facts = FACTS): Facts {
  return { ...facts, startFailuresLeft: facts.startFailuresLeft - 1 };
}

const WATCH_AGAIN = waitingFor({ kind: 'watch', resourceVersion: '11' });

describe('starting', () => {
  const options = { maxStartFailures: 3 };

  it('tries a streaming list first', () => {
    expect(step(freshState(options), { kind: 'start' })).toEqual(
      result(INITIALISING, [STREAMING_LIST], START_FACTS),
    );
  });

  it('lists in pages where streaming lists are known to be unavailable', () => {
    const facts: Facts = { ...START_FACTS, lists: 'paged' };
    expect(step(freshState({ ...options, lists: 'paged' }), { kind: 'start' })).toEqual(
      result(FIRST_PAGE, [FETCH_FIRST], facts),
    );
  });

  it('watches from the position of a cursor at once', () => {
    expect(step(resumedState('11', options), { kind: 'start' })).toEqual(
      result(SYNCED, [WATCH_ON], CURSOR_FACTS),
    );
  });
});

describe('a streaming list', () => {
  it.each(['ADDED', 'MODIFIED', 'DELETED'] as const)('collects an initial %s', (type) => {
    expect(from(INITIALISING, { kind: 'change', type, object: OBJECT })).toEqual(
      result(INITIALISING, [{ kind: 'collect', type, objects: [OBJECT] }]),
    );
  });

  it('goes on as the watch at the position of its end bookmark', () => {
    expect(from(INITIALISING, LIST_END, START_FACTS)).toEqual(
      result({ kind: 'watching', resourceVersion: '20' }, [{ kind: 'commit', resourceVersion: '20' }], {
        ...START_FACTS,
        confirmed: true,
        listedAt: '20',
      }),
    );
  });

  it('ignores other bookmarks', () => {
    expect(from(INITIALISING, BOOKMARK)).toEqual(result(INITIALISING, []));
  });

  it.each([400, 422])('gives way to a paged list when it is refused with %i', (code) => {
    expect(from(INITIALISING, failed(answer(code, '')), START_FACTS)).toEqual(
      result(FIRST_PAGE, [FETCH_FIRST], { ...START_FACTS, lists: 'paged' }),
    );
  });

  it('gives way to a paged list when it does not end in time', () => {
    expect(from(INITIALISING, { kind: 'overdue' })).toEqual(
      result(FIRST_PAGE, [FETCH_FIRST], { ...FACTS, lists: 'paged' }),
    );
  });

  it.each([
    ['ends early', CLOSED],
    ['is cut', failed(UNREACHABLE)],
    ['is gone', failed(GONE)],
    ['waits for a version that is too large', failed(TOO_LARGE)],
  ])('starts over after a back-off when it %s', (_, input) => {
    expect(from(INITIALISING, input)).toEqual(result(WAITING, [BACK_OFF], lessPatient()));
  });
});

describe('a paged list', () => {
  it('asks for the next page and keeps the position of the first', () => {
    const input: Input = { kind: 'page', items: [OBJECT], resourceVersion: '10', continueToken: 'next' };
    expect(from(FIRST_PAGE, input)).toEqual(
      result(NEXT_PAGE, [
        { kind: 'collect', type: 'ADDED', objects: [OBJECT] },
        { kind: 'fetchPage', page: PAGE },
      ]),
    );
  });

  it('watches from the position of the first page once the last one is there', () => {
    expect(from(NEXT_PAGE, { ...LAST_PAGE, resourceVersion: '15' }, START_FACTS)).toEqual(
      result(
        { kind: 'synced', resourceVersion: '10' },
        [
          { kind: 'collect', type: 'ADDED', objects: [OBJECT] },
          { kind: 'commit', resourceVersion: '10' },
          { kind: 'rememberPaged' },
          { kind: 'openWatch', resourceVersion: '10' },
        ],
        { ...START_FACTS, confirmed: true, listedAt: '10' },
      ),
    );
  });

  it('asks for the same page again after a failure', () => {
    expect(from(NEXT_PAGE, failed(UNREACHABLE))).toEqual(
      result(waitingFor({ kind: 'page', page: PAGE }), [BACK_OFF], lessPatient()),
    );
  });

  it('starts over when its continue token has expired', () => {
    expect(from(NEXT_PAGE, failed(GONE))).toEqual(result(WAITING, [BACK_OFF], lessPatient()));
  });

  it.each([400, 422])('ends with what the API server says against the selector: %i', (code) => {
    const error = answer(code, '');
    expect(from(FIRST_PAGE, failed(error))).toEqual(result(ENDED, [{ kind: 'end', error }]));
  });
});

describe('a watch', () => {
  it('is open when the API server has answered', () => {
    expect(from(SYNCED, { kind: 'opened' })).toEqual(result(WATCHING, []));
  });

  it('applies a change and moves to its position', () => {
    const apply: Effect = { kind: 'apply', type: 'MODIFIED', object: OBJECT, resourceVersion: '12' };
    expect(from(WATCHING, CHANGE)).toEqual(result({ kind: 'watching', resourceVersion: '12' }, [apply]));
  });

  it('does not move back for a change that is repeated', () => {
    const { effects, state } = from({ kind: 'watching', resourceVersion: '30' }, CHANGE);
    expect(state.phase).toEqual({ kind: 'watching', resourceVersion: '30' });
    expect(effects).toMatchObject([{ kind: 'apply', resourceVersion: '30' }]);
  });

  it('moves to the position of a bookmark', () => {
    expect(from(WATCHING, BOOKMARK)).toEqual(
      result({ kind: 'watching', resourceVersion: '20' }, [{ kind: 'advance', resourceVersion: '20' }]),
    );
  });

  it('is opened again at once from where it got to when it ends cleanly', () => {
    expect(from(WATCHING, CLOSED)).toEqual(result(SYNCED, [WATCH_ON]));
  });

  it('is opened again at once when its connection looks dead', () => {
    expect(from(WATCHING, { kind: 'stalled' })).toEqual(result(SYNCED, [WATCH_ON]));
  });

  it('is opened again after a back-off when it ended at once without a frame', () => {
    expect(from(WATCHING, CLOSED_AT_ONCE)).toEqual(result(WATCH_AGAIN, [BACK_OFF], lessPatient()));
  });

  it.each([
    ['no connection', UNREACHABLE],
    ['a cut', new KubegraphError('UPSTREAM_ERROR', 'cut')],
    ['500', answer(500, '')],
    ['500 ServerTimeout', answer(500, 'ServerTimeout')],
    ['503', answer(503, 'ServiceUnavailable')],
    ['504', answer(504, 'Timeout')],
    ['credentials that cannot be read now', new KubegraphError('CREDENTIALS_UNAVAILABLE', 'no file')],
  ])('resumes after a back-off on %s, open or not', (_, error) => {
    const expected = result(WATCH_AGAIN, [BACK_OFF], lessPatient());
    expect(from(WATCHING, failed(error))).toEqual(expected);
    expect(from(SYNCED, failed(error))).toEqual(expected);
  });

  it('waits for as long as a 429 asks', () => {
    const { effects } = from(SYNCED, failed(answer(429, 'TooManyRequests', { retryAfterSeconds: 7 })));
    expect(effects).toEqual([{ kind: 'wait', atLeastMs: 7000 }]);
  });

  it.each([SYNCED, WATCHING])('lists again at once when its position is gone, $kind', (phase) => {
    expect(from(phase, failed(GONE))).toEqual(result(INITIALISING, [STREAMING_LIST]));
  });

  it('lists again in pages where it did so before', () => {
    const facts: Facts = { ...FACTS, lists: 'paged' };
    expect(from(WATCHING, failed(GONE), facts)).toEqual(result(FIRST_PAGE, [FETCH_FIRST], facts));
  });

  it('lists again after a back-off when the position of the list itself is gone', () => {
    const phase: Phase = { kind: 'watching', resourceVersion: '10' };
    expect(from(phase, failed(GONE))).toEqual(result(WAITING, [BACK_OFF], lessPatient()));
  });

  it('lists again after a back-off when the API server has not reached its position', () => {
    expect(from(WATCHING, failed(TOO_LARGE))).toEqual(result(WAITING, [BACK_OFF], lessPatient()));
  });
});

describe('a watch from a cursor', () => {
  const CONFIRM: Effect = { kind: 'confirm', resourceVersion: '11' };
  const CONFIRMED: Facts = { ...CURSOR_FACTS, confirmed: true };

  it('waits whether the position is refused before it counts as accepted', () => {
    expect(from(SYNCED, { kind: 'opened' }, CURSOR_FACTS)).toEqual(
      result(WATCHING, [{ kind: 'awaitSettled' }], CURSOR_FACTS),
    );
    expect(from(WATCHING, { kind: 'settled' }, CURSOR_FACTS)).toEqual(result(WATCHING, [CONFIRM], CONFIRMED));
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
    expect(from(WATCHING, { kind: 'settled' }, CONFIRMED)).toEqual(result(WATCHING, [], CONFIRMED));
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

describe('a back-off', () => {
  it.each([
    [WAITING, INITIALISING, STREAMING_LIST],
    [waitingFor({ kind: 'page', page: PAGE }), NEXT_PAGE, { kind: 'fetchPage', page: PAGE }],
    [WATCH_AGAIN, SYNCED, WATCH_ON],
  ] as [Phase, Phase, Effect][])('is followed by what it was for (%#)', (phase, next, effect) => {
    expect(from(phase, { kind: 'waited' })).toEqual(result(next, [effect]));
  });
});

describe('giving up', () => {
  const OPEN = [INITIALISING, FIRST_PAGE, NEXT_PAGE, SYNCED, WATCHING];
  const FATAL = [
    answer(401, 'Unauthorized'),
    FORBIDDEN,
    new KubegraphError('NOT_FOUND', '404 page not found', { kubernetes: { code: 404 } }),
    answer(405, 'MethodNotAllowed'),
    new KubegraphError('RESULT_TOO_LARGE', 'too large'),
    new KubegraphError('INTERNAL_ERROR', 'a defect'),
  ];

  it.each(FATAL)('is at once on $code, at the start and later', (error) => {
    for (const phase of OPEN) {
      for (const facts of [START_FACTS, FACTS]) {
        expect(from(phase, failed(error), facts)).toEqual(result(ENDED, [{ kind: 'end', error }], facts));
      }
    }
  });

  it('is at once on credentials that were never there', () => {
    const error = new KubegraphError('CREDENTIALS_UNAVAILABLE', 'no file');
    expect(from(INITIALISING, failed(error), START_FACTS).effects).toEqual([{ kind: 'end', error }]);
  });

  it('comes after so many failures in a row before the first success', () => {
    let state: ReflectorState = { phase: INITIALISING, facts: START_FACTS };
    for (let failure = 1; failure < START_FACTS.startFailuresLeft; failure += 1) {
      state = step(state, failed(UNREACHABLE)).state;
      expect(state.phase).toEqual(WAITING);
      state = step(state, { kind: 'waited' }).state;
    }
    expect(step(state, failed(UNREACHABLE)).effects).toEqual([{ kind: 'end', error: UNREACHABLE }]);
  });

  it('never comes for passing failures after the first success', () => {
    const facts: Facts = { ...FACTS, startFailuresLeft: -1000 };
    expect(from(WATCHING, failed(UNREACHABLE), facts).state.phase).toEqual(WATCH_AGAIN);
  });
});

describe('inputs that a phase does not wait for', () => {
  const AWAITED: Record<Input['kind'], readonly Phase['kind'][]> = {
    start: ['empty', 'synced'],
    waited: ['waiting'],
    opened: ['synced'],
    settled: ['watching'],
    page: ['listing'],
    change: ['initialising', 'watching'],
    bookmark: ['initialising', 'watching'],
    closed: ['initialising', 'watching'],
    stalled: ['watching'],
    overdue: ['initialising'],
    failed: ['empty', 'initialising', 'listing', 'synced', 'watching', 'waiting'],
  };
  const INPUTS: readonly Input[] = [
    { kind: 'start' },
    { kind: 'waited' },
    { kind: 'opened' },
    { kind: 'settled' },
    LAST_PAGE,
    CHANGE,
    BOOKMARK,
    CLOSED,
    CLOSED_AT_ONCE,
    { kind: 'stalled' },
    { kind: 'overdue' },
    failed(UNREACHABLE),
  ];

  it.each(INPUTS)('change nothing: $kind', (input) => {
    for (const phase of PHASES) {
      if (AWAITED[input.kind].includes(phase.kind)) continue;
      expect(from(phase, input), phase.kind).toEqual(result(phase, []));
    }
  });
});
