import type { Told } from './record.ts';

/** The eight promises of a watch. */
export const PROPERTIES = [
  'ordered',
  'unique',
  'reliable',
  'resumable',
  'bookmark-safe',
  'filter-exact',
  'no time travel',
  'atomic SYNCED',
] as const;

export type Property = (typeof PROPERTIES)[number];

/** A broken promise. */
export interface Violation {
  readonly property: Property;
  /** Which subscriber, and which of its subscriptions, counted from 1. */
  readonly subscriber: string;
  readonly session: number;
  /** What is wrong, with the object's key and versions. */
  readonly problem: string;
  /** What the subscriber was told around it. */
  readonly around: readonly string[];
}

/** How much is shown before and after. */
const AROUND = 4;

/** What was told around the event of this index, one line each; the event itself is marked. */
export function around(told: readonly Told[], index: number): readonly string[] {
  const start = Math.max(0, index - AROUND);
  return told
    .slice(start, index + AROUND + 1)
    .map((event, offset) => `${start + offset === index ? '>' : ' '} ${lineOf(event)}`);
}

function lineOf(event: Told): string {
  const { isSnapshot, position, revision } = event;
  const what =
    event.type === 'SYNCED'
      ? 'SYNCED'
      : `${event.type} ${event.key} ${event.uid ?? '?'}@${event.version ?? '?'}`;
  return `${what}${isSnapshot ? ' (snapshot)' : ''} claims ${position ?? 'nothing'} of ${revision}`;
}

export function describeViolation({ property, subscriber, session, problem, around }: Violation): string {
  return [`${property}: ${problem} (${subscriber}, subscription ${session})`, ...around].join('\n    ');
}
