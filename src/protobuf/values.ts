import type { ByteWriter } from '../projection/byte-writer.ts';
import { COLON } from '../projection/json-bytes.ts';
import { MalformedJson } from '../projection/malformed-json.ts';
import { writeGoString } from './go-string.ts';
import { BYTES, VARINT, WireFields } from './wire-fields.ts';

/** Writes what stands in `bytes[from..to)` as JSON. Throws MalformedJson. */
export type WriteValue = (output: ByteWriter, bytes: Buffer, from: number, to: number) => void;

/** Made once: there is an entry for each label of each object. */
const FIELDS = new WireFields();

/** So many bytes of a varint are exact as a JavaScript number. */
const EXACT_BYTES = 7;

/** Every digit of an int64. Negative ones come as ten bytes. */
export function int64Digits(bytes: Buffer, from: number, to: number): string {
  const isExact = to - from <= EXACT_BYTES;
  let small = 0;
  let large = 0n;
  for (let at = to - 1; at >= from; at--) {
    // In bounds: these are the bytes of a number that was found.
    const bits = bytes[at]! & 0x7f;
    if (isExact) small = small * 0x80 + bits;
    else large = (large << 7n) | BigInt(bits);
  }
  return String(isExact ? small : BigInt.asIntN(64, large));
}

export const writeInt64: WriteValue = (output, bytes, from, to) => {
  output.writeAscii(int64Digits(bytes, from, to));
};

export const writeBool: WriteValue = (output, bytes, from, to) => {
  output.writeAscii(int64Digits(bytes, from, to) === '0' ? 'false' : 'true');
};

/** The first and the last second that a time can have: of year 1, which Go calls zero, and of year 9999. */
const ZERO_TIME = -62_135_596_800;
const LAST_TIME = 253_402_300_799;

/**
 * The seconds since 1970 that a meta.v1.Time has. Nanoseconds are neither sent nor read by Go. Undefined for the zero time: no
 * bytes at all, while 1970 has its zeros.
 */
function secondsOf(bytes: Buffer, from: number, to: number): number | undefined {
  if (from === to) return undefined;
  FIELDS.load(bytes, from, to);
  let seconds = 0;
  while (FIELDS.nextWhole()) {
    if (FIELDS.number !== 1) continue;
    if (FIELDS.wireType !== VARINT) throw new MalformedJson('a time has seconds that are no number');
    seconds = Number(int64Digits(bytes, FIELDS.from, FIELDS.to));
  }
  return seconds === ZERO_TIME ? undefined : seconds;
}

export function isZeroTime(bytes: Buffer, from: number, to: number): boolean {
  return secondsOf(bytes, from, to) === undefined;
}

/** As RFC 3339 in UTC; the zero time as `null`. */
export const writeTime: WriteValue = (output, bytes, from, to) => {
  const seconds = secondsOf(bytes, from, to);
  if (seconds === undefined) return output.writeAscii('null');
  if (seconds < ZERO_TIME || seconds > LAST_TIME) throw new MalformedJson('a time is not of years 1 to 9999');
  output.writeAscii(`"${new Date(seconds * 1000).toISOString().slice(0, 19)}Z"`);
};

/** Of a map's entry: a key is field 1 and its value field 2, both texts. Go sorts entries by key here as in JSON. */
export const writeEntry: WriteValue = (output, bytes, from, to) => {
  let [keyFrom, keyTo, valueFrom, valueTo] = [from, from, from, from];
  FIELDS.load(bytes, from, to);
  while (FIELDS.nextWhole()) {
    if (FIELDS.number > 2) continue;
    if (FIELDS.wireType !== BYTES) throw new MalformedJson('a map has an entry that is no text');
    if (FIELDS.number === 1) [keyFrom, keyTo] = [FIELDS.from, FIELDS.to];
    else [valueFrom, valueTo] = [FIELDS.from, FIELDS.to];
  }
  writeGoString(output, bytes, keyFrom, keyTo);
  output.writeByte(COLON);
  writeGoString(output, bytes, valueFrom, valueTo);
};
