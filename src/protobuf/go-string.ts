import type { ByteWriter } from '../projection/byte-writer.ts';
import { BACKSLASH, QUOTE } from '../projection/json-bytes.ts';

/** Bytes that stand for themselves. */
const PLAIN = new Uint8Array(256);
PLAIN.fill(1, 0x20, 0x80);
for (const escaped of [QUOTE, BACKSLASH, ...Buffer.from('<>&')]) PLAIN[escaped] = 0;

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** What Go's encoding/json writes for each ASCII character that is not plain. */
const ESCAPES = Array.from({ length: 0x80 }, (_, code) => {
  return SHORT_ESCAPES[String.fromCharCode(code)] ?? `\\u${code.toString(16).padStart(4, '0')}`;
});

/**
 * Writes UTF-8 as a JSON string, to the byte as Go's encoding/json does (appendString in encode.go, with HTML escaped): the
 * API server's JSON is copied to answers as it is, and these are to be the same.
 */
export function writeGoString(output: ByteWriter, bytes: Buffer, from: number, to: number): void {
  output.writeByte(QUOTE);
  let copied = from;
  for (let at = plainEnd(bytes, from, to); at < to; at = plainEnd(bytes, at, to)) {
    // In bounds by the loop's condition.
    const byte = bytes[at]!;
    const length = byte < 0x80 ? 1 : sequenceLength(bytes, at, to);
    const escape = byte < 0x80 ? ESCAPES[byte] : escapeOf(bytes, at, length);
    if (escape === undefined) {
      at += length;
      continue;
    }
    output.write(bytes, copied, at);
    output.writeAscii(escape);
    copied = at += Math.max(length, 1);
  }
  output.write(bytes, copied, to);
  output.writeByte(QUOTE);
}

function plainEnd(bytes: Buffer, from: number, to: number): number {
  let at = from;
  // In bounds by the first condition.
  while (at < to && PLAIN[bytes[at]!] === 1) at++;
  return at;
}

/** Of a character beyond ASCII. Go replaces each byte that is part of none. */
function escapeOf(bytes: Buffer, at: number, length: number): string | undefined {
  if (length === 0) return '\\ufffd';
  // Line separators, which JavaScript once did not allow in its strings.
  if (length !== 3 || bytes[at] !== 0xe2 || bytes[at + 1] !== 0x80) return undefined;
  const last = bytes[at + 2];
  if (last === 0xa8) return '\\u2028';
  return last === 0xa9 ? '\\u2029' : undefined;
}

/** How many bytes a character beyond ASCII has; 0 when they are none (too long, a surrogate, cut off). */
function sequenceLength(bytes: Buffer, at: number, to: number): number {
  const lead = bytes[at] ?? 0;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || at + length > to) return 0;
  let codePoint = lead & (0xff >> (length + 1));
  for (let next = at + 1; next < at + length; next++) {
    // In bounds by the check above.
    const byte = bytes[next]!;
    if ((byte & 0xc0) !== 0x80) return 0;
    codePoint = (codePoint << 6) | (byte & 0x3f);
  }
  const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  const least = length === 4 ? 0x1_0000 : length === 3 ? 0x800 : 0x80;
  return codePoint < least || codePoint > 0x10_ffff || isSurrogate ? 0 : length;
}
