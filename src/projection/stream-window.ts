import { QUOTE } from './json-bytes.ts';
import { JsonSource } from './json-source.ts';

/** A store larger than this is given back once nothing is kept in it. */
const IDLE_CAPACITY = 256 * 1024;

/**
 * The part of a byte stream that is not consumed yet, in one piece.
 *
 * A chunk is scanned where it is when nothing was left over before it; otherwise it is appended to what was. Nothing of a
 * chunk is referred to after `keepFrom`.
 */
export class StreamWindow {
  readonly source = new JsonSource();
  #store = Buffer.alloc(0);
  #kept = 0;

  /** Lets `source` be the bytes kept followed by `chunk`. */
  append(chunk: Buffer): void {
    const { source } = this;
    if (this.#kept === 0) {
      source.load(chunk);
      return;
    }
    const length = this.#kept + chunk.length;
    this.#reserve(length);
    chunk.copy(this.#store, this.#kept);
    // Only the chunk is searched: looking through all of a long string again for each chunk would be quadratic.
    const last = chunk.lastIndexOf(QUOTE);
    if (last >= 0) source.lastQuote = this.#kept + last;
    source.bytes = this.#store;
    source.end = length;
  }

  /** Ends the work on a chunk: everything before `from` is consumed, the rest is kept for the next `append`. */
  keepFrom(from: number): void {
    const { source } = this;
    const rest = source.end - from;
    if (source.bytes === this.#store) this.#store.copyWithin(0, from, source.end);
    else if (rest > 0) {
      this.#reserve(rest);
      source.bytes.copy(this.#store, 0, from, source.end);
    }
    if (rest === 0 && this.#store.length > IDLE_CAPACITY) this.#store = Buffer.alloc(0);
    this.#kept = rest;
    source.bytes = this.#store;
    source.end = rest;
    source.lastQuote = Math.max(source.lastQuote - from, -1);
  }

  #reserve(length: number): void {
    if (length <= this.#store.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(length, this.#store.length * 2));
    this.#store.copy(larger, 0, 0, this.#kept);
    this.#store = larger;
  }
}
