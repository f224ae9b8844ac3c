import { type Case, type Check, basisOf } from './case.ts';
import { atomicSynced } from './properties/atomic-synced.ts';
import { bookmarkSafe } from './properties/bookmark-safe.ts';
import { filterExact } from './properties/filter-exact.ts';
import { noTimeTravel } from './properties/no-time-travel.ts';
import { ordered } from './properties/ordered.ts';
import { reliable } from './properties/reliable.ts';
import { resumable } from './properties/resumable.ts';
import { unique } from './properties/unique.ts';
import type { Recording } from './record.ts';
import { ScopeHistory } from './scope-history.ts';
import type { ScopeUnderTest } from './scope.ts';
import type { Truth } from './truth.ts';
import type { Property, Violation } from './violation.ts';

const CHECKS: Readonly<Record<Property, Check>> = {
  ordered,
  unique,
  reliable,
  resumable,
  'bookmark-safe': bookmarkSafe,
  'filter-exact': filterExact,
  'no time travel': noTimeTravel,
  'atomic SYNCED': atomicSynced,
};

export interface Evidence {
  readonly truth: Truth;
  readonly recordings: readonly Recording[];
  /** The newest revision of the truth when the recordings ended. */
  readonly end: number;
  /** The revisions of the complete lists that the gateway was given for a scope. */
  readonly listsOf: (scope: ScopeUnderTest) => readonly number[];
}

/** Where what subscribers were told breaks one of the eight properties. */
export function violationsIn({ truth, recordings, end, listsOf }: Evidence): readonly Violation[] {
  return recordings.flatMap((recording) => {
    const history = new ScopeHistory(truth, recording.scope);
    const shared = { recording, history, lists: listsOf(recording.scope), end };
    return recording.sessions.flatMap((session, index) => {
      const one: Case = { ...shared, session, number: index + 1, basis: basisOf(session) };
      return Object.values(CHECKS).flatMap((check) => [...check(one)]);
    });
  });
}
