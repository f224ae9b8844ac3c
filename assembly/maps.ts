import { CLOSE_OBJECT, COMMA } from './bytes';
import { findKey, Found, NO_KEY, STOPPED } from './keys';
import { DECLINED, NOWHERE, stop, unexpected } from './memory';
import { closeObject, isFull, Output, write, writeByte, writeNull } from './output';
import { Program } from './program';
import { skipColon, skipSpace, skipValue } from './skip';

/** Writes the map at `at` with the members only that `chosen` has, and answers where it ends. */
export function projectMembers(chosen: Program, at: usize): usize {
  const begin = Output.at;
  const end = readMap(chosen, at, false);
  if (end != NOWHERE) closeObject(begin);
  return end;
}

/** Writes the value of the one member of the map at `at` that `chosen` names, or null. Answers where the map ends. */
export function projectMember(chosen: Program, at: usize): usize {
  const begin = Output.at;
  const end = readMap(chosen, at, true);
  if (end != NOWHERE && Output.at == begin) writeNull();
  return end;
}

/** Writes the chosen members, each with a comma in front of it, or the value of the last one only. */
function readMap(chosen: Program, at: usize, isValueOnly: bool): usize {
  const begin = Output.at;
  let guess: u32 = 0;
  at = skipSpace(at + 1);
  if (load<u8>(at) == CLOSE_OBJECT) return isFull() ? stop(DECLINED) : at + 1;
  while (true) {
    const key = at;
    const index = findKey(chosen, key, guess);
    if (index == STOPPED) return NOWHERE;
    const value = skipColon(Found.end);
    if (value == NOWHERE) return NOWHERE;
    at = skipValue(value);
    if (at == NOWHERE) return NOWHERE;
    if (index != NO_KEY) {
      guess = index + 1;
      if (isValueOnly) Output.at = begin;
      else writeByte(COMMA);
      write(isValueOnly ? value : key, at);
    }
    if (isFull()) return stop(DECLINED);
    at = skipSpace(at);
    if (load<u8>(at) == CLOSE_OBJECT) return at + 1;
    if (load<u8>(at) != COMMA) return unexpected(at);
    at = skipSpace(at + 1);
  }
}
