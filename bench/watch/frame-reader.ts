const HEAD_END = '\r\n\r\n';
const FRAME_END = '\n\n';
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/**
 * An HTTP/1.1 answer with server-sent events, in pieces cut anywhere: head, chunks and frames. Throws for an answer that
 * is none.
 */
export class FrameReader {
  readonly #onFrame: (frame: Buffer) => void;
  readonly #onOpen: (() => void) | undefined;
  #head = '';
  #isOpen = false;
  #isChunked = false;
  /** Bytes of the present chunk that have not come yet. */
  #chunkLeft = 0;
  #chunkSize = '';
  /** The beginning of a frame whose end has not come yet. */
  #begun: Buffer | undefined;

  /** @param onFrame gets a view of what was pushed, which is valid only during the call. */
  constructor(onFrame: (frame: Buffer) => void, onOpen?: () => void) {
    this.#onFrame = onFrame;
    this.#onOpen = onOpen;
  }

  push(piece: Buffer): void {
    const body = this.#isOpen ? piece : this.#readHead(piece);
    if (body === undefined) return;
    if (this.#isChunked) this.#readChunks(body);
    else this.#readFrames(body);
  }

  /** What follows the head, once that is complete. */
  #readHead(piece: Buffer): Buffer | undefined {
    const before = this.#head.length;
    // A character is a byte, so that lengths are the same.
    this.#head += piece.toString('latin1');
    const end = this.#head.indexOf(HEAD_END);
    if (end < 0) return undefined;
    if (!this.#head.startsWith('HTTP/1.1 200 ') || !/^content-type: text\/event-stream/im.test(this.#head))
      throw new Error(`no events but ${this.#head.slice(0, 1000)}`);
    this.#isChunked = /^transfer-encoding: chunked/im.test(this.#head.slice(0, end));
    this.#isOpen = true;
    this.#head = '';
    this.#onOpen?.();
    return piece.subarray(end + HEAD_END.length - before);
  }

  #readChunks(data: Buffer): void {
    for (let at = 0; at < data.length;) {
      if (this.#chunkLeft > 0) {
        const end = Math.min(data.length, at + this.#chunkLeft);
        this.#chunkLeft -= end - at;
        this.#readFrames(data.subarray(at, end));
        at = end;
        continue;
      }
      const byte = data[at++] as number;
      if (byte === LINE_FEED) {
        // Nothing stands in the line between a chunk and the size of the next one.
        if (this.#chunkSize !== '') this.#chunkLeft = Number.parseInt(this.#chunkSize, 16);
        this.#chunkSize = '';
      } else if (byte !== CARRIAGE_RETURN) this.#chunkSize += String.fromCharCode(byte);
    }
  }

  #readFrames(piece: Buffer): void {
    const data = this.#begun === undefined ? piece : Buffer.concat([this.#begun, piece]);
    let start = 0;
    for (let end = data.indexOf(FRAME_END); end >= 0; end = data.indexOf(FRAME_END, start)) {
      this.#onFrame(data.subarray(start, end));
      start = end + FRAME_END.length;
    }
    this.#begun = start === data.length ? undefined : Buffer.from(data.subarray(start));
  }
}

/** The value of a field of a frame. */
export function fieldOf(frame: string, name: 'event' | 'id' | 'data'): string | undefined {
  const start = frame.startsWith(`${name}:`) ? 0 : frame.indexOf(`\n${name}:`) + 1;
  if (start === 0 && !frame.startsWith(`${name}:`)) return undefined;
  const end = frame.indexOf('\n', start);
  return frame.slice(start + name.length + 1, end < 0 ? undefined : end).trimStart();
}
