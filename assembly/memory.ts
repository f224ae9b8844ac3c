// Where things are in the module's memory, and how a scan stands. Nothing is allocated: every region has a fixed size, and
// what does not fit is left to the JavaScript engine.

/** So many bytes behind a region may be read or written without meaning, so that loops can go by whole vectors. */
export const SLACK = 256;

export const PROGRAM_SIZE = 128 * 1024;
export const INPUT_SIZE = 1024 * 1024;
export const OUTPUT_SIZE = 1024 * 1024;

/** The program, as src/projection/wasm/encode-program.ts lays it out. */
export const PROGRAM: usize = memory.data(PROGRAM_SIZE + SLACK, 16);
/** The bytes to be scanned; the caller clears 64 behind them, which then belong to no token. */
export const INPUT: usize = memory.data(INPUT_SIZE + SLACK, 16);
export const OUTPUT: usize = memory.data(OUTPUT_SIZE + SLACK, 16);

/** Why a scan is over. */
export const NOT_STOPPED = 0;
/** The input ends inside an item. */
export const TRUNCATED = 1;
/** Something is not as expected. Whether that is an error is for the JavaScript engine to say. */
export const DECLINED = 2;

/** The first byte that is not input. */
export class Input {
  static end: usize = 0;
}

export class Scan {
  static stopped: i32 = NOT_STOPPED;
}

/** Answered in place of a position by what has stopped; the input is never there. */
export const NOWHERE: usize = 0;

/** To be returned where the byte at `at` is not what has to be there. */
export function unexpected(at: usize): usize {
  return stop(at < Input.end ? DECLINED : TRUNCATED);
}

export function stop(reason: i32): usize {
  Scan.stopped = reason;
  return NOWHERE;
}
