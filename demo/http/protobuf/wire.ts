/** A field of a protobuf message as it is on the wire. */
export interface WireField {
  readonly number: number;
  /** A number, or the bytes of a text or of another message. */
  readonly value: bigint | Buffer;
}

const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;

/**
 * The fields of a message, in order.
 *
 * @throws RangeError for bytes that are no message.
 */
export function* wireFields(message: Buffer): Generator<WireField> {
  let at = 0;
  const varint = (): bigint => {
    let result = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at++);
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return result;
    }
  };
  const bytes = (length: number): Buffer => {
    if (at + length > message.length) throw new RangeError('a field is longer than its message');
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const key = Number(varint());
    yield { number: key >> 3, value: valueOf(key & 7, varint, bytes) };
  }
}

function valueOf(wireType: number, varint: () => bigint, bytes: (length: number) => Buffer): bigint | Buffer {
  switch (wireType) {
    case VARINT:
      return varint();
    case FIXED_64:
      return bytes(8);
    case BYTES:
      return bytes(Number(varint()));
    case FIXED_32:
      return bytes(4);
    default:
      throw new RangeError(`no such wire type: ${wireType}`);
  }
}
