import { describe, expect, it } from 'vitest';
import { KubegraphError } from '../../../src/errors/kubegraph-error.ts';
import {
  freshState,
  resumedState,
  type Effect,
  type Facts,
  type Input,
  type Phase,
} from '../../../src/watch/reflector/states.ts';
import { step } from '../../../src/watch/reflector/step.ts';
import {
  UNREACHABLE,
  GONE,
  TOO_LARGE,
  PAGE,
  OBJECT,
  FACTS,
  START_FACTS,
  CURSOR_FACTS,
  INITIALISING,
  FIRST_PAGE,
  NEXT_PAGE,
  SYNCED,
  WATCHING,
  WAITING,
  ENDED,
  PHASES,
  CHANGE,
  BOOKMARK,
  LIST_END,
  LAST_PAGE,
  CLOSED,
  CLOSED_AT_ONCE,
  STREAMING_LIST,
  FETCH_FIRST,
  WATCH_ON,
  BACK_OFF,
  answer,
  failed,
  from,
  result,
  waitingFor,
  lessPatient,
  WATCH_AGAIN,
} from './support/steps.ts';

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

  it('watches from the position of a cursor at once, and asks whether it has been reached', () => {
    expect(step(resumedState('11', options), { kind: 'start' })).toEqual(
      result(SYNCED, [{ ...WATCH_ON, check: 'always' }], CURSOR_FACTS),
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
          { kind: 'openWatch', resourceVersion: '10', check: 'afterSilence' },
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

describe('a back-off', () => {
  it.each([
    [WAITING, INITIALISING, STREAMING_LIST],
    [waitingFor({ kind: 'page', page: PAGE }), NEXT_PAGE, { kind: 'fetchPage', page: PAGE }],
    [WATCH_AGAIN, SYNCED, WATCH_ON],
  ] as [Phase, Phase, Effect][])('is followed by what it was for (%#)', (phase, next, effect) => {
    expect(from(phase, { kind: 'waited' })).toEqual(result(next, [effect]));
  });
});

describe('inputs that a phase does not wait for', () => {
  const AWAITED: Record<Input['kind'], readonly Phase['kind'][]> = {
    start: ['empty', 'synced'],
    waited: ['waiting'],
    opened: ['synced'],
    settled: ['watching'],
    present: ['synced', 'watching'],
    page: ['listing'],
    change: ['initialising', 'watching'],
    bookmark: ['initialising', 'watching'],
    closed: ['initialising', 'watching'],
    stalled: ['watching'],
    behind: ['synced', 'watching', 'waiting'],
    overdue: ['initialising'],
    failed: ['empty', 'initialising', 'listing', 'synced', 'watching', 'waiting'],
  };
  const INPUTS: readonly Input[] = [
    { kind: 'start' },
    { kind: 'waited' },
    { kind: 'opened' },
    { kind: 'settled' },
    { kind: 'present', asked: '11', resourceVersion: '10' },
    LAST_PAGE,
    CHANGE,
    BOOKMARK,
    CLOSED,
    CLOSED_AT_ONCE,
    { kind: 'stalled' },
    { kind: 'behind' },
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
