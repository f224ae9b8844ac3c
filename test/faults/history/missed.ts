import type { Case } from './case.ts';
import type { Held, ToldChange } from './record.ts';
import type { ScopedEvent } from './scope-history.ts';
import { apply, startingState } from './state.ts';
import type { Version } from './truth.ts';

/** An event that a subscriber was not told, though a cursor claims that everything up to it was. */
export interface Missed {
  readonly event: ScopedEvent;
  /** Of what was told last when it was claimed. */
  readonly index: number;
}

/**
 * Finds what was missed from the subscription's basis on.
 *
 * Not missed is what a complete list has bridged, provided that the subscriber then has what it says of the object; and,
 * for those who may get the latest state only, what a later event of the same incarnation has overtaken.
 */
export function* missedBy(one: Case): Generator<Missed> {
  const { told } = one.session;
  const heard = new Set<ScopedEvent>();
  const state = startingState(one);
  let claimed = firstClaim(one);
  for (const [index, event] of told.entries()) {
    const before = new Map(state);
    apply(state, event);
    if (event.type !== 'SYNCED') noteHeard(one, event, heard);
    const { position } = event;
    if (claimed !== undefined && position !== undefined) {
      yield* missedIn(one, { before, after: state, from: claimed, to: position, heard, index });
      claimed = Math.max(claimed, position);
    }
    // Before its end a snapshot claims nothing, and with its end everything.
    if (event.type === 'SYNCED') claimed ??= position;
  }
  const to = one.session.isLast ? endOf(one) : one.session.ending?.position;
  if (claimed === undefined || to === undefined) return;
  yield* missedIn(one, { before: state, after: state, from: claimed, to, heard, index: told.length - 1 });
}

/** How far a subscriber that stayed has to have been told: to the end of the truth, or further if it was ahead of that. */
export function endOf({ end, session: { told } }: Case): number {
  return Math.max(end, told.at(-1)?.position ?? 0);
}

/** What is certain before anything is told; undefined where SYNCED has to say it. */
function firstClaim({ basis, session: { start } }: Case): number | undefined {
  return basis === 'cursor' && start.kind === 'resumed' ? start.position : undefined;
}

/** A deletion that a list has shown has the version of what was deleted, and so is none of the truth's events. */
function noteHeard({ history }: Case, { uid, version, type }: ToldChange, heard: Set<ScopedEvent>): void {
  if (uid === undefined || version === undefined) return;
  const event = history.find(uid, version);
  if (event !== undefined && (event.type === 'DELETED') === (type === 'DELETED')) heard.add(event);
}

/** That everything between two positions has been told. */
interface Claim {
  readonly from: number;
  readonly to: number;
  readonly heard: ReadonlySet<ScopedEvent>;
  /** What the subscriber held before it was told what claims this, and after. */
  readonly before: ReadonlyMap<string, Held>;
  readonly after: ReadonlyMap<string, Held>;
  readonly index: number;
}

function* missedIn(one: Case, claim: Claim): Generator<Missed> {
  const { from, to, heard, index } = claim;
  for (const event of one.history.between(from, to)) {
    if (heard.has(event) || isBridged(one, event, claim)) continue;
    if (one.recording.mayCoalesce && isOvertaken(one, event.version)) continue;
    yield { event, index };
  }
}

/** Whether a complete list was there behind the event, and the subscriber has what that says of the object. */
function isBridged(one: Case, { version: { key, revision } }: ScopedEvent, claim: Claim): boolean {
  return one.lists.some((position) => {
    if (position < revision || position > claim.to) return false;
    const held = (position === claim.to ? claim.after : claim.before).get(key);
    const listed = one.history.stateAt(position).get(key);
    if (held?.uid === listed?.uid && held?.version === listed?.revision) return true;
    return one.recording.mayCoalesce && listed !== undefined && isOvertaken(one, listed);
  });
}

function isOvertaken({ history, end }: Case, { uid, revision }: Version): boolean {
  return history.between(revision, end).some(({ version }) => version.uid === uid);
}

/** For people. */
export function nameOf({ type, version: { key, uid, revision } }: ScopedEvent): string {
  return `${type} ${key} ${uid}@${revision}`;
}
