import { KubegraphError } from '../errors/kubegraph-error.ts';
import type { Clock } from '../util/clock.ts';
import type { WatchCounts } from './counts.ts';
import { DeliveryQueue, type QueueBounds } from './delivery-queue.ts';
import type { ChangeEvent, Delivery, WatchEvent } from './event.ts';
import { DONE, PendingReads } from './pending-reads.ts';

/** Clients that were ended come back spread over so many milliseconds. */
const RETRY_SPREAD_MS = 10_000;

/** The longest timer there is: about 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** What all subscriptions of a hub have in common. */
export interface SubscriptionSettings {
  readonly bounds: QueueBounds;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly counts: WatchCounts;
}

/** Who puts events into a subscription. */
export interface Feed {
  /** The subscription has ended, for whatever reason. */
  leave(subscription: Subscription): void;
  /** Whether the feed keeps the object of `event` anyway. */
  holds(event: ChangeEvent): boolean;
}

/** What a subscriber gets first. */
export interface Beginning {
  /** What it holds: versions by key. It gets what differs, and no snapshot. */
  readonly known: ReadonlyMap<string, string> | undefined;
  /** Whether it gets a snapshot. Without one, and without `known`, SYNCED comes first. */
  readonly hasSnapshot: boolean;
}

/** Only SYNCED comes first. */
export const NOTHING_FIRST: Beginning = { known: undefined, hasSnapshot: false };

export interface SubscriptionOptions {
  /** What resumes as long as nothing has been delivered. */
  readonly cursor: string;
  readonly beginning: Beginning;
  readonly accepts: ((event: ChangeEvent) => boolean) | undefined;
  readonly coalesces: boolean;
}

/**
 * One subscriber: the feed puts events in, the reader takes them out, and neither waits for the other.
 *
 * Read it with `take` and `onReady`, or iterate over it. There is one reader: whoever iterates leaves the rest alone.
 */
export class Subscription implements AsyncIterableIterator<WatchEvent, undefined> {
  /**
   * To be set by the reader, who has to `take` once without being told. Called synchronously when something can be taken
   * after `take` had answered undefined, and once at the end unless the reader closed it. Must not throw; may take and close.
   */
  onReady: () => void = nothing;
  /** What it gets before SYNCED. */
  beginning: Beginning;
  readonly #settings: SubscriptionSettings;
  readonly #queue: DeliveryQueue;
  readonly #accepts: ((event: ChangeEvent) => boolean) | undefined;
  #feed: Feed | undefined;
  #reads: PendingReads | undefined;
  /** What has to be done at the end for the signal and the lifetime. */
  #release: () => void = nothing;
  /** Of the last event that the reader took. */
  #cursor: string;
  #error: KubegraphError | undefined;
  #isEnded = false;
  #isSynced = false;
  /** Whether `take` has found nothing since `onReady` was called last. */
  #isAwaited = true;

  constructor(settings: SubscriptionSettings, options: SubscriptionOptions) {
    this.#settings = settings;
    this.#cursor = options.cursor;
    this.beginning = options.beginning;
    this.#accepts = options.accepts;
    this.#queue = new DeliveryQueue(settings, this, options.coalesces);
    settings.counts.subscribers += 1;
  }

  /** Events that wait. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Whether no more events will be put in. Some may wait. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Why it ended, with `extensions.cursor` where it can be resumed; undefined when it was closed. */
  get error(): KubegraphError | undefined {
    if (this.#error === undefined || !this.#isSynced) return this.#error;
    return resumable(this.#error, this.#cursor);
  }

  /** Whether SYNCED has been put in. */
  get isSynced(): boolean {
    return this.#isSynced;
  }

  /** Whether the object of `event` is kept anyway. */
  holds(event: ChangeEvent): boolean {
    return this.#feed?.holds(event) ?? false;
  }

  /** The next event; undefined when none waits. */
  take(): WatchEvent | undefined {
    const event = this.#queue.shift();
    if (event === undefined) {
      this.#isAwaited = true;
      return undefined;
    }
    this.#cursor = event.cursor;
    this.#settings.counts.eventsOut += 1;
    return event;
  }

  /** Ends it without an error, and throws away what waits. */
  close(): void {
    this.onReady = nothing;
    this.#finish();
  }

  next(): Promise<IteratorResult<WatchEvent, undefined>> {
    this.#reads ??= new PendingReads(this);
    return this.#reads.next();
  }

  return(): Promise<IteratorResult<WatchEvent, undefined>> {
    this.close();
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Makes `feed` the one that puts events in. */
  attach(feed: Feed): void {
    this.#feed = feed;
  }

  /** Closes it when `signal` is aborted. */
  closeOn(signal: AbortSignal): void {
    const close = (): void => this.#finish();
    signal.addEventListener('abort', close, { once: true });
    this.#onLeave(() => signal.removeEventListener('abort', close));
    if (signal.aborted) this.#finish();
  }

  /** Ends it with LIFETIME_EXCEEDED in so many milliseconds. */
  limitLifetime(lifetimeMs: number): void {
    const expire = (): void =>
      this.failNow(
        'LIFETIME_EXCEEDED',
        'the subscription has reached its longest lifetime; resume from the cursor',
      );
    this.#onLeave(this.#settings.clock.schedule(Math.min(lifetimeMs, MAX_TIMER_MS), expire));
  }

  deliver(delivery: Delivery): void {
    if (this.#isEnded || !this.#isWanted(delivery)) return;
    this.#put(this.#queue.push(delivery));
  }

  /** `batch` must not change later. */
  deliverBatch(batch: readonly Delivery[]): void {
    if (this.#isEnded) return;
    // A snapshot stays shared.
    const isAskedFor = this.#accepts !== undefined && batch.some(({ event }) => event.type === 'MODIFIED');
    const wanted = isAskedFor ? batch.filter((delivery) => this.#isWanted(delivery)) : batch;
    if (wanted.length > 0) this.#put(this.#queue.pushBatch(wanted));
  }

  /** Puts SYNCED in. `isSnapshot`: behind a complete snapshot. */
  synced(cursor: string, isSnapshot: boolean): void {
    if (this.#isEnded) return;
    this.#isSynced = true;
    // What it knew may be large.
    this.beginning = NOTHING_FIRST;
    const receivedAt = this.#settings.clock.now();
    this.#put(this.#queue.push({ id: undefined, event: { type: 'SYNCED', isSnapshot, cursor, receivedAt } }));
  }

  /** Ends it with `error` once the reader has taken what is there; at once when that is no longer for its eyes. */
  fail(error: KubegraphError): void {
    if (this.#isEnded) return;
    if (error.code === 'FORBIDDEN' || error.code === 'UNAUTHENTICATED') this.#queue.clear();
    this.#error = error;
    const { ended } = this.#settings.counts;
    ended[error.code] = (ended[error.code] ?? 0) + 1;
    this.#leave();
  }

  /** Ends it at once. The error says from where to resume, and when. */
  failNow(code: 'SLOW_CONSUMER' | 'SERVER_SHUTDOWN' | 'LIFETIME_EXCEEDED', message: string): void {
    if (this.#isEnded) return;
    this.#queue.clear();
    const retryAfterMs = Math.floor(this.#settings.random() * RETRY_SPREAD_MS);
    this.fail(new KubegraphError(code, message, { extensions: { cursor: this.#cursor, retryAfterMs } }));
  }

  #isWanted({ event }: Delivery): boolean {
    if (this.#accepts === undefined || event.type !== 'MODIFIED' || this.#accepts(event)) return true;
    this.#settings.counts.filtered += 1;
    return false;
  }

  #put(isComplete: boolean): void {
    if (!isComplete)
      this.failNow('SLOW_CONSUMER', 'the subscriber reads slower than events arrive; resume from the cursor');
    else if (this.#isAwaited) this.#announce();
  }

  #finish(): void {
    this.#queue.clear();
    this.#error = undefined;
    this.#leave();
  }

  #onLeave(action: () => void): void {
    const before = this.#release;
    this.#release = () => {
      before();
      action();
    };
  }

  #leave(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#settings.counts.subscribers -= 1;
    this.#release();
    this.#feed?.leave(this);
    this.#announce();
  }

  #announce(): void {
    this.#isAwaited = false;
    this.#reads?.serve();
    this.onReady();
  }
}

function nothing(): void {
  // Nobody waits for it.
}

function resumable(error: KubegraphError, cursor: string): KubegraphError {
  if ('cursor' in error.extensions) return error;
  const { kubernetes, extensions } = error;
  return new KubegraphError(error.code, error.message, {
    ...(kubernetes === undefined ? {} : { kubernetes }),
    extensions: { ...extensions, cursor },
    cause: error.cause,
  });
}
