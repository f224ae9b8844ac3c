import { secondOf } from './timestamp.ts';

/**
 * How far a container's log has been read. The API server can be asked for what was written since a second, so that lines
 * come again that were had before; times alone do not tell them apart: several lines have the same, and those of stdout and
 * stderr are not always in order.
 */
export interface Position {
  /** The latest moment that a line had. */
  readonly at: string;
  /** How many lines have come with moments of its second, or later than it. */
  readonly lines: number;
}

/** The position behind one more line. */
export function advanced(position: Position | undefined, at: string): Position {
  if (position === undefined) return { at, lines: 1 };
  const second = secondOf(position.at);
  // It would not come again.
  if (at < second) return position;
  if (secondOf(at) > second) return { at, lines: 1 };
  return { at: at > position.at ? at : position.at, lines: position.lines + 1 };
}

/** Recognises the lines that were had before, in what comes since the second of a position. */
export class Repeats {
  readonly #position: Position | undefined;
  #left: number;

  constructor(position: Position | undefined) {
    this.#position = position;
    this.#left = position?.lines ?? 0;
  }

  /** Whether the next line was had before. To be asked of every line, in order. */
  has(at: string | undefined): boolean {
    if (this.#position === undefined || at === undefined) return false;
    // Before the second that was asked for: an API server that keeps to no seconds.
    if (at < secondOf(this.#position.at)) return true;
    // The first new one shows that all others have been passed, or that they are gone with an older file.
    if (at > this.#position.at) this.#left = 0;
    if (this.#left === 0) return false;
    this.#left -= 1;
    return true;
  }
}
