import { isKubegraphError, type KubegraphError } from '../errors/kubegraph-error.ts';
import type { Clock } from '../util/clock.ts';
import type { WatchCounts } from './counts.ts';
import { DeliveryQueue, type QueueBounds } from './delivery-queue.ts';
import { defect, endedByGateway, type GatewaysReason, resumable, retryAfterMs } from './ends.ts';
import type { ChangeEvent, Delivery, WatchEvent } from './event.ts';
import { DONE, PendingReads } from './pending-reads.ts';

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
  /** Resumes behind everything that `subscription` has been told; undefined when that is no more than what it was told of last. */
  cursorOf(subscription: Subscription): string | undefined;
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
  readonly isSilent: boolean;
  /** Called once, when it ends. */
  readonly onEnd: () => void;
}

/**
 * One subscriber: the feed puts events in, the reader takes them out, and neither waits for the other.
 *
 * Read it with `take` and `onReady`, or iterate over it. There is one reader: whoever iterates leaves the rest alone.
 */
export class Subscription implements AsyncIterableIterator<WatchEvent, undefined> {
  /**
   * To be set by the reader, who has to `take` once without being told. Called synchronously when something can be taken
   * after `take` had answered undefined, and once at the end unless the reader closed it. May take and close. What it throws
   * ends the subscription.
   */
  onReady: () => void = nothing;
  /** What it gets before SYNCED. */
  beginning: Beginning;
  /** Whether it gets no events, but only the end. */
  readonly isSilent: boolean;
  readonly #settings: SubscriptionSettings;
  readonly #queue: DeliveryQueue;
  readonly #accepts: ((event: ChangeEvent) => boolean) | undefined;
  #feed: Feed | undefined;
  #reads: PendingReads | undefined;
  /** What has to be done at the end for whoever made it, the signal and the lifetime. */
  #release: () => void;
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
    this.isSilent = options.isSilent;
    this.#accepts = options.accepts;
    this.#release = options.onEnd;
    this.#queue = new DeliveryQueue(settings, this, options.coalesces);
    settings.counts.subscribers += 1;
  }

  /** Events that wait. */
  get waiting(): number {
    return this.#queue.size;
  }

  /**
   * Resumes behind the event that was taken last and, while nothing waits, behind all that has happened since and was not
   * for this subscriber: so it stays fresh where nothing happens. Undefined before SYNCED, at the end, and for silent ones.
   */
  get cursor(): string | undefined {
    if (!this.#isSynced || this.#isEnded) return undefined;
    return (this.waiting === 0 ? this.#feed?.cursorOf(this) : undefined) ?? this.#cursor;
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

  /** Ends it with LIFETIME_EXCEEDED in so many milliseconds; never if they are `Infinity`. */
  limitLifetime(lifetimeMs: number): void {
    if (lifetimeMs === Infinity) return;
    const expire = (): void => this.failNow('LIFETIME_EXCEEDED');
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
    if (wanted.length > 0 && !this.#isEnded) this.#put(this.#queue.pushBatch(wanted));
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
  failNow(code: GatewaysReason): void {
    if (this.#isEnded) return;
    this.#queue.clear();
    const cursor = this.isSilent ? undefined : this.#cursor;
    this.fail(endedByGateway(code, { cursor, retryAfterMs: retryAfterMs(this.#settings.random) }));
  }

  /** As `fail`, for whatever was thrown on its behalf: that is its own affair, and not that of the others. */
  failFor(thrown: unknown): void {
    const failure = isKubegraphError(thrown) ? thrown : defect(thrown);
    if (this.#isEnded) this.#error = failure;
    else this.fail(failure);
  }

  #isWanted({ event }: Delivery): boolean {
    if (this.#accepts === undefined || event.type !== 'MODIFIED') return true;
    try {
      if (this.#accepts(event)) return true;
    } catch (error) {
      this.failFor(error);
    }
    this.#settings.counts.filtered += 1;
    return false;
  }

  #put(isComplete: boolean): void {
    if (!isComplete) this.failNow('SLOW_CONSUMER');
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
    try {
      this.onReady();
    } catch (error) {
      this.failFor(error);
    }
  }
}

function nothing(): void {
  // Nobody waits for it.
}
