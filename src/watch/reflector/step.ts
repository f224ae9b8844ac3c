import { KubegraphError } from '../../errors/kubegraph-error.ts';
import { assertNever } from '../../util/assert-never.ts';
import { isOlder, laterVersion } from '../wire/resource-version.ts';
import type { Effect, Facts, Input, Phase, ReflectorState, Target } from './states.ts';
import { refusesStreamingList, verdictOn } from './verdict.ts';

export interface Step {
  readonly state: ReflectorState;
  readonly effects: readonly Effect[];
}

type Of<K extends Input['kind']> = Extract<Input, { kind: K }>;

const LIST: Target = { kind: 'list' };

/** What a reflector does when `input` happens. Inputs that a phase does not wait for change nothing. */
export function step(state: ReflectorState, input: Input): Step {
  if (state.phase.kind === 'ended') return stay(state);
  switch (input.kind) {
    case 'start':
      return isNew(state.phase) ? go(state.facts, targetOf(state.phase)) : stay(state);
    case 'waited':
      return state.phase.kind === 'waiting' ? go(state.facts, state.phase.next) : stay(state);
    case 'opened':
      return afterOpening(state);
    case 'settled':
      return state.phase.kind === 'watching'
        ? confirmedIfSo({ ...state, facts: { ...state.facts, isSettled: true } })
        : stay(state);
    case 'present':
      return afterCheck(state, input);
    case 'page':
      return afterPage(state, input);
    case 'change':
      return afterChange(state, input);
    case 'bookmark':
      return afterBookmark(state, input);
    case 'closed':
      return afterClosing(state, input);
    case 'stalled':
      return state.phase.kind === 'watching' ? go(state.facts, targetOf(state.phase)) : stay(state);
    case 'behind':
      return afterFallingBehind(state);
    case 'overdue':
      return state.phase.kind === 'initialising' ? go({ ...state.facts, lists: 'paged' }, LIST) : stay(state);
    case 'failed':
      return afterFailure(state, input.error);
    default:
      return assertNever(input, 'reflector input');
  }
}

/** Starts what `target` says. */
function go(facts: Facts, target: Target): Step {
  switch (target.kind) {
    case 'list':
      return facts.lists === 'streaming'
        ? to(facts, { kind: 'initialising' }, [{ kind: 'streamList' }])
        : to(facts, { kind: 'listing', page: undefined }, [{ kind: 'fetchPage', page: undefined }]);
    case 'page':
      return to(facts, { kind: 'listing', page: target.page }, [{ kind: 'fetchPage', page: target.page }]);
    case 'watch':
      return to(facts, { kind: 'synced', resourceVersion: target.resourceVersion }, [
        openWatch(facts, target.resourceVersion),
      ]);
    default:
      return assertNever(target, 'target');
  }
}

/** Where to go on when what `phase` was doing has come to nothing. */
function targetOf(phase: Phase): Target {
  switch (phase.kind) {
    case 'empty':
    case 'initialising':
    case 'ended':
      // A half-streamed list has no position to go on from.
      return LIST;
    case 'listing':
      return phase.page === undefined ? LIST : { kind: 'page', page: phase.page };
    case 'synced':
    case 'watching':
      return { kind: 'watch', resourceVersion: phase.resourceVersion };
    case 'waiting':
      return phase.next;
    default:
      return assertNever(phase, 'phase');
  }
}

function afterOpening(state: ReflectorState): Step {
  if (state.phase.kind !== 'synced') return stay(state);
  const phase: Phase = { kind: 'watching', resourceVersion: state.phase.resourceVersion };
  // The refusal of a position comes inside the 200 answer, so this says nothing yet about a cursor.
  if (state.facts.confirmed) return to(state.facts, phase, []);
  return to({ ...state.facts, isSettled: false }, phase, [{ kind: 'awaitSettled' }]);
}

/** A watch from a position that the API server has not reached is accepted, and silent until it has: so it must be asked. */
function afterCheck(state: ReflectorState, { asked, resourceVersion }: Of<'present'>): Step {
  const { phase, facts } = state;
  if (phase.kind !== 'synced' && phase.kind !== 'watching') return stay(state);
  const isAhead = resourceVersion !== undefined && isOlder(resourceVersion, asked);
  // What came since shows that it has been reached.
  if (isAhead && !isOlder(asked, phase.resourceVersion))
    return facts.base === 'cursor' ? end(state, expired()) : go(facts, LIST);
  const next = confirmedIfSo({ phase, facts: { ...facts, isChecked: true } });
  return { state: next.state, effects: [{ kind: 'locate', resourceVersion }, ...next.effects] };
}

function afterPage(state: ReflectorState, input: Of<'page'>): Step {
  if (state.phase.kind !== 'listing') return stay(state);
  const resourceVersion = state.phase.page?.resourceVersion ?? input.resourceVersion;
  const collect: Effect = { kind: 'collect', type: 'ADDED', objects: input.items };
  if (input.continueToken !== undefined) {
    const page = { continueToken: input.continueToken, resourceVersion };
    return to(state.facts, { kind: 'listing', page }, [collect, { kind: 'fetchPage', page }]);
  }
  return to(listed(state.facts, resourceVersion), { kind: 'synced', resourceVersion }, [
    collect,
    { kind: 'commit', resourceVersion },
    { kind: 'rememberPaged' },
    openWatch(state.facts, resourceVersion),
  ]);
}

function afterChange(state: ReflectorState, input: Of<'change'>): Step {
  const { phase, facts } = state;
  const { type, object } = input;
  // Initial events come in no order, so the position must not follow them.
  if (phase.kind === 'initialising') return to(facts, phase, [{ kind: 'collect', type, objects: [object] }]);
  if (phase.kind !== 'watching') return stay(state);
  // It is from before the cursor, and says nothing about whether its position has been reached.
  if (!facts.confirmed && isOlder(object.resourceVersion, phase.resourceVersion)) return stay(state);
  const resourceVersion = laterVersion(phase.resourceVersion, object.resourceVersion);
  const { state: next, effects } = confirmed(state, phase);
  return to(next.facts, { kind: 'watching', resourceVersion }, [
    ...effects,
    { kind: 'apply', type, object, resourceVersion },
  ]);
}

function afterBookmark(state: ReflectorState, input: Of<'bookmark'>): Step {
  const { phase, facts } = state;
  if (phase.kind === 'initialising' && input.endsInitialEvents) {
    const { resourceVersion } = input;
    return to(listed(facts, resourceVersion), { kind: 'watching', resourceVersion }, [
      { kind: 'commit', resourceVersion },
    ]);
  }
  if (phase.kind !== 'watching') return stay(state);
  if (isOlder(input.resourceVersion, phase.resourceVersion))
    return to(facts, phase, [{ kind: 'checkPosition', resourceVersion: phase.resourceVersion }]);
  const { resourceVersion } = input;
  const { state: next, effects } = confirmed(state, phase);
  return to(next.facts, { kind: 'watching', resourceVersion }, [
    ...effects,
    { kind: 'advance', resourceVersion },
  ]);
}

/** Announces that the API server has taken the position of a cursor, once all is known that has to be. */
function confirmedIfSo(state: ReflectorState): Step {
  const { phase, facts } = state;
  return phase.kind === 'watching' && facts.isChecked && facts.isSettled
    ? confirmed(state, phase)
    : stay(state);
}

/** Announces that the API server has taken the position, if that is news. */
function confirmed(state: ReflectorState, phase: Extract<Phase, { kind: 'watching' }>): Step {
  if (state.facts.confirmed) return stay(state);
  const { resourceVersion } = phase;
  return to({ ...state.facts, confirmed: true }, phase, [{ kind: 'confirm', resourceVersion }]);
}

function afterClosing(state: ReflectorState, input: Of<'closed'>): Step {
  const { phase } = state;
  if (phase.kind === 'initialising') return retry(state, LIST, endedEarly('the list was complete'));
  if (phase.kind !== 'watching') return stay(state);
  return input.isEmptyAndShort
    ? retry(state, targetOf(phase), endedEarly('anything came'))
    : go(state.facts, targetOf(phase));
}

/** Only a list tells for sure. One that continues a cursor cannot list; and a list that is under way may be new enough. */
function afterFallingBehind(state: ReflectorState): Step {
  const { phase, facts } = state;
  if (facts.base === 'cursor') return stay(state);
  if (phase.kind === 'waiting') return to(facts, { kind: 'waiting', next: LIST }, []);
  return phase.kind === 'synced' || phase.kind === 'watching' ? go(facts, LIST) : stay(state);
}

function afterFailure(state: ReflectorState, error: KubegraphError): Step {
  const { phase, facts } = state;
  if (phase.kind === 'initialising' && refusesStreamingList(error))
    return go({ ...facts, lists: 'paged' }, LIST);
  const verdict = verdictOn(error, facts.confirmed);
  switch (verdict) {
    case 'fatal':
      return end(state, error);
    case 'gone':
    case 'ahead':
      if (facts.base === 'cursor') return end(state, expired(error));
      return verdict === 'gone' && hasMovedOn(state) ? go(facts, LIST) : retry(state, LIST, error);
    case 'transient':
      return retry(state, targetOf(phase), error);
    default:
      return assertNever(verdict, 'verdict');
  }
}

/** Whether listing again is likely to help. A list's own position being forgotten at once would make it a busy loop. */
function hasMovedOn({ phase, facts }: ReflectorState): boolean {
  const isPositioned = phase.kind === 'synced' || phase.kind === 'watching';
  return isPositioned && phase.resourceVersion !== facts.listedAt;
}

function retry(state: ReflectorState, next: Target, error: KubegraphError): Step {
  const startFailuresLeft = state.facts.startFailuresLeft - 1;
  if (!state.facts.confirmed && startFailuresLeft <= 0) return end(state, error);
  const atLeastMs = (error.kubernetes?.retryAfterSeconds ?? 0) * 1000;
  return to({ ...state.facts, startFailuresLeft }, { kind: 'waiting', next }, [{ kind: 'wait', atLeastMs }]);
}

function end(state: ReflectorState, error: KubegraphError): Step {
  return to(state.facts, { kind: 'ended' }, [{ kind: 'end', error }]);
}

function openWatch(facts: Facts, resourceVersion: string): Effect {
  const isUnchecked = facts.base === 'cursor' && !facts.isChecked;
  return { kind: 'openWatch', resourceVersion, check: isUnchecked ? 'always' : 'afterSilence' };
}

function listed(facts: Facts, resourceVersion: string): Facts {
  return { ...facts, confirmed: true, listedAt: resourceVersion };
}

function isNew(phase: Phase): boolean {
  return phase.kind === 'empty' || phase.kind === 'synced';
}

function to(facts: Facts, phase: Phase, effects: readonly Effect[]): Step {
  return { state: { phase, facts }, effects };
}

function stay(state: ReflectorState): Step {
  return { state, effects: [] };
}

function endedEarly(what: string): KubegraphError {
  return new KubegraphError('UPSTREAM_ERROR', `the API server ended the watch before ${what}`);
}

function expired(cause?: KubegraphError): KubegraphError {
  if (cause?.code === 'EXPIRED') return cause;
  return new KubegraphError('EXPIRED', 'the API server does not know the position of the cursor', { cause });
}
