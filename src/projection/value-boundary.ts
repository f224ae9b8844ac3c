import { OPEN_ARRAY, OPEN_OBJECT } from './json-bytes.ts';
import type { JsonSource } from './json-source.ts';
import { TRUNCATED } from './malformed-json.ts';
import { closeContainers, MAX_DEPTH } from './skip.ts';

/** From this many failures on, a value is not read before its end has been seen. */
const PATIENCE = 2;

/**
 * Decides when to read a value that arrives in pieces.
 *
 * Reading right away is cheapest while values are smaller than chunks: the few that are cut in two are read again from their
 * start. A value that has failed twice is larger, and reading it again for each chunk would be quadratic. Its end is then
 * looked for first, each byte once.
 */
export class ValueBoundary {
  #failures = 0;
  /** How far the end has been looked for, counted from the value's start; 0 before that begins. */
  #scanned = 0;
  #open = 0;

  /**
   * Calls `read`, which answers where the value at `at` ends, if that has a chance to succeed. Throws what `read` throws,
   * and TRUNCATED when the value is known to be incomplete: to be called again with more bytes, for the same value.
   */
  read(source: JsonSource, at: number, read: () => number): number {
    if (this.#failures >= PATIENCE && !this.#isComplete(source, at)) throw TRUNCATED;
    try {
      const end = read();
      this.#failures = 0;
      this.#scanned = 0;
      return end;
    } catch (error) {
      if (error === TRUNCATED) this.#failures++;
      throw error;
    }
  }

  #isComplete(source: JsonSource, at: number): boolean {
    const first = source.bytes[at];
    if (first !== OPEN_OBJECT && first !== OPEN_ARRAY) return true;
    const from = this.#scanned === 0 ? 1 : this.#scanned;
    const open = this.#scanned === 0 ? 1 : this.#open;
    const end = closeContainers(source, at + from, open, MAX_DEPTH);
    this.#scanned = source.resumeAt - at;
    this.#open = source.resumeOpen;
    return end >= 0;
  }
}
