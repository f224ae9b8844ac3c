const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;

const CONTINUES = 0x80;
const SEVEN_BITS = 0x7f;

/** Goes over the fields of a protobuf message without allocating: it is loaded again for the next one. */
export class WireFields {
  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;
  #at = 0;
  /** The number of the field that `next` found. */
  number = 0;
  /** Where its content is. `to` lies behind the bytes when not all of it has arrived. */
  from = 0;
  to = 0;
  /** Its value, if it is a number. Exact up to 2^53. */
  value = 0;

  /** Starts with the first field of the message in `bytes[from..end)`. */
  load(bytes: Buffer, from: number, end: number): void {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = end;
  }

  /** Finds the next field. False at the end, and when the bytes end before it is known how long it is. */
  next(): boolean {
    const tag = this.#varint();
    if (tag < 0) return false;
    this.number = tag >>> 3;
    switch (tag & 7) {
      case BYTES:
        return this.#found(this.#varint());
      case VARINT:
        this.from = this.#at;
        this.value = this.#varint();
        this.to = this.#at;
        return this.value >= 0;
      case FIXED_64:
        return this.#found(8);
      case FIXED_32:
        return this.#found(4);
      default:
        throw new Error(`no such wire type: ${tag & 7}`);
    }
  }

  #found(length: number): boolean {
    this.from = this.#at;
    this.to = this.#at += Math.max(length, 0);
    return length >= 0;
  }

  /** -1 when the bytes end before it does. */
  #varint(): number {
    const bytes = this.#bytes;
    let value = 0;
    for (let factor = 1; this.#at < this.#end; factor *= CONTINUES) {
      // In bounds by the loop's condition.
      const byte = bytes[this.#at++]!;
      value += (byte & SEVEN_BITS) * factor;
      if (byte < CONTINUES) return value;
    }
    return -1;
  }
}
