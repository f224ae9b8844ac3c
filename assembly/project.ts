import { CLOSE_ARRAY, CLOSE_OBJECT, COMMA, LETTER_N, OPEN_ARRAY, OPEN_OBJECT } from './bytes';
import {
  enter,
  forgetFrames,
  forgetFrom,
  leave,
  nextOf,
  note,
  OUT_OF_ORDER,
  setNext,
  writeAbsent,
  writeNoted,
} from './frames';
import { findKey, Found, NO_KEY, STOPPED } from './keys';
import { projectId } from './ids';
import { projectMember, projectMembers } from './maps';
import { DECLINED, NOWHERE, stop, unexpected } from './memory';
import { closeObject, isFull, Output, write, writeByte, writeNull } from './output';
import {
  ID,
  keyAt,
  LEAF,
  MEMBERS,
  NESTED,
  outputAt,
  Program,
  REQUIRED_LEAF,
  SELF,
  Selected,
} from './program';
import { skipColon, skipSpace, skipValue } from './skip';

/** How deeply projected containers may nest. Programs follow a schema's shape; what is deeper is left to the other engine. */
const MAX_PROJECTED: u32 = 100;

/** Projects the item at `at` and answers where it ends. */
export function projectItem(program: Program, at: usize): usize {
  forgetFrames();
  const byte = load<u8>(at);
  if (isWrapper(program)) return byte == OPEN_OBJECT ? projectWrapped(program, at) : stop(DECLINED);
  if (byte == OPEN_OBJECT) return projectObject(program, at, 0);
  if (byte == OPEN_ARRAY) return projectArray(program, at, 0);
  return stop(DECLINED);
}

/** Whether it only puts something around the object. Such a program reads no keys. */
function isWrapper(program: Program): bool {
  if (program.keyCount != 0) return false;
  for (let position: u32 = 0; position < program.outputCount; position++)
    if (outputAt(program, position).kind == SELF) return true;
  return false;
}

/** What goes around the object at `at` needs none of its bytes: they are read once, where the object itself is written. */
function projectWrapped(program: Program, at: usize): usize {
  const begin = Output.at;
  let end = at;
  for (let position: u32 = 0; position < program.outputCount; position++) {
    const output = outputAt(program, position);
    write(output.absent, output.absentEnd);
    if (output.kind != SELF) continue;
    end = projectObject(changetype<Program>(output.program), at, 1);
    if (end == NOWHERE) return NOWHERE;
  }
  if (isFull()) return stop(DECLINED);
  closeObject(begin);
  return end;
}

function projectArray(program: Program, at: usize, depth: u32): usize {
  if (depth == MAX_PROJECTED) return stop(DECLINED);
  writeByte(OPEN_ARRAY);
  at = skipSpace(at + 1);
  if (load<u8>(at) != CLOSE_ARRAY) {
    while (true) {
      at = projectElement(program, at, depth + 1);
      if (at == NOWHERE) return NOWHERE;
      at = skipSpace(at);
      if (load<u8>(at) != COMMA) break;
      writeByte(COMMA);
      at = skipSpace(at + 1);
    }
    if (load<u8>(at) != CLOSE_ARRAY) return unexpected(at);
  }
  writeByte(CLOSE_ARRAY);
  return at + 1;
}

/** Scalars among objects are null. */
function projectElement(program: Program, at: usize, depth: u32): usize {
  if (isFull()) return stop(DECLINED);
  const byte = load<u8>(at);
  if (byte == OPEN_OBJECT) return projectObject(program, at, depth);
  if (byte == OPEN_ARRAY) return projectArray(program, at, depth);
  writeNull();
  return skipValue(at);
}

/**
 * Projects the object at `at`. While keys come in the program's order, with gaps where some are absent, its outputs are
 * written where they belong. From the first that comes after its place they are only collected, and put in order at the end.
 */
function projectObject(program: Program, at: usize, depth: u32): usize {
  if (depth == MAX_PROJECTED || isFull()) return stop(DECLINED);
  const frame = enter(program);
  const begin = Output.at;
  at = readObject(program, frame, at, depth);
  if (at == NOWHERE) return NOWHERE;
  const next = nextOf(frame);
  if (next == OUT_OF_ORDER) putInOrder(program, frame, begin);
  else
    for (let position: u32 = next; position < program.outputCount; position++)
      writeAbsent(program, frame, position);
  if (isFull()) return stop(DECLINED);
  closeObject(begin);
  leave(frame);
  return at;
}

/** Writes the outputs that the object at `at` has, each with a comma in front of it. */
function readObject(program: Program, frame: usize, at: usize, depth: u32): usize {
  let guess: u32 = 0;
  at = skipSpace(at + 1);
  if (load<u8>(at) == CLOSE_OBJECT) return at + 1;
  while (true) {
    const index = findKey(program, at, guess);
    if (index == STOPPED) return NOWHERE;
    at = skipColon(Found.end);
    if (at == NOWHERE) return NOWHERE;
    if (index == NO_KEY) at = skipValue(at);
    else {
      guess = index + 1;
      at = projectKey(program, frame, index, at, depth + 1);
    }
    if (at == NOWHERE) return NOWHERE;
    at = skipSpace(at);
    if (load<u8>(at) == CLOSE_OBJECT) return at + 1;
    if (load<u8>(at) != COMMA) return unexpected(at);
    at = skipSpace(at + 1);
  }
}

/** Writes every output of one key, whose value is at `at`. Aliases read it again: seldom enough. */
function projectKey(program: Program, frame: usize, index: u32, at: usize, depth: u32): usize {
  const key = keyAt(program, index);
  let end = NOWHERE;
  for (let p: u32 = 0; p < key.positionCount; p++) {
    const position = load<u32>(key.positions + p * 4);
    advance(program, frame, position);
    const start = Output.at;
    end = projectValue(outputAt(program, position), at, depth);
    if (end == NOWHERE) return NOWHERE;
    // A later duplicate overwrites what an earlier one has left here: the last wins.
    note(frame, position, start);
  }
  return end;
}

/** Gets an object ready for the output at `position`: what goes before it and has not come is most likely absent. */
function advance(program: Program, frame: usize, position: u32): void {
  const next = nextOf(frame);
  if (next == OUT_OF_ORDER) return;
  if (position < <u32>next) {
    forgetFrom(program, frame, next);
    setNext(frame, OUT_OF_ORDER);
    return;
  }
  for (let gap: u32 = next; gap < position; gap++) {
    if (outputAt(program, gap).kind == ID) {
      // It comes later, with the metadata.
      forgetFrom(program, frame, gap);
      setNext(frame, OUT_OF_ORDER);
      return;
    }
    writeAbsent(program, frame, gap);
  }
  setNext(frame, position + 1);
}

/** Writes one output, whose value is at `at`. */
function projectValue(output: Selected, at: usize, depth: u32): usize {
  write(output.absent, output.absentValue);
  const kind = output.kind;
  const byte = load<u8>(at);
  if (kind == LEAF || (kind == REQUIRED_LEAF && byte != LETTER_N)) {
    const end = skipValue(at);
    if (end != NOWHERE) write(at, end);
    return end;
  }
  if (kind == ID) return projectId(output, at);
  const program = changetype<Program>(output.program);
  if (kind == NESTED) {
    if (byte == OPEN_OBJECT) return projectObject(program, at, depth);
    if (byte == OPEN_ARRAY) return projectArray(program, at, depth);
  } else if (kind != REQUIRED_LEAF && byte == OPEN_OBJECT) {
    return kind == MEMBERS ? projectMembers(program, at) : projectMember(program, at);
  }
  // Null, or not what it has to be.
  write(output.absentValue, output.absentEnd);
  return skipValue(at);
}

/** Writes the outputs again behind where they were collected, in order this time, and moves them to the front. */
function putInOrder(program: Program, frame: usize, begin: usize): void {
  if (isFull()) return;
  const ordered = Output.at;
  for (let position: u32 = 0; position < program.outputCount; position++)
    writeNoted(program, frame, position);
  if (isFull()) return;
  const end = Output.at;
  memory.copy(begin, ordered, end - ordered);
  Output.at = begin + (end - ordered);
}
