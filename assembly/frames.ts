import { PROGRAM_SIZE } from './memory';
import { giveUp, Output, write } from './output';
import { ID, outputAt, Program } from './program';

// For each object being projected: which output is next, and where each starts and ends in what is written. Objects that
// are projected at the same time have programs of their own, and a program takes more memory than its frame: there is room.
const FRAMES: usize = memory.data(PROGRAM_SIZE, 16);

/** In place of the next output, once they have come in another order than the program's. */
export const OUT_OF_ORDER: i32 = -1;

const HEAD = 8;
const SLOT = 8;

class Frames {
  static top: usize = FRAMES;
}

export function forgetFrames(): void {
  Frames.top = FRAMES;
}

/** A frame for an object; to be left once it is written. */
export function enter(program: Program): usize {
  const frame = Frames.top;
  Frames.top = frame + HEAD + program.outputCount * SLOT;
  setNext(frame, 0);
  return frame;
}

export function leave(frame: usize): void {
  Frames.top = frame;
}

export function nextOf(frame: usize): i32 {
  return load<i32>(frame);
}

export function setNext(frame: usize, next: i32): void {
  store<i32>(frame, next);
}

/** Notes that the output at `position` is what was written from `start` on. */
export function note(frame: usize, position: u32, start: usize): void {
  const slot = frame + HEAD + position * SLOT;
  store<u32>(slot, start);
  store<u32>(slot, Output.at, 4);
}

/** Notes that none of the outputs from `position` on has come. */
export function forgetFrom(program: Program, frame: usize, position: u32): void {
  memory.fill(frame + HEAD + position * SLOT, 0, (program.outputCount - position) * SLOT);
}

export function writeAbsent(program: Program, frame: usize, position: u32): void {
  const output = outputAt(program, position);
  const start = Output.at;
  // Without metadata there are other ids.
  if (output.kind == ID) return giveUp();
  write(output.absent, output.absentEnd);
  note(frame, position, start);
}

/** Writes an output again where it now is; an absent one for the first time. */
export function writeNoted(program: Program, frame: usize, position: u32): void {
  const slot = frame + HEAD + position * SLOT;
  const start = load<u32>(slot);
  if (start == 0) writeAbsent(program, frame, position);
  else write(start, load<u32>(slot, 4));
}
