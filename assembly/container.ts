import { BACKSLASH, CASE, CLOSE_OBJECT, OPEN_OBJECT, QUOTE } from './bytes';
import { DECLINED, Input, stop, TRUNCATED } from './memory';

/** Where so many containers are open, the rest is left to the other engine. With MAX_PROJECTED, less than the depth allowed. */
const MAX_SKIPPED: i32 = 300;

/** Every second bit, from the second on. */
const ODD: u64 = 0xaaaaaaaaaaaaaaaa;

/**
 * The end of the container that `at` is inside of, right behind its opening bracket. Which kind of bracket closes is not
 * looked at, nor anything else in there.
 *
 * Goes by blocks of 64 bytes, as simdjson does: for each kind of byte that matters a block has a number, with a bit for each
 * place where it stands.
 */
export function skipContainer(at: usize): usize {
  let depth: i32 = 1;
  let inString: u64 = 0; // all bits are set when the block starts inside a string
  let isEscaped: u64 = 0; // 1 when its first byte is escaped
  for (const end = Input.end; at < end; at += 64) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    let quote = placesOf(QUOTE, a, b, c, d);
    const backslash = placesOf(BACKSLASH, a, b, c, d);
    if ((backslash | isEscaped) != 0) {
      // The subtraction borrows along each run of backslashes: of a run, every second one and the byte behind it are found.
      const escaping = backslash & ~isEscaped;
      const found = (((escaping << 1) | ODD) - escaping) ^ ODD;
      quote &= ~(found ^ (backslash | isEscaped));
      isEscaped = (found & backslash) >> 63;
    }
    const string = upToEachSecond(quote) ^ inString;
    inString = <u64>(<i64>string >> 63);
    // Outside of strings no JSON has any, and the engines would take what follows for different things.
    if ((backslash & ~string) != 0) return stop(DECLINED);
    const opens = bracketsOf(OPEN_OBJECT, a, b, c, d) & ~string;
    const closes = bracketsOf(CLOSE_OBJECT, a, b, c, d) & ~string;
    const openCount = <i32>popcnt(opens);
    const closeCount = <i32>popcnt(closes);
    if (closeCount >= depth) {
      const place = closingPlace(opens, closes, depth);
      if (place >= 0) return at + <usize>place + 1;
    }
    if (depth + openCount > MAX_SKIPPED) return stop(DECLINED);
    depth += openCount - closeCount;
  }
  return stop(TRUNCATED);
}

/** Where in a block the last of `depth` open containers closes, or -1. */
function closingPlace(opens: u64, closes: u64, depth: i32): i32 {
  for (let closed: i32 = 1; closes != 0; closed++) {
    const place = ctz(closes);
    const before = ((<u64>1) << place) - 1;
    if (depth + <i32>popcnt(opens & before) == closed) return <i32>place;
    closes &= closes - 1;
  }
  return -1;
}

/** Sets the bits from each odd bit that is set, the first, the third, …, to before the next. */
function upToEachSecond(set: u64): u64 {
  set ^= set << 1;
  set ^= set << 2;
  set ^= set << 4;
  set ^= set << 8;
  set ^= set << 16;
  return set ^ (set << 32);
}

function placesOf(byte: u8, a: v128, b: v128, c: v128, d: v128): u64 {
  const wanted = i8x16.splat(byte);
  return bits(i8x16.eq(a, wanted), i8x16.eq(b, wanted), i8x16.eq(c, wanted), i8x16.eq(d, wanted));
}

/** Where a brace or the square bracket like it stands. */
function bracketsOf(brace: u8, a: v128, b: v128, c: v128, d: v128): u64 {
  const bit = i8x16.splat(CASE);
  return placesOf(brace, v128.or(a, bit), v128.or(b, bit), v128.or(c, bit), v128.or(d, bit));
}

function bits(a: v128, b: v128, c: v128, d: v128): u64 {
  return (
    <u64>i8x16.bitmask(a) |
    ((<u64>i8x16.bitmask(b)) << 16) |
    ((<u64>i8x16.bitmask(c)) << 32) |
    ((<u64>i8x16.bitmask(d)) << 48)
  );
}
