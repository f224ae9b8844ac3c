import { type Check, changesOf, isResumed, violation } from '../case.ts';
import { missedBy, nameOf } from '../missed.ts';

/** Resumable: what comes behind a cursor is exactly what followed it: nothing is left out, and nothing from before comes. */
export const resumable: Check = function* resumable(one) {
  const { start } = one.session;
  if (!isResumed(one) || start.kind !== 'resumed') return;
  for (const [index, { type, key, uid, version }] of changesOf(one)) {
    if (type !== 'DELETED' && (version ?? 0) <= start.position) {
      yield violation(one, 'resumable', index, `${type} ${key} ${uid}@${version} was before the cursor`);
    }
  }
  if (start.isIdle) return;
  for (const { event, index } of missedBy(one)) {
    yield violation(one, 'resumable', index, `${nameOf(event)} is behind the cursor and was never told`);
  }
};
