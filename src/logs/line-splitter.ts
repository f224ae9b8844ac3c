const LINE_BREAK = 0x0a;

/** Of a line, its timestamp included, so much is kept. */
export const MAX_LINE_BYTES = 1024 * 1024;

export interface RawLine {
  /** Without the line break. */
  readonly bytes: Buffer;
  readonly isTruncated: boolean;
}

/** Cuts a stream of bytes into lines. Never holds more than a line of the longest that is kept. */
export class LineSplitter {
  #parts: Buffer[] = [];
  #length = 0;
  #isTruncated = false;

  /** The lines that `chunk` completes. They are views of it where they can be. */
  push(chunk: Buffer): RawLine[] {
    const lines: RawLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_BREAK); end >= 0; end = chunk.indexOf(LINE_BREAK, start)) {
      this.#add(chunk.subarray(start, end));
      lines.push(this.#line());
      start = end + 1;
    }
    if (start < chunk.length) this.#add(chunk.subarray(start));
    return lines;
  }

  /** What has come behind the last line break; undefined where nothing has. */
  rest(): RawLine | undefined {
    return this.#length === 0 ? undefined : this.#line();
  }

  #add(bytes: Buffer): void {
    const room = MAX_LINE_BYTES - this.#length;
    if (bytes.length > room) this.#isTruncated = true;
    const kept = bytes.length > room ? bytes.subarray(0, room) : bytes;
    if (kept.length === 0) return;
    this.#parts.push(kept);
    this.#length += kept.length;
  }

  #line(): RawLine {
    const [first = EMPTY, ...others] = this.#parts;
    const line = {
      bytes: others.length === 0 ? first : Buffer.concat([first, ...others], this.#length),
      isTruncated: this.#isTruncated,
    };
    this.#parts = [];
    this.#length = 0;
    this.#isTruncated = false;
    return line;
  }
}

const EMPTY = Buffer.alloc(0);
