import { CLOSE_OBJECT, NULL, OPEN_OBJECT } from './bytes';
import { OUTPUT, OUTPUT_SIZE } from './memory';

const LIMIT: usize = OUTPUT + OUTPUT_SIZE;

/** What is written so far ends at `at`. It may have passed the limit: isFull tells, and has to be asked in time. */
export class Output {
  static at: usize = OUTPUT;
}

/** Whether something had no room. What is written is then of no use; the few bytes of an opening or closing still have room. */
export function isFull(): bool {
  return Output.at > LIMIT;
}

/** Leaves what is being written to the other engine. */
export function giveUp(): void {
  Output.at = LIMIT + 1;
}

/** Whether `length` bytes still have room. */
export function hasRoomFor(length: usize): bool {
  return Output.at + length <= LIMIT;
}

export function writeByte(byte: u8): void {
  store<u8>(Output.at, byte);
  Output.at += 1;
}

export function writeNull(): void {
  store<u32>(Output.at, NULL);
  Output.at += 4;
}

/** Copies `bytes[from..to)`. Copies nothing, and lets the output be full, if there is no room. */
export function write(from: usize, to: usize): void {
  let at = Output.at;
  const end = at + (to - from);
  if (end > LIMIT) {
    // However much was to be written, not far behind the limit.
    giveUp();
    return;
  }
  Output.at = end;
  do {
    v128.store(at, v128.load(from));
    from += 16;
    at += 16;
  } while (at < end);
}

/** Makes members that were written from `begin` on, each with a comma in front of it, an object. */
export function closeObject(begin: usize): void {
  if (Output.at == begin) writeByte(OPEN_OBJECT);
  else store<u8>(begin, OPEN_OBJECT);
  writeByte(CLOSE_OBJECT);
}
