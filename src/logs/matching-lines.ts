import { setImmediate } from 'node:timers/promises';
import { MAX_SEARCHED_BYTES, type LinePattern } from './pattern.ts';

const LINE_BREAK = 0x0a;

/**
 * The lines in which a pattern finds something, byte for byte with their line breaks, however long they are: what a pattern does
 * not look at is not kept.
 *
 * @param textOf what of a line, or its beginning, is looked at. Default: all of it.
 */
export async function* matchingLines(
  body: AsyncIterable<Buffer>,
  pattern: LinePattern,
  textOf?: (line: Buffer) => Buffer,
): AsyncGenerator<Buffer, void, void> {
  const line = new LineUnderWay(pattern, textOf);
  let scanned = 0;
  for await (const chunk of body) {
    const kept: Buffer[] = [];
    for (let start = 0; start < chunk.length;) {
      const at = chunk.indexOf(LINE_BREAK, start);
      const end = at < 0 ? chunk.length : at + 1;
      kept.push(...line.add(chunk.subarray(start, end), at >= 0));
      scanned += Math.min(end - start, MAX_SEARCHED_BYTES);
      start = end;
      if (scanned < pattern.bytesPerTurn) continue;
      scanned = 0;
      await setImmediate();
    }
    if (kept.length > 0) yield Buffer.concat(kept);
  }
  const rest = line.add(EMPTY, true);
  if (rest.length > 0) yield Buffer.concat(rest);
}

const EMPTY = Buffer.alloc(0);
const NOTHING: readonly Buffer[] = [];

/** More than a timestamp, which `textOf` may leave out. */
const MAX_HEAD_BYTES = MAX_SEARCHED_BYTES + 128;

/** A line that comes in parts. What comes before it is known whether it is wanted waits. */
class LineUnderWay {
  readonly #pattern: LinePattern;
  readonly #textOf: (line: Buffer) => Buffer;
  #waiting: Buffer[] = [];
  #length = 0;
  /** Undefined before it is known. */
  #isWanted: boolean | undefined;

  constructor(pattern: LinePattern, textOf: (line: Buffer) => Buffer = (line) => line) {
    this.#pattern = pattern;
    this.#textOf = textOf;
  }

  /** What of the line, up to the end of `part`, is to be passed on now. @param isLast whether the line ends with it. */
  add(part: Buffer, isLast: boolean): readonly Buffer[] {
    this.#waiting.push(part);
    this.#length += part.length;
    if (this.#length > 0 && (isLast || this.#length >= MAX_HEAD_BYTES)) this.#isWanted ??= this.#matches();
    if (this.#isWanted === undefined) return NOTHING;
    const passed = this.#isWanted ? this.#waiting : NOTHING;
    this.#waiting = [];
    if (isLast) {
      this.#length = 0;
      this.#isWanted = undefined;
    }
    return passed;
  }

  #matches(): boolean {
    const head = this.#waiting.length === 1 ? (this.#waiting[0] as Buffer) : Buffer.concat(this.#waiting);
    const text = head.at(-1) === LINE_BREAK ? head.subarray(0, -1) : head;
    return this.#pattern.matches(this.#textOf(text).toString());
  }
}
