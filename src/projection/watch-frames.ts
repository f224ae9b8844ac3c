import { ByteWriter } from './byte-writer.ts';
import { OPEN_OBJECT, QUOTE } from './json-bytes.ts';
import { JsonSource } from './json-source.ts';
import { readString } from './keys.ts';
import { MalformedJson, TRUNCATED, toCaller } from './malformed-json.ts';
import { compileProgram } from './project.ts';
import { Projector } from './projector.ts';
import { afterSpace, skipString, unexpected } from './skip.ts';
import { StreamWindow } from './stream-window.ts';
import { ValueBoundary } from './value-boundary.ts';

const DEFAULT_MAX_FRAME_BYTES = 64 * 1024 * 1024;
/** A larger store than this is not kept for the next frame. */
const IDLE_CAPACITY = 256 * 1024;

export interface WatchFrame {
  /** ADDED, MODIFIED, DELETED, BOOKMARK or ERROR, as the server wrote it. */
  readonly type: string;
  /** The object's own bytes, in memory that nothing else refers to. */
  readonly object: Buffer;
}

export interface WatchFramesOptions {
  /** The largest frame that is accepted, in bytes. Default 64 MiB; beyond it `push` throws MalformedJson. */
  readonly maxFrameBytes?: number;
}

// A frame is projected like anything else: that gets its members in this order whatever order they come in.
const FRAME = compileProgram({
  outputs: [
    { kind: 'key', responseName: 'type', key: 'type', program: null },
    { kind: 'key', responseName: 'object', key: 'object', program: null },
  ],
});
const TYPE_AT = '{"type":'.length;
const BETWEEN = ',"object":'.length;

/**
 * Splits a watch stream into its frames: JSON objects with `type` and `object`, one after the other, cut anywhere by the
 * chunks. Holds at most one incomplete frame and one chunk.
 *
 * Throws MalformedJson for anything else. Frames before it in the same chunk are lost then: resume from the last one seen.
 */
export class WatchFrames {
  readonly #window = new StreamWindow();
  readonly #projector = new Projector(this.#window.source);
  readonly #boundary = new ValueBoundary();
  readonly #maxFrameBytes: number;
  #frame = new ByteWriter();

  constructor(options: WatchFramesOptions = {}) {
    this.#maxFrameBytes = options.maxFrameBytes ?? DEFAULT_MAX_FRAME_BYTES;
  }

  /** The frames that `chunk` completes. `chunk` may be overwritten afterwards. */
  push(chunk: Buffer): readonly WatchFrame[] {
    const { source } = this.#window;
    const frames: WatchFrame[] = [];
    this.#window.append(chunk);
    let at = afterSpace(source, 0);
    try {
      while (at < source.end) {
        const end = this.#project(at);
        this.#checkSize(end - at);
        frames.push(takeFrame(this.#frame));
        at = afterSpace(source, end);
      }
    } catch (error) {
      if (error !== TRUNCATED) throw error;
    }
    this.#checkSize(source.end - at);
    this.#window.keepFrom(at);
    if (this.#frame.length > IDLE_CAPACITY) this.#frame = new ByteWriter();
    return frames;
  }

  /** To be called when the stream has ended well. Throws MalformedJson when that was in the middle of a frame. */
  end(): void {
    if (this.#window.source.end > 0) throw toCaller(TRUNCATED);
  }

  #project(at: number): number {
    const { source } = this.#window;
    if (source.bytes[at] !== OPEN_OBJECT) throw unexpected(source, at, 'a watch frame');
    this.#frame.truncate(0);
    return this.#boundary.read(source, at, () => this.#projector.run(FRAME, at, this.#frame));
  }

  #checkSize(bytes: number): void {
    if (bytes > this.#maxFrameBytes) {
      throw new MalformedJson(`a watch frame is larger than ${this.#maxFrameBytes} bytes`);
    }
  }
}

/** Copies the parts of `{"type":…,"object":…}` out of `frame`. */
function takeFrame(frame: ByteWriter): WatchFrame {
  const source = new JsonSource();
  source.load(frame.view());
  const { bytes, end } = source;
  if (bytes[TYPE_AT] !== QUOTE) throw new MalformedJson('a watch frame has no type');
  const typeEnd = skipString(source, TYPE_AT);
  const objectAt = typeEnd + BETWEEN;
  if (bytes[objectAt] !== OPEN_OBJECT) throw new MalformedJson('a watch frame has no object');
  // Not from the runtime's pool: objects are kept for long, and each would keep 8 KiB of its neighbours.
  const object = Buffer.allocUnsafeSlow(end - 1 - objectAt);
  bytes.copy(object, 0, objectAt, end - 1);
  return { type: readString(bytes, TYPE_AT, typeEnd), object };
}
