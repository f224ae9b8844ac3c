import type { ContainerLog } from './container-log.ts';
import type { LogLine } from './log-line.ts';

/** How long others wait for the next lines of a log, in milliseconds: the first ones have to find their way first. */
const PATIENCE_MS = 100;
const FIRST_PATIENCE_MS = 1_000;

/**
 * The log whose next line comes first in time; undefined where none has come. What a container says late, because its
 * connection was broken or its node is slow, comes late: see `patience`.
 */
export function earliest(logs: Iterable<ContainerLog>): ContainerLog | undefined {
  let first: ContainerLog | undefined;
  for (const log of logs) {
    if (log.head !== undefined && (first === undefined || isBefore(log.head, first.head))) first = log;
  }
  return first;
}

/** How long to wait for lines that may be earlier than those that have come, in milliseconds; 0: not at all. */
export function patience(logs: Iterable<ContainerLog>, now: number): number {
  let longest = 0;
  for (const { waitsSince, hasAnswered } of logs) {
    if (waitsSince === undefined) continue;
    const patienceMs = hasAnswered ? PATIENCE_MS : FIRST_PATIENCE_MS;
    longest = Math.max(longest, waitsSince + patienceMs - now);
  }
  return longest;
}

/** What has no time is said at once. */
function isBefore(line: LogLine, other: LogLine | undefined): boolean {
  return (line.at ?? '') < (other?.at ?? '');
}
