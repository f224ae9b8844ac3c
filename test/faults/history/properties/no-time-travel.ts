import { type Case, type Check, changesOf, violation } from '../case.ts';
import { startingState } from '../state.ts';
import type { Held } from '../record.ts';

/**
 * No time travel: across reconnects, an object never goes back to an older version than the cursor covers, than the subscriber says
 * it knows or, where a snapshot takes the cursor's place, than it was told before; and what was deleted stays so.
 */
export const noTimeTravel: Check = function* noTimeTravel(one) {
  const { start } = one.session;
  if (start.kind === 'fresh' || start.kind === 'changes') return;
  const known = baseline(one);
  const reached = start.kind === 'resumed' ? start.position : newest(known);
  for (const [index, { type, key, uid, version }] of changesOf(one)) {
    const held = known.get(key);
    if (type !== 'DELETED' && version !== undefined) {
      if (held !== undefined && version < held.version) {
        yield violation(one, 'no time travel', index, `${key} went back from ${held.version} to ${version}`);
      } else if (held?.uid !== uid && hasEnded(one, uid, reached)) {
        yield violation(one, 'no time travel', index, `${key} ${uid}@${version} came back from the dead`);
      }
    } else if (held !== undefined && isStill(one, key, held)) {
      yield violation(one, 'no time travel', index, `${key} ${held.uid} went, and is still there`);
    }
    if (type === 'DELETED') known.delete(key);
    else if (uid !== undefined && version !== undefined) known.set(key, { uid, version });
  }
};

function baseline(one: Case): Map<string, Held> {
  const { start } = one.session;
  if (start.kind !== 'resumed' || one.basis !== 'snapshot') return startingState(one);
  return startingState({ ...one, basis: 'cursor' });
}

function newest(known: ReadonlyMap<string, Held>): number {
  return Math.max(0, ...Array.from(known.values(), ({ version }) => version));
}

/** Whether it has left the scope up to this revision, for good. */
function hasEnded({ history }: Case, uid: string | undefined, revision: number): boolean {
  const last = history.between(0, Number.POSITIVE_INFINITY).findLast(({ version }) => version.uid === uid);
  return last?.type === 'DELETED' && last.version.revision <= revision;
}

/** Whether the object has never left the scope since that version. */
function isStill({ history, end }: Case, key: string, { uid, version: since }: Held): boolean {
  return !history
    .between(since, end)
    .some(({ type, version }) => type === 'DELETED' && version.key === key && version.uid === uid);
}
