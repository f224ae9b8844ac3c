import { KubegraphError } from '../errors/kubegraph-error.ts';
import { DeliveryQueue } from './delivery-queue.ts';
import type { Delivery, WatchEvent } from './event.ts';

export interface SubscriptionOptions {
  readonly maxQueuedEvents: number;
  /** What resumes as long as nothing has been delivered. */
  readonly cursor: string;
  /** Aborting it ends the subscription without an error. */
  readonly signal: AbortSignal;
}

interface Reader {
  readonly resolve: (result: IteratorResult<WatchEvent, undefined>) => void;
  readonly reject: (error: KubegraphError) => void;
}

const DONE = { done: true, value: undefined } as const;

/**
 * One subscriber: the feed puts events in, the reader takes them out, and neither waits for the other.
 *
 * The reader may call `next` several times at once. After the end, `next` answers `done`; after a failure it rejects
 * once and answers `done` from then on.
 */
export class Subscription implements AsyncIterableIterator<WatchEvent, undefined> {
  readonly #queue: DeliveryQueue;
  readonly #signal: AbortSignal;
  readonly #abandon = (): void => this.#finish();
  readonly #leaveActions = new Set<() => void>();
  #readers: Reader[] = [];
  /** Of the last event that the reader took. */
  #cursor: string;
  #error: KubegraphError | undefined;
  #isEnded = false;
  #isSynced = false;

  constructor(options: SubscriptionOptions) {
    this.#queue = new DeliveryQueue(options.maxQueuedEvents);
    this.#cursor = options.cursor;
    this.#signal = options.signal;
    if (options.signal.aborted) this.#isEnded = true;
    else options.signal.addEventListener('abort', this.#abandon, { once: true });
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Whether SYNCED has been put in. */
  get isSynced(): boolean {
    return this.#isSynced;
  }

  /** Calls `action` when the subscription ends, for whatever reason; the function it answers calls that off. */
  onLeave(action: () => void): () => void {
    this.#leaveActions.add(action);
    return () => this.#leaveActions.delete(action);
  }

  deliver(delivery: Delivery): void {
    this.#put(this.#queue.push(delivery));
  }

  /** `batch` must not change later. */
  deliverBatch(batch: readonly Delivery[]): void {
    this.#put(this.#queue.pushBatch(batch));
  }

  synced(cursor: string): void {
    this.#isSynced = true;
    this.deliver({ id: undefined, event: { type: 'SYNCED', cursor } });
  }

  /** Ends it with `error` once the reader has taken what is there; at once when that is no longer for its eyes. */
  fail(error: KubegraphError): void {
    if (this.#isEnded) return;
    if (error.code === 'FORBIDDEN' || error.code === 'UNAUTHENTICATED') this.#queue.clear();
    this.#error = error;
    this.#leave();
    this.#serveReaders();
  }

  /** Ends it at once. The error says in `extensions.cursor` from where to resume. */
  failNow(code: 'SLOW_CONSUMER' | 'SERVER_SHUTDOWN', message: string): void {
    if (this.#isEnded) return;
    this.#queue.clear();
    this.fail(new KubegraphError(code, message, { extensions: { cursor: this.#cursor } }));
  }

  next(): Promise<IteratorResult<WatchEvent, undefined>> {
    return new Promise((resolve, reject) => {
      this.#readers.push({ resolve, reject });
      this.#serveReaders();
    });
  }

  return(): Promise<IteratorResult<WatchEvent, undefined>> {
    this.#finish();
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #put(isComplete: boolean): void {
    if (this.#isEnded) return;
    if (isComplete) this.#serveReaders();
    else
      this.failNow('SLOW_CONSUMER', 'the subscriber reads slower than events arrive; resume from the cursor');
  }

  #finish(): void {
    this.#queue.clear();
    this.#error = undefined;
    this.#leave();
    this.#serveReaders();
  }

  #leave(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#signal.removeEventListener('abort', this.#abandon);
    for (const action of this.#leaveActions) action();
    this.#leaveActions.clear();
  }

  #serveReaders(): void {
    while (this.#readers.length > 0) {
      const event = this.#queue.shift();
      if (event === undefined && !this.#isEnded) return;
      const reader = this.#readers.shift();
      if (event !== undefined) {
        this.#cursor = event.cursor;
        reader?.resolve({ done: false, value: event });
      } else if (this.#error !== undefined) {
        reader?.reject(this.#error);
        this.#error = undefined;
      } else {
        reader?.resolve(DONE);
      }
    }
  }
}
