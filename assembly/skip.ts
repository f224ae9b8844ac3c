import { BACKSLASH, CASE, COLON, FALS, LETTER_E, NULL, OPEN_OBJECT, QUOTE, TRUE } from './bytes';
import { skipContainer } from './container';
import { DECLINED, Input, NOWHERE, stop, TRUNCATED, unexpected } from './memory';

/** Where the first byte is at or after `at` that is not white space. */
export function skipSpace(at: usize): usize {
  return load<u8>(at) > 0x20 ? at : skipSomeSpace(at);
}

function skipSomeSpace(at: usize): usize {
  let byte = load<u8>(at);
  while (byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09) byte = load<u8>(++at);
  return at;
}

/** Where the value starts whose key ends before `at`. */
export function skipColon(at: usize): usize {
  const colon = skipSpace(at);
  return load<u8>(colon) == COLON ? skipSpace(colon + 1) : unexpected(colon);
}

/** The end of the value at `at`, which is not white space. */
export function skipValue(at: usize): usize {
  const byte = load<u8>(at);
  if (byte == QUOTE) return skipString(at);
  if ((byte | CASE) == OPEN_OBJECT) return skipContainer(at + 1);
  return skipScalar(at);
}

/** The end of the string whose opening quote is at `at`. */
export function skipString(at: usize): usize {
  at = quoteOrBackslash(at + 1);
  while (at != NOWHERE) {
    if (load<u8>(at) == QUOTE) return at + 1;
    // Whatever a backslash escapes does not end the string.
    at = quoteOrBackslash(at + 2);
  }
  return NOWHERE;
}

/** Where the first of the two is at or after `at`. */
export function quoteOrBackslash(at: usize): usize {
  const quotes = i8x16.splat(QUOTE);
  const backslashes = i8x16.splat(BACKSLASH);
  for (const end = Input.end; at < end; at += 16) {
    const bytes = v128.load(at);
    const found = i8x16.bitmask(v128.or(i8x16.eq(bytes, quotes), i8x16.eq(bytes, backslashes)));
    if (found != 0) return at + ctz(found);
  }
  return stop(TRUNCATED);
}

function skipScalar(at: usize): usize {
  let byte = load<u8>(at);
  if (byte > LETTER_E) {
    // What else it may be, even a part of these, is not decided here.
    const word = load<u32>(at);
    if (word == TRUE || word == NULL) at += 4;
    else if (word == FALS && load<u8>(at, 4) == LETTER_E) at += 5;
    else return stop(DECLINED);
  } else {
    const start = at;
    while (isPartOfNumber(byte)) byte = load<u8>(++at);
    if (at == start) return unexpected(at);
  }
  // What ends a number is the byte after it.
  return at < Input.end ? at : stop(TRUNCATED);
}

function isPartOfNumber(byte: u8): bool {
  // A digit, or one of `-+.eE`.
  return <u8>(byte - 0x30) < 10 || byte == 0x2d || byte == 0x2b || byte == 0x2e || (byte | CASE) == LETTER_E;
}
