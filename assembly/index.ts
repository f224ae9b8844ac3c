import { COMMA } from './bytes';
import { Input, INPUT, NOT_STOPPED, NOWHERE, OUTPUT, PROGRAM, Scan } from './memory';
import { isFull, Output } from './output';
import { Program } from './program';
import { projectItem } from './project';
import { skipSpace, skipValue } from './skip';

export { INPUT, INPUT_SIZE, OUTPUT, PROGRAM, PROGRAM_SIZE } from './memory';

/** What a scan has come to. */
@unmanaged
class Result {
  /** How many items were consumed, and how many bytes of the input. */
  items: u32;
  consumed: u32;
  /** 1 when the comma behind the last item was consumed. */
  endsInComma: u32;
  /** How many bytes were written. */
  written: u32;
  /** NOT_STOPPED, TRUNCATED or DECLINED. */
  stopped: u32;
}

export const RESULT: usize = memory.data(offsetof<Result>(), 16);

/**
 * Consumes as many items as there are in the `length` bytes of input, which start with an item, and the commas between
 * them. `isFirst` is 0 when a comma goes before the first. With `hasProgram` 0 they are counted only.
 */
export function scan(length: u32, isFirst: u32, hasProgram: u32): void {
  const result = changetype<Result>(RESULT);
  const program = changetype<Program>(PROGRAM);
  Input.end = INPUT + length;
  Output.at = OUTPUT;
  Scan.stopped = NOT_STOPPED;
  let at: usize = INPUT;
  let items: u32 = 0;
  let endsInComma: u32 = 0;
  while (at < Input.end && !isFull()) {
    const mark = Output.at;
    let end: usize;
    if (hasProgram) {
      if (!isFirst) {
        store<u8>(mark, COMMA);
        Output.at = mark + 1;
      }
      end = projectItem(program, at);
    } else end = skipValue(at);
    if (end == NOWHERE) {
      Output.at = mark;
      break;
    }
    items++;
    isFirst = 0;
    at = end;
    const comma = skipSpace(at);
    endsInComma = load<u8>(comma) == COMMA ? 1 : 0;
    if (!endsInComma) break;
    at = skipSpace(comma + 1);
  }
  result.items = items;
  result.consumed = <u32>(at - INPUT);
  result.endsInComma = endsInComma;
  result.written = <u32>(Output.at - OUTPUT);
  result.stopped = Scan.stopped;
}
