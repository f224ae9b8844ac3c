import { errorFromStatus } from '../../../../src/errors/from-answer.ts';
import { KubegraphError } from '../../../../src/errors/kubegraph-error.ts';
import type { Effect, Facts, Input, Phase } from '../../../../src/watch/reflector/states.ts';
import { step, type Step } from '../../../../src/watch/reflector/step.ts';
import type { ObservedObject } from '../../../../src/watch/wire/observed-object.ts';
import { status } from './objects.ts';

export const UNREACHABLE = new KubegraphError('UNREACHABLE', 'no connection');
export const GONE = answer(410, 'Expired');
export const FORBIDDEN = answer(403, 'Forbidden');
export const TOO_LARGE = answer(504, 'Timeout', { causes: [{ reason: 'ResourceVersionTooLarge' }] });
export const PAGE = { continueToken: 'next', resourceVersion: '10' };
export const OBJECT: ObservedObject = {
  key: 'n/a',
  uid: 'u',
  resourceVersion: '12',
  bytes: Buffer.from('{}'),
};

export const FACTS: Facts = {
  base: 'list',
  lists: 'streaming',
  confirmed: true,
  startFailuresLeft: 3,
  listedAt: '10',
  isChecked: false,
  isSettled: false,
};
export const START_FACTS: Facts = { ...FACTS, confirmed: false, listedAt: undefined };
export const CURSOR_FACTS: Facts = { ...START_FACTS, base: 'cursor' };

const EMPTY: Phase = { kind: 'empty' };
export const INITIALISING: Phase = { kind: 'initialising' };
export const FIRST_PAGE: Phase = { kind: 'listing', page: undefined };
export const NEXT_PAGE: Phase = { kind: 'listing', page: PAGE };
export const SYNCED: Phase = { kind: 'synced', resourceVersion: '11' };
export const WATCHING: Phase = { kind: 'watching', resourceVersion: '11' };
export const WAITING: Phase = { kind: 'waiting', next: { kind: 'list' } };
export const ENDED: Phase = { kind: 'ended' };
export const PHASES = [EMPTY, INITIALISING, FIRST_PAGE, NEXT_PAGE, SYNCED, WATCHING, WAITING, ENDED];

export const CHANGE: Input = { kind: 'change', type: 'MODIFIED', object: OBJECT };
export const BOOKMARK: Extract<Input, { kind: 'bookmark' }> = {
  kind: 'bookmark',
  resourceVersion: '20',
  endsInitialEvents: false,
};
export const LIST_END: Input = { ...BOOKMARK, endsInitialEvents: true };
export const LAST_PAGE: Extract<Input, { kind: 'page' }> = {
  kind: 'page',
  items: [OBJECT],
  resourceVersion: '10',
  continueToken: undefined,
};
export const CLOSED: Input = { kind: 'closed', isEmptyAndShort: false };
export const CLOSED_AT_ONCE: Input = { kind: 'closed', isEmptyAndShort: true };

export const STREAMING_LIST: Effect = { kind: 'streamList' };
export const FETCH_FIRST: Effect = { kind: 'fetchPage', page: undefined };
export const WATCH_ON: Extract<Effect, { kind: 'openWatch' }> = {
  kind: 'openWatch',
  resourceVersion: '11',
  check: 'afterSilence',
};
export const BACK_OFF: Effect = { kind: 'wait', atLeastMs: 0 };

export function answer(code: number, reason: string, details: object = {}): KubegraphError {
  return errorFromStatus({ ...status(code, reason, details) });
}

export function failed(error: KubegraphError): Input {
  return { kind: 'failed', error };
}

export function from(phase: Phase, input: Input, facts: Facts = FACTS): Step {
  return step({ phase, facts }, input);
}

export function result(phase: Phase, effects: readonly Effect[], facts: Facts = FACTS): Step {
  return { state: { phase, facts }, effects };
}

export function waitingFor(next: Extract<Phase, { kind: 'waiting' }>['next']): Phase {
  return { kind: 'waiting', next };
}

/** Facts after a failure: one less is sat out. */
export function lessPatient(facts: Facts = FACTS): Facts {
  return { ...facts, startFailuresLeft: facts.startFailuresLeft - 1 };
}

export const WATCH_AGAIN = waitingFor({ kind: 'watch', resourceVersion: '11' });
