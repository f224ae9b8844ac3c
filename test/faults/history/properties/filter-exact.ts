import { type Case, type Check, syncedIndex, violation } from '../case.ts';
import { apply, startingState } from '../state.ts';
import type { Held, ToldChange } from '../record.ts';

/**
 * Filter-exact: exactly what is in the scope is told, as it was written; entering the scope is ADDED, leaving it is DELETED, and
 * MODIFIED is only said of what stays.
 */
export const filterExact: Check = function* filterExact(one) {
  const state = startingState(one);
  for (const [index, event] of one.session.told.entries()) {
    if (event.type !== 'SYNCED') {
      const problem = wrongObject(one, event) ?? wrongType(one, event, state.get(event.key));
      if (problem !== undefined) {
        const { type, key, uid, version } = event;
        yield violation(
          one,
          'filter-exact',
          index,
          `${type} ${key} ${uid ?? '?'}@${version ?? '?'} ${problem}`,
        );
      }
    }
    apply(state, event);
  }
};

/** What is wrong with the object itself. A deletion may carry any version that the object had. */
function wrongObject({ history }: Case, { type, uid, version, content }: ToldChange): string | undefined {
  if (type === 'DELETED') return undefined;
  const written = history.find(uid ?? '', version ?? 0);
  if (written === undefined) return 'was never written';
  if (written.type === 'DELETED') return 'is not in the scope';
  if (content !== undefined && content !== written.version.content) {
    return `says ${content} instead of ${written.version.content}`;
  }
  return undefined;
}

function wrongType(one: Case, event: ToldChange, held: Held | undefined): string | undefined {
  const { type, uid } = event;
  // Subscribers say which versions they know, not which incarnations.
  const isSame = uid === undefined || held?.uid === uid || isDifferenceToKnown(one, event);
  const isHeld = held !== undefined && isSame;
  if (type === 'ADDED') return held === undefined ? undefined : `though ${held.uid} was there`;
  if (isHeld) return undefined;
  // Added and deleted while nobody read: the latest state is that it has gone.
  if (type === 'DELETED' && one.recording.mayCoalesce) return undefined;
  return 'though it was not there';
}

function isDifferenceToKnown(one: Case, event: ToldChange): boolean {
  return one.basis === 'known' && one.session.told.indexOf(event) < syncedIndex(one);
}
