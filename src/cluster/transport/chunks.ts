import type { Readable } from 'node:stream';

interface Waiting {
  readonly resolve: (result: IteratorResult<Buffer, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

export interface ChunksOptions {
  /** So many bytes are waited for, or the end. 0: whatever comes. */
  readonly leastBytes: number;
  /** The reader begins to wait for what comes next. Called again when something has come that is too little. */
  readonly onWait: () => void;
  /** Enough has come, or nothing more will. */
  readonly onArrived: () => void;
  /** What the reader is told of an error. */
  readonly failure: (error: unknown) => unknown;
}

/**
 * A stream of Buffers in larger pieces. The API server writes a list 4 KB at a time, and each of these is read from the
 * connection by itself: whoever looked at each would look at most objects twice, since few of them end with it. Node's own iterator
 * answers each, and costs as much as projecting it.
 */
export class Chunks implements AsyncIterableIterator<Buffer, undefined> {
  readonly #stream: Readable;
  readonly #options: ChunksOptions;
  #waiting: Waiting | undefined;
  /** What has come, and is too little yet. */
  #parts: Buffer[] = [];
  #bytes = 0;
  #isListening = false;
  #hasEnded = false;

  constructor(stream: Readable, options: ChunksOptions) {
    this.#stream = stream;
    this.#options = options;
  }

  /** One reader at a time. */
  next(): Promise<IteratorResult<Buffer, undefined>> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#listen();
      if (!this.#serve()) this.#options.onWait();
    });
  }

  return(): Promise<IteratorResult<Buffer, undefined>> {
    this.#stream.destroy();
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    const arrived = (): void => {
      if (this.#waiting === undefined) return;
      if (this.#serve()) this.#options.onArrived();
      else this.#options.onWait();
    };
    this.#stream.on('readable', arrived);
    this.#stream.once('end', () => {
      this.#hasEnded = true;
      arrived();
    });
    // Every stream is closed at last, also one with an error.
    this.#stream.once('close', arrived);
  }

  /** Answers whoever waits; false when there is nothing to answer yet. */
  #serve(): boolean {
    const isOver = this.#take();
    if (this.#bytes > 0 && (isOver || this.#bytes >= this.#options.leastBytes))
      this.#settle()?.resolve({ done: false, value: this.#drain() });
    else if (!isOver) return false;
    else if (this.#hasEnded) this.#settle()?.resolve(DONE);
    else this.#settle()?.reject(this.#error());
    return true;
  }

  /** Takes what there is out of the stream; answers whether nothing more will come. */
  #take(): boolean {
    if (this.#hasEnded) return true;
    if (this.#stream.destroyed) return this.#stream.closed || this.#stream.errored !== null;
    // Until there is nothing: Node does not tell of what comes behind something that arrived during the last read.
    for (let chunk = this.#read(); chunk !== null; chunk = this.#read()) {
      this.#parts.push(chunk);
      this.#bytes += chunk.length;
    }
    return false;
  }

  #read(): Buffer | null {
    return this.#stream.read() as Buffer | null;
  }

  #drain(): Buffer {
    const [first, ...others] = this.#parts;
    this.#parts = [];
    this.#bytes = 0;
    return others.length === 0 ? (first as Buffer) : Buffer.concat([first as Buffer, ...others]);
  }

  #settle(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }

  #error(): unknown {
    return this.#options.failure(this.#stream.errored ?? new Error('the body was closed'));
  }
}

const DONE = { done: true, value: undefined } as const;
