/** Protobuf as Go writes it, for fixtures. */

const VARINT = 0;
const BYTES = 2;

/** An int64: a negative one takes all ten bytes. */
function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}

export function numberField(number: number, value: bigint): Buffer {
  return Buffer.concat([varint(BigInt((number << 3) | VARINT)), varint(value)]);
}

export function bytesField(number: number, value: Buffer | string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(BigInt((number << 3) | BYTES)), varint(BigInt(bytes.length)), bytes]);
}

/** A meta.v1.Time. Without seconds it is the zero time. */
export function timeField(number: number, seconds?: bigint): Buffer {
  const time = seconds === undefined ? [] : [numberField(1, seconds), numberField(2, 0n)];
  return bytesField(number, Buffer.concat(time));
}

/** The envelope around every message. */
export function enveloped(
  raw: Buffer,
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string } = {
    apiVersion: 'meta.k8s.io/v1',
    kind: 'PartialObjectMetadataList',
  },
): Buffer {
  return Buffer.concat([
    Buffer.from('k8s\0'),
    bytesField(1, Buffer.concat([bytesField(1, apiVersion), bytesField(2, kind)])),
    bytesField(2, raw),
    bytesField(3, ''),
    bytesField(4, ''),
  ]);
}

/** An item of a list, by its `metadata`. */
export function itemField(metadata: Buffer): Buffer {
  return bytesField(2, bytesField(1, metadata));
}
