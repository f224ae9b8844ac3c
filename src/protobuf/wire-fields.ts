import { MalformedJson } from '../projection/malformed-json.ts';

/** Wire types of fields: how the content is delimited. Groups were given up before Kubernetes was made. */
export const VARINT = 0;
const FIXED_64 = 1;
export const BYTES = 2;
const FIXED_32 = 5;

const CONTINUES = 0x80;
const SEVEN_BITS = 0x7f;
const MAX_VARINT_BYTES = 10;
/** A tag is a field's number, from 1 on, above three bits of wire type. */
const LEAST_TAG = 1 << 3;
const MOST_TAG = 2 ** 32 - 1;

/** Goes over the fields of a protobuf message without allocating: it is loaded again for the next one. */
export class WireFields {
  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;
  #at = 0;
  /** The number and the wire type of the field that was found. */
  number = 0;
  wireType = 0;
  /** Where its tag is. */
  start = 0;
  /** Where its content is; of a VARINT the bytes of the number. `to` lies behind the end when not all of it has arrived. */
  from = 0;
  to = 0;

  /** Starts with the first field of the message in `bytes[from..end)`. */
  load(bytes: Buffer, from: number, end: number): void {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = end;
  }

  /** Finds the next field. False at the end, and when the bytes end before it is known how long it is. Throws MalformedJson. */
  next(): boolean {
    this.start = this.#at;
    const tag = this.#varint();
    if (tag < 0) return false;
    if (tag < LEAST_TAG || tag > MOST_TAG) throw new MalformedJson('a field has no possible number');
    this.number = tag >>> 3;
    this.wireType = tag & 7;
    switch (this.wireType) {
      case BYTES:
        return this.#found(this.#varint());
      case VARINT:
        this.from = this.#at;
        if (this.#varint() < 0) return false;
        this.to = this.#at;
        return true;
      case FIXED_64:
        return this.#found(8);
      case FIXED_32:
        return this.#found(4);
      default:
        throw new MalformedJson(`no field has wire type ${this.wireType}`);
    }
  }

  /** Finds the next field of a message that has arrived as a whole. False at the end. Throws MalformedJson. */
  nextWhole(): boolean {
    if (this.#at === this.#end) return false;
    if (this.next() && this.to <= this.#end) return true;
    throw new MalformedJson('a message ends in the middle of a field');
  }

  #found(length: number): boolean {
    if (length < 0) return false;
    this.from = this.#at;
    this.to = this.#at += length;
    return true;
  }

  /** Exact up to 2^53, which is more than any length can be. -1 when the bytes end before it does. */
  #varint(): number {
    const bytes = this.#bytes;
    const most = this.#at + MAX_VARINT_BYTES;
    let value = 0;
    for (let factor = 1; this.#at < this.#end; factor *= CONTINUES) {
      // In bounds by the loop's condition.
      const byte = bytes[this.#at++]!;
      value += (byte & SEVEN_BITS) * factor;
      if (byte < CONTINUES) return value;
      if (this.#at === most) throw new MalformedJson('a number has more than 64 bits');
    }
    return -1;
  }
}
