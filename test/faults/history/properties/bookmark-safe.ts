import { type Check, isResumed, violation } from '../case.ts';
import { missedBy, nameOf } from '../missed.ts';

/**
 * Bookmark-safe: positions only move forward and never claim what has not been written yet; and coming back with the cursor of a
 * stream on which nothing happened loses nothing.
 */
export const bookmarkSafe: Check = function* bookmarkSafe(one) {
  const { start, told } = one.session;
  let reached = isResumed(one) && start.kind === 'resumed' ? start.position : 0;
  for (const [index, { position, revision }] of told.entries()) {
    if (position === undefined) continue;
    if (position < reached) {
      yield violation(one, 'bookmark-safe', index, `the position went from ${reached} back to ${position}`);
    }
    if (position > revision) {
      yield violation(
        one,
        'bookmark-safe',
        index,
        `position ${position} was claimed at revision ${revision}`,
      );
    }
    reached = Math.max(reached, position);
  }
  if (!isResumed(one) || start.kind !== 'resumed' || !start.isIdle) return;
  for (const { event, index } of missedBy(one)) {
    yield violation(
      one,
      'bookmark-safe',
      index,
      `${nameOf(event)} is behind the cursor of an idle stream and was never told`,
    );
  }
};
