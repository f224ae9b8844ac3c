import { KubegraphError } from '../../errors/kubegraph-error.ts';

const NEWLINE = 0x0a;

/**
 * Cuts a watch stream into its frames. The API server ends each with a newline and escapes those inside; chunks may be
 * cut anywhere, also inside a character.
 */
export class FrameSplitter {
  readonly #maxFrameBytes: number;
  #pending: Buffer[] = [];
  #pendingLength = 0;

  /** @param maxFrameBytes a longer frame is refused with RESULT_TOO_LARGE, before it is in memory as a whole. */
  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  /** The frames that `chunk` completes, without their newlines; blank ones are left out. */
  push(chunk: Buffer): Buffer[] {
    const frames: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const frame = this.#complete(chunk.subarray(start, end));
      if (!isBlank(frame)) frames.push(frame);
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
    return frames;
  }

  /** Says that the stream is over. Throws UPSTREAM_ERROR when it broke off inside a frame. */
  end(): void {
    if (!isBlank(Buffer.concat(this.#pending))) {
      throw new KubegraphError('UPSTREAM_ERROR', 'the watch broke off inside an event');
    }
  }

  #complete(rest: Buffer): Buffer {
    if (this.#pending.length === 0) {
      this.#checkLength(rest.length);
      return rest;
    }
    this.#keep(rest);
    const frame = Buffer.concat(this.#pending, this.#pendingLength);
    this.#pending = [];
    this.#pendingLength = 0;
    return frame;
  }

  #keep(part: Buffer): void {
    this.#checkLength(this.#pendingLength + part.length);
    this.#pending.push(part);
    this.#pendingLength += part.length;
  }

  #checkLength(length: number): void {
    if (length <= this.#maxFrameBytes) return;
    throw new KubegraphError('RESULT_TOO_LARGE', `an event is larger than ${this.#maxFrameBytes} bytes`);
  }
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09);
}
