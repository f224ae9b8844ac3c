import type { Recording, Session, Told, ToldChange, ToldSynced } from './record.ts';
import type { ScopeHistory } from './scope-history.ts';
import type { Property, Violation } from './violation.ts';
import { around } from './violation.ts';

/**
 * What a subscription builds on, by what came of it:
 *
 *   snapshot  nothing that was before
 *   cursor    the state at the cursor's position
 *   known     what the subscriber handed in
 *   nothing   whatever is there; only changes are told
 */
export type Basis = 'snapshot' | 'cursor' | 'known' | 'nothing';

/** One subscription with what really happened: what a property looks at. */
export interface Case {
  readonly recording: Recording;
  /** Counted from 1. */
  readonly number: number;
  readonly session: Session;
  readonly basis: Basis;
  readonly history: ScopeHistory;
  /** Revisions of complete lists that the gateway was given for this scope, in no order. */
  readonly lists: readonly number[];
  /** The newest revision of the scope's kind. */
  readonly end: number;
}

/** A property: finds where a subscription breaks it. */
export type Check = (one: Case) => Generator<Violation>;

export function basisOf({ start, told }: Session): Basis {
  const synced = syncedOf(told);
  const first = told[0];
  if (synced?.isSnapshot === true || first?.isSnapshot === true) return 'snapshot';
  if (start.kind === 'changes') return 'nothing';
  if (start.kind === 'known') return 'known';
  if (start.kind === 'fresh') return 'snapshot';
  if (start.known === undefined) return 'cursor';
  if (first !== undefined && first.type !== 'SYNCED')
    return first.position === undefined ? 'known' : 'cursor';
  return (synced?.position ?? start.position) > start.position ? 'known' : 'cursor';
}

export function syncedOf(told: readonly Told[]): ToldSynced | undefined {
  return told.find((event) => event.type === 'SYNCED');
}

/** Whether the subscription goes on from a cursor. */
export function isResumed({ basis }: Case): boolean {
  return basis === 'cursor';
}

/** The changes that were told, with their indices. */
export function* changesOf({ session: { told } }: Case): Generator<readonly [number, ToldChange]> {
  for (const [index, event] of told.entries()) if (event.type !== 'SYNCED') yield [index, event];
}

/** The index of SYNCED; past the end when it has not come. */
export function syncedIndex({ session: { told } }: Case): number {
  const synced = syncedOf(told);
  return synced === undefined ? told.length : told.indexOf(synced);
}

/** @param index of the event that shows it. */
export function violation(one: Case, property: Property, index: number, problem: string): Violation {
  return {
    property,
    subscriber: `${one.recording.name}, ${one.recording.scope.title}`,
    session: one.number,
    problem,
    around: [`(${one.session.start.kind}, on ${one.basis})`, ...around(one.session.told, index)],
  };
}
