import { type Check, isResumed, violation } from '../case.ts';
import { endOf, missedBy, nameOf } from '../missed.ts';
import { differences, heldOf } from '../state.ts';

/**
 * Reliable: between SYNCED and the end nothing is missed, deletions included; who asked for the latest state only, or is slow,
 * gets that and every deletion. In the end a subscriber holds what is there.
 */
export const reliable: Check = function* reliable(one) {
  if (!isResumed(one)) {
    for (const { event, index } of missedBy(one)) {
      yield violation(one, 'reliable', index, `${nameOf(event)} was never told`);
    }
  }
  const { held } = one.recording;
  if (!one.session.isLast || held === undefined) return;
  for (const difference of differences(held, heldOf(one.history.stateAt(endOf(one))))) {
    yield violation(one, 'reliable', one.session.told.length - 1, `in the end ${difference}`);
  }
};
