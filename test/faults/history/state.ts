import { type Case, syncedOf } from './case.ts';
import type { Held, Told } from './record.ts';
import type { ScopeState } from './scope-history.ts';

/** What a subscriber on this basis holds before it is told anything. */
export function startingState({ session: { start, told }, basis, history }: Case): Map<string, Held> {
  if (basis === 'snapshot') return new Map();
  if (basis === 'known')
    return new Map(start.kind === 'known' || start.kind === 'resumed' ? start.known : []);
  if (basis === 'cursor') return heldOf(history.stateAt(start.kind === 'resumed' ? start.position : 0));
  return heldOf(history.stateAt(syncedOf(told)?.position ?? 0));
}

export function heldOf(state: ScopeState): Map<string, Held> {
  return new Map(Array.from(state, ([key, { uid, revision }]) => [key, { uid, version: revision }]));
}

/** Applies what was told to `state`. Older versions of what is held change nothing: a client that repeats itself would. */
export function apply(state: Map<string, Held>, told: Told): void {
  if (told.type === 'SYNCED') return;
  const { type, key, uid, version } = told;
  const held = state.get(key);
  if (type === 'DELETED') {
    // Subscribers say which versions they know, not which incarnations: what differs from it is said by key.
    const isDifference = !told.isSnapshot && told.position === undefined;
    if (uid === undefined || held?.uid === uid || isDifference) state.delete(key);
  } else if (uid !== undefined && version !== undefined) {
    if (held?.uid !== uid || held.version <= version) state.set(key, { uid, version });
  }
}

/** Where two states differ, one line each. */
export function differences(
  actual: ReadonlyMap<string, Held>,
  expected: ReadonlyMap<string, Held>,
): string[] {
  const text = (held: Held | undefined): string =>
    held === undefined ? 'none' : `${held.uid}@${held.version}`;
  const keys = new Set([...actual.keys(), ...expected.keys()]);
  return [...keys]
    .filter((key) => text(actual.get(key)) !== text(expected.get(key)))
    .map((key) => `${key} is ${text(actual.get(key))}, should be ${text(expected.get(key))}`);
}
