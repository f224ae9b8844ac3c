import { moment } from './timestamp.ts';

/** Which container's log. */
export interface LogPlace {
  readonly namespace: string;
  readonly pod: string;
  /** Undefined: the pod's only one, of which nobody knows the name. */
  readonly container: string | undefined;
}

/** A line of a container's log. */
export interface LogLine {
  readonly place: LogPlace;
  /** As the kubelet wrote it; undefined for what it says itself, such as that a log cannot be read. */
  readonly timestamp: string | undefined;
  /** The same as text that sorts as time does. */
  readonly at: string | undefined;
  /** Without timestamp and line break. */
  readonly text: Buffer;
  /** Whether it was longer, or has no end. */
  readonly isTruncated: boolean;
}

/** `2026-01-01T00:00:00.000000000+00:00 ` */
const MAX_PREFIX_BYTES = 40;
const SPACE = 0x20;

/** A line as the kubelet writes it where timestamps are asked for. */
export function parseLine(place: LogPlace, bytes: Buffer, isTruncated: boolean): LogLine {
  const space = bytes.subarray(0, MAX_PREFIX_BYTES).indexOf(SPACE);
  // An empty line is its timestamp, and a space that something on the way may have cut.
  const prefix = space < 0 && bytes.length <= MAX_PREFIX_BYTES ? bytes.length : space;
  const timestamp = prefix > 0 ? bytes.toString('latin1', 0, prefix) : undefined;
  const at = timestamp === undefined ? undefined : moment(timestamp);
  if (at === undefined) return { place, timestamp: undefined, at, text: bytes, isTruncated };
  return { place, timestamp, at, text: bytes.subarray(prefix + 1), isTruncated };
}
