const INITIAL_CAPACITY = 1024;
/** Up to this many bytes a loop beats the call into the runtime's copy: 1.4 ns per byte against 60 ns at once. */
const SHORT = 40;

/** Bytes under construction: grows as needed (doubling), can be cut back, and hands over what it holds. */
export class ByteWriter {
  #bytes: Buffer = Buffer.alloc(0);
  #length = 0;
  #leastCapacity = INITIAL_CAPACITY;

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** Appends `bytes[start..end)`, by default all of them. */
  write(bytes: Uint8Array, start = 0, end = bytes.length): void {
    const count = end - start;
    let to = this.#length;
    if (to + count > this.#bytes.length) this.#grow(to + count);
    const target = this.#bytes;
    this.#length = to + count;
    if (count > SHORT) {
      Buffer.prototype.copy.call(bytes, target, to, start, end);
      return;
    }
    // The assertion holds for every `from` below `end`.
    for (let from = start; from < end; from++) target[to++] = bytes[from]!;
  }

  /** Appends text of which every character is ASCII. */
  writeAscii(text: string): void {
    const count = text.length;
    if (this.#length + count > this.#bytes.length) this.#grow(this.#length + count);
    this.#bytes.write(text, this.#length, 'latin1');
    this.#length += count;
  }

  writeByte(byte: number): void {
    if (this.#length === this.#bytes.length) this.#grow(this.#length + 1);
    this.#bytes[this.#length++] = byte;
  }

  /** Forgets everything after the first `length` bytes. */
  truncate(length: number): void {
    if (length < 0 || length > this.#length)
      throw new RangeError(`cannot cut ${this.#length} bytes to ${length}`);
    this.#length = length;
  }

  /** The bytes so far, owned by the caller. The writer is empty afterwards. */
  take(): Buffer {
    const bytes = this.view();
    this.#length = 0;
    // A nearly full store is handed over; of a mostly empty one a copy is taken, so that its rest is not kept alive.
    if (bytes.length * 2 < this.#bytes.length) return Buffer.from(bytes);
    // Who takes pieces of a size takes more of that size: growing up to it again would copy it all twice.
    this.#leastCapacity = this.#bytes.length;
    this.#bytes = Buffer.alloc(0);
    return bytes;
  }

  /** The bytes so far, without a copy: valid until the next call that changes the writer. */
  view(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2, this.#leastCapacity));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
