import { describe, expect, it } from 'vitest';
import { KubegraphError } from '../../../src/errors/kubegraph-error.ts';
import type { Facts, ReflectorState } from '../../../src/watch/reflector/states.ts';
import { step } from '../../../src/watch/reflector/step.ts';
import {
  UNREACHABLE,
  FORBIDDEN,
  FACTS,
  START_FACTS,
  INITIALISING,
  FIRST_PAGE,
  NEXT_PAGE,
  SYNCED,
  WATCHING,
  WAITING,
  ENDED,
  answer,
  failed,
  from,
  result,
  WATCH_AGAIN,
} from './support/steps.ts';

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
