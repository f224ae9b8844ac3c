import type { KubegraphError } from '../errors/kubegraph-error.ts';
import type { WatchEvent } from './event.ts';

interface Source {
  readonly isEnded: boolean;
  readonly error: KubegraphError | undefined;
  take(): WatchEvent | undefined;
}

type Result = IteratorResult<WatchEvent, undefined>;

interface Read {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: KubegraphError) => void;
}

export const DONE = { done: true, value: undefined } as const;

/**
 * Reads of an async iteration that wait for their event. There may be several at once. After the end they answer `done`;
 * after a failure the first one rejects.
 */
export class PendingReads {
  readonly #source: Source;
  #reads: Read[] = [];
  #hasRejected = false;

  constructor(source: Source) {
    this.#source = source;
  }

  next(): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#reads.push({ resolve, reject });
      this.serve();
    });
  }

  /** Gives the reads what there is by now. */
  serve(): void {
    while (this.#reads.length > 0) {
      const event = this.#source.take();
      if (event === undefined && !this.#source.isEnded) return;
      const read = this.#reads.shift();
      if (event === undefined) this.#end(read);
      else read?.resolve({ done: false, value: event });
    }
  }

  #end(read: Read | undefined): void {
    const { error } = this.#source;
    if (error === undefined || this.#hasRejected) {
      read?.resolve(DONE);
    } else {
      this.#hasRejected = true;
      read?.reject(error);
    }
  }
}
