import { QUOTE } from './bytes';
import { DECLINED, Input, NOWHERE, stop, unexpected } from './memory';
import { keyAt, Program } from './program';
import { quoteOrBackslash } from './skip';

/** No key of the program. */
export const NO_KEY: i32 = -1;
/** In place of a key, what NOWHERE is in place of a position. */
export const STOPPED: i32 = -2;

export class Found {
  /** The byte after the closing quote of the key looked at last. */
  static end: usize = 0;
}

/**
 * Which key of `program` has its opening quote at `at`. `guess` is tried first: objects of one kind have their keys in one
 * order. STOPPED where there is no key.
 */
export function findKey(program: Program, at: usize, guess: u32): i32 {
  if (load<u8>(at) != QUOTE) {
    unexpected(at);
    return STOPPED;
  }
  const start = at + 1;
  if (guess < program.keyCount) {
    const key = keyAt(program, guess);
    const end = start + key.length;
    if (end < Input.end && load<u8>(end) == QUOTE && isEqual(start, key.bytes, key.length)) {
      Found.end = end + 1;
      return guess;
    }
  }
  const end = quoteOrBackslash(start);
  if (end == NOWHERE) return STOPPED;
  if (load<u8>(end) != QUOTE) {
    // There are hardly any keys with escapes.
    stop(DECLINED);
    return STOPPED;
  }
  Found.end = end + 1;
  return findAmong(program, start, <u32>(end - start));
}

function findAmong(program: Program, start: usize, length: u32): i32 {
  if (((program.keyLengths >> (length & 31)) & 1) == 0) return NO_KEY;
  for (let index: u32 = 0; index < program.keyCount; index++) {
    const key = keyAt(program, index);
    if (key.length == length && isEqual(start, key.bytes, length)) return index;
  }
  return NO_KEY;
}

function isEqual(a: usize, b: usize, length: u32): bool {
  for (let i: u32 = 0; i < length; i += 16) {
    const same = i8x16.bitmask(i8x16.eq(v128.load(a + i), v128.load(b + i)));
    const left = length - i;
    const wanted = left < 16 ? (1 << left) - 1 : 0xffff;
    if ((same & wanted) != wanted) return false;
  }
  return true;
}
