import {
  BACKSLASH,
  BYTE_CLASS,
  CLOSE_OBJECT,
  CLOSES,
  COLON,
  COMMA,
  NUMBER,
  OPENS,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  SPACE,
} from './json-bytes.ts';
import type { JsonSource } from './json-source.ts';
import { MalformedJson, TRUNCATED } from './malformed-json.ts';

/** How deeply one value may nest, in containers. Kubernetes' deepest schema, JSONSchemaProps, stays far below. */
export const MAX_DEPTH = 500;

// The innermost loops use constants of this module: V8 folds those, while it loads an imported one each time.
const QUOTE_BYTE = QUOTE;
const COLON_BYTE = COLON;
const DEPTH_CHANGE = new Int8Array(256);
for (const [byte, kind] of BYTE_CLASS.entries()) {
  DEPTH_CHANGE[byte] = kind === OPENS ? 1 : kind === CLOSES ? -1 : 0;
}

/** So many bytes of a string without a quote make the rest worth a call of the runtime's vectorised search. */
const LONG_STRING = 96;

const LITERALS: ReadonlyMap<number, Buffer> = new Map(
  ['true', 'false', 'null'].map((text) => [text.charCodeAt(0), Buffer.from(text)]),
);

// In this file `bytes[i]!` is read only where `i` has been compared with the end, or where a quote is known to follow.

/** The first byte at or after `at` that is not white space, or the end of the bytes. */
export function afterSpace(source: JsonSource, at: number): number {
  const { bytes, end } = source;
  let i = at;
  while (i < end && BYTE_CLASS[bytes[i]!] === SPACE) i++;
  return i;
}

/** The same where more must follow: throws TRUNCATED at the end of the bytes. */
export function skipSpace(source: JsonSource, at: number): number {
  const i = afterSpace(source, at);
  if (i >= source.end) throw TRUNCATED;
  return i;
}

/** Where the value starts whose key ends before `at`. */
export function skipColon(source: JsonSource, at: number): number {
  const i = skipSpace(source, at);
  if (source.bytes[i] !== COLON_BYTE) throw unexpected(source, i, "':'");
  return skipSpace(source, i + 1);
}

/** Where the first key of the object at `at` starts; its closing brace where there is none. */
export function firstKey(source: JsonSource, at: number): number {
  const i = skipSpace(source, at + 1);
  const byte = source.bytes[i];
  if (byte !== QUOTE_BYTE && byte !== CLOSE_OBJECT) throw unexpected(source, i, 'a key');
  return i;
}

/** Where the next key starts behind the value that ends before `at`; the closing brace where there is none. */
export function nextKey(source: JsonSource, at: number): number {
  const i = skipSpace(source, at);
  if (source.bytes[i] === CLOSE_OBJECT) return i;
  if (source.bytes[i] !== COMMA) throw unexpected(source, i, "',' or '}'");
  const key = skipSpace(source, i + 1);
  if (source.bytes[key] !== QUOTE_BYTE) throw unexpected(source, key, 'a key');
  return key;
}

/** The end of the value that starts at `at`, which is not white space. `depth` is how many containers it is in. */
export function skipValue(source: JsonSource, at: number, depth: number): number {
  const first = source.bytes[at];
  if (first === OPEN_OBJECT || first === OPEN_ARRAY) return skipContainer(source, at, depth);
  return first === QUOTE ? skipString(source, at) : skipScalar(source, at);
}

/** The end of the string whose opening quote is at `at`. */
export function skipString(source: JsonSource, at: number): number {
  const { bytes, lastQuote } = source;
  let i = at;
  while (i < lastQuote) {
    i = nextQuote(bytes, i);
    if (bytes[i - 1] !== BACKSLASH || !isEscaped(bytes, i)) return i + 1;
  }
  throw TRUNCATED;
}

/** The end of `true`, `false`, `null` or a number. */
function skipScalar(source: JsonSource, at: number): number {
  const { bytes, end } = source;
  if (at >= end) throw TRUNCATED;
  const literal = LITERALS.get(bytes[at]!);
  let i = at;
  if (literal === undefined) {
    while (i < end && BYTE_CLASS[bytes[i]!] === NUMBER) i++;
    if (i === at) throw unexpected(source, at, 'a value');
  } else {
    while (i < end && i - at < literal.length && bytes[i] === literal[i - at]) i++;
    if (i < end && i - at < literal.length) throw unexpected(source, i, 'a value');
  }
  // What ends a number is the byte after it.
  if (i >= end) throw TRUNCATED;
  return i;
}

function skipContainer(source: JsonSource, at: number, depth: number): number {
  if (depth >= MAX_DEPTH) throw tooDeep();
  const end = closeContainers(source, at + 1, 1, MAX_DEPTH - depth);
  if (end < 0) throw TRUNCATED;
  return end;
}

/**
 * Where the last of `open` containers ends, scanning from `at`, which is inside them. Answers -1 when the bytes end before;
 * `resumeAt` and `resumeOpen` then say how to go on. Which kind of bracket closes is not looked at.
 */
export function closeContainers(source: JsonSource, at: number, open: number, maxOpen: number): number {
  const { bytes, end, lastQuote } = source;
  let depth = open;
  let i = at;
  while (i < end) {
    const byte = bytes[i]!;
    if (byte === QUOTE_BYTE) {
      if (i >= lastQuote) break;
      i = nextQuote(bytes, i);
      // From an escaped quote the next one is found just as from the opening quote, now and when resuming.
      if (bytes[i - 1] === BACKSLASH && isEscaped(bytes, i)) continue;
      i++;
      if (i < end && bytes[i] === COLON_BYTE) i++;
    } else {
      i++;
      depth += DEPTH_CHANGE[byte]!;
      if (depth === 0) return i;
      if (depth > maxOpen) throw tooDeep();
    }
  }
  source.resumeAt = i;
  source.resumeOpen = depth;
  return -1;
}

/** The quote after the one at `at`, escaped or not; there must be one. */
function nextQuote(bytes: Buffer, at: number): number {
  // Unrolled: the overhead of a loop is as much as its one comparison. Backslashes are looked for afterwards, at the quote.
  let i = at;
  do {
    if (bytes[i + 1] === QUOTE_BYTE) return i + 1;
    if (bytes[i + 2] === QUOTE_BYTE) return i + 2;
    if (bytes[i + 3] === QUOTE_BYTE) return i + 3;
    if (bytes[i + 4] === QUOTE_BYTE) return i + 4;
    if (bytes[i + 5] === QUOTE_BYTE) return i + 5;
    if (bytes[i + 6] === QUOTE_BYTE) return i + 6;
    if (bytes[i + 7] === QUOTE_BYTE) return i + 7;
    if (bytes[i + 8] === QUOTE_BYTE) return i + 8;
    i += 8;
  } while (i - at < LONG_STRING);
  return bytes.indexOf(QUOTE_BYTE, i + 1);
}

/** Whether an odd number of backslashes stands before the quote. */
function isEscaped(bytes: Buffer, quote: number): boolean {
  let i = quote - 1;
  while (bytes[i] === BACKSLASH) i--;
  return (quote - i) % 2 === 0;
}

export function tooDeep(): MalformedJson {
  return new MalformedJson(`the JSON text nests deeper than ${MAX_DEPTH} levels`);
}

/** For a byte that cannot stand where it does; TRUNCATED when it is not there. */
export function unexpected(source: JsonSource, at: number, expected: string): MalformedJson {
  if (at >= source.end) return TRUNCATED;
  return new MalformedJson(`expected ${expected} at byte ${at} of the JSON text`);
}
