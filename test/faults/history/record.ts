import type { ScopeUnderTest } from './scope.ts';

/** What a subscriber holds of an object. */
export interface Held {
  readonly uid: string;
  readonly version: number;
}

interface Moment {
  readonly cursor: string;
  /** What the cursor claims: everything up to this revision has been told. Undefined: nothing. */
  readonly position: number | undefined;
  /** The newest revision of the truth when it was told. */
  readonly revision: number;
}

export interface ToldChange extends Moment {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly key: string;
  /** Undefined only for the deletion of something that nobody has seen. */
  readonly uid: string | undefined;
  readonly version: number | undefined;
  /** As `Version.content`. */
  readonly content: string | undefined;
  readonly isSnapshot: boolean;
}

export interface ToldSynced extends Moment {
  readonly type: 'SYNCED';
  readonly isSnapshot: boolean;
}

/** One thing that a subscriber was told. */
export type Told = ToldChange | ToldSynced;

/** What a subscriber said when it came. */
export type Start =
  /** It wants a snapshot. */
  | { readonly kind: 'fresh' }
  /** It wants changes only. */
  | { readonly kind: 'changes' }
  /** It wants what differs from this. */
  | { readonly kind: 'known'; readonly known: ReadonlyMap<string, Held> }
  | {
      readonly kind: 'resumed';
      readonly cursor: string;
      readonly position: number;
      /** The cursor came with SYNCED or an error, not with a change. */
      readonly isIdle: boolean;
      readonly known: ReadonlyMap<string, Held> | undefined;
    };

/** How a subscription ended from the gateway's side. */
export interface Ending {
  readonly code: string;
  /** Where it says to resume; undefined: nowhere, or from the start. */
  readonly position: number | undefined;
}

/** One subscription, from the subscriber's point of view. */
export interface Session {
  readonly start: Start;
  readonly told: readonly Told[];
  /** Undefined while it goes on, and when the subscriber left. */
  readonly ending: Ending | undefined;
  /** The subscriber stayed to the end of the run, when everything had been told. */
  readonly isLast: boolean;
}

/** One subscriber with all its subscriptions, in order. */
export interface Recording {
  readonly name: string;
  readonly scope: ScopeUnderTest;
  /** It asked for the latest state only, or reads so slowly that it may get no more. */
  readonly mayCoalesce: boolean;
  readonly sessions: readonly Session[];
  /** What it holds in the end by its own account; undefined for who never asked for all. */
  readonly held: ReadonlyMap<string, Held> | undefined;
}
