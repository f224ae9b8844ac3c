import { type Case, type Check, syncedIndex, syncedOf, violation } from '../case.ts';
import { apply, differences, heldOf, startingState } from '../state.ts';

/**
 * Atomic SYNCED: it comes once, and what came before it, on what the subscriber built on, is exactly one state of the cluster: the
 * one that its cursor claims. What is marked as a snapshot comes before it, nothing else does, and nothing of it comes after.
 */
export const atomicSynced: Check = function* atomicSynced(one) {
  const { told } = one.session;
  const at = syncedIndex(one);
  const isSnapshot = syncedOf(told)?.isSnapshot ?? false;
  for (const [index, event] of told.entries()) {
    const say = (problem: string) => violation(one, 'atomic SYNCED', index, problem);
    if (event.type === 'SYNCED') {
      if (index !== at) yield say('SYNCED came twice');
    } else if (index > at) {
      if (event.isSnapshot) yield say(`${event.key} is of a snapshot, and came behind SYNCED`);
    } else if (at < told.length && event.isSnapshot !== isSnapshot) {
      yield say(`${event.key} is ${isSnapshot ? 'not ' : ''}of a snapshot, and SYNCED says otherwise`);
    }
  }
  yield* wrongState(one, at);
};

function* wrongState(one: Case, at: number): ReturnType<Check> {
  const { told, start } = one.session;
  const synced = told[at];
  if (synced === undefined) return;
  if (synced.position === undefined) {
    yield violation(one, 'atomic SYNCED', at, 'SYNCED has a cursor that claims nothing');
    return;
  }
  // Who hands in a cursor may hold what is behind it, too: it comes again, and only then is the state complete.
  if (one.basis === 'nothing' || (start.kind === 'resumed' && start.position === synced.position)) return;
  const state = startingState(one);
  for (const event of told.slice(0, at)) apply(state, event);
  for (const difference of differences(state, heldOf(one.history.stateAt(synced.position)))) {
    yield violation(one, 'atomic SYNCED', at, `at ${synced.position} ${difference}`);
  }
}
