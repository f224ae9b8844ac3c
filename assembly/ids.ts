import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, COMMA, OPEN_OBJECT, QUOTE } from './bytes';
import { findKey, Found, STOPPED } from './keys';
import { DECLINED, NOWHERE, SLACK, stop, unexpected } from './memory';
import { hasRoomFor, Output, writeByte } from './output';
import { Program, Selected } from './program';
import { skipColon, skipSpace, skipValue } from './skip';

/** Names have 253 characters at most, and what goes in front of them is not much longer. */
const MAX_TEXT: usize = 1024;

/** What an id says, before it is encoded. */
const TEXT: usize = memory.data(1024 + SLACK, 16);

/** The keys of what an id is made of, as src/projection/wasm/encode-program.ts counts them. */
const NAME: i32 = 0;
const NAMESPACE: i32 = 1;

/** Where the two stand, quotes included; NOWHERE for what is missing. */
class Identity {
  static name: usize = NOWHERE;
  static nameEnd: usize = NOWHERE;
  static namespace: usize = NOWHERE;
  static namespaceEnd: usize = NOWHERE;
}

/** Writes the id of the object whose metadata is at `at`, and answers where that ends. */
export function projectId(output: Selected, at: usize): usize {
  if (load<u8>(at) != OPEN_OBJECT) return stop(DECLINED);
  const end = readIdentity(changetype<Program>(output.program), at);
  if (end == NOWHERE) return NOWHERE;
  // What has no name is a template, and its id another one.
  const name = Identity.nameEnd - Identity.name;
  if (name <= 2 || !isPlain(Identity.name, Identity.nameEnd)) return stop(DECLINED);
  const namespace = Identity.namespaceEnd - Identity.namespace;
  if (namespace != 0 && !isPlain(Identity.namespace, Identity.namespaceEnd)) return stop(DECLINED);
  const head = output.absentEnd - output.absentValue;
  if (head + namespace + name + 4 > MAX_TEXT || !hasRoomFor(2 * MAX_TEXT)) return stop(DECLINED);
  writeBase64(composeText(output));
  return end;
}

function readIdentity(keys: Program, at: usize): usize {
  Identity.name = Identity.nameEnd = Identity.namespace = Identity.namespaceEnd = NOWHERE;
  let guess: u32 = 0;
  at = skipSpace(at + 1);
  if (load<u8>(at) == CLOSE_OBJECT) return at + 1;
  while (true) {
    const index = findKey(keys, at, guess);
    if (index == STOPPED) return NOWHERE;
    const value = skipColon(Found.end);
    if (value == NOWHERE) return NOWHERE;
    at = skipValue(value);
    if (at == NOWHERE) return NOWHERE;
    if (index == NAME) {
      Identity.name = value;
      Identity.nameEnd = at;
      guess = NAMESPACE;
    } else if (index == NAMESPACE) {
      Identity.namespace = value;
      Identity.namespaceEnd = at;
    }
    at = skipSpace(at);
    if (load<u8>(at) == CLOSE_OBJECT) return at + 1;
    if (load<u8>(at) != COMMA) return unexpected(at);
    at = skipSpace(at + 1);
  }
}

/** Whether the value is a string that every writer of JSON would write with these bytes: ASCII that needs no escapes. */
function isPlain(from: usize, to: usize): bool {
  if (load<u8>(from) != QUOTE) return false;
  for (; from < to; from++) {
    const byte = load<u8>(from);
    if (byte < 0x20 || byte > 0x7e || byte == BACKSLASH) return false;
  }
  return true;
}

/** Puts the text of the id into TEXT and answers where it ends. */
function composeText(output: Selected): usize {
  let at = append(TEXT, output.absentValue, output.absentEnd);
  if (Identity.namespace == NOWHERE) {
    store<u8>(at, QUOTE);
    store<u8>(at, QUOTE, 1);
    at += 2;
  } else at = append(at, Identity.namespace, Identity.namespaceEnd);
  store<u8>(at, COMMA);
  at = append(at + 1, Identity.name, Identity.nameEnd);
  store<u8>(at, CLOSE_ARRAY);
  return at + 1;
}

function append(at: usize, from: usize, to: usize): usize {
  memory.copy(at, from, to - from);
  return at + (to - from);
}

/** Writes TEXT up to `end` as base64url in quotes. */
function writeBase64(end: usize): void {
  writeByte(QUOTE);
  // Of a group that is not full, the missing bytes count as zero, and what they alone make is not written.
  store<u16>(end, 0);
  let from = TEXT;
  for (; from < end; from += 3) {
    const bits = ((<u32>load<u8>(from)) << 16) | ((<u32>load<u8>(from, 1)) << 8) | load<u8>(from, 2);
    const at = Output.at;
    store<u8>(at, digit(bits >> 18));
    store<u8>(at, digit((bits >> 12) & 63), 1);
    store<u8>(at, digit((bits >> 6) & 63), 2);
    store<u8>(at, digit(bits & 63), 3);
    Output.at = at + 4;
  }
  Output.at -= from - end;
  writeByte(QUOTE);
}

function digit(value: u32): u8 {
  if (value < 26) return <u8>(0x41 + value);
  if (value < 52) return <u8>(0x61 - 26 + value);
  if (value < 62) return <u8>(0x30 - 52 + value);
  return value == 62 ? 0x2d : 0x5f;
}
