import type { Identity } from '../cluster/identity.ts';
import type { Upstream } from '../cluster/upstream.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import { backgroundClock, type Clock } from '../util/clock.ts';
import { Lru } from '../util/lru.ts';
import { type CapLimits, Caps } from './caps.ts';
import { createCounts, type WatchCounts } from './counts.ts';
import { CursorCodec } from './cursor.ts';
import type { ChangeEvent } from './event.ts';
import { ScopeWatch, type WatchSettings } from './scope-watch.ts';
import { scopeKey, type WatchScope } from './scope.ts';
import { type Beginning, NOTHING_FIRST, Subscription, type SubscriptionSettings } from './subscription.ts';

/** Paths without streaming lists that are remembered. */
const MAX_PAGED_PATHS = 1000;

export interface WatchHubOptions {
  /** The hub does not close it. */
  readonly upstream: Upstream;
  /** Default: the system's, whose timers do not keep the process alive. */
  readonly clock?: Clock;
  /** Uniform in [0, 1). Default: `Math.random`. */
  readonly random?: () => number;
  /**
   * How many events wait for a subscriber one by one; beyond it the latest state of so many objects, beyond that the
   * subscription ends with SLOW_CONSUMER. A snapshot does not count. Default 1,000.
   */
  readonly maxQueuedEvents?: number;
  /** How many bytes may be kept for a subscriber that nobody else needs, in the same way. Default 1 MiB. */
  readonly maxQueuedBytes?: number;
  /** How many events are kept per watch for subscribers that come back. Default 1,000. */
  readonly maxHistoryEvents?: number;
  /** How many bytes of objects these may hold. Default 16 MiB. */
  readonly maxHistoryBytes?: number;
  /** How many bytes the events of all watches may hold together. Default 128 MiB. */
  readonly maxHistoriesBytes?: number;
  /** A watch with a larger event ends with RESULT_TOO_LARGE. Default 64 MiB. */
  readonly maxFrameBytes?: number;
  /** Items per page, where streaming lists are not available. Default 500. */
  readonly pageSize?: number;
  /** How long a watch goes on without subscribers, in milliseconds. 0 stops it at once. Default 5,000. */
  readonly lingerMs?: number;
  /** So many failures before the first success end a watch with the last of them. Default 5: about 20 s. */
  readonly maxStartFailures?: number;
  /**
   * How often the permission to watch is checked again while a watch lasts, in milliseconds, give or take 20 %. 0: never,
   * until the watch is opened again. Default 20,000, so that a revoked one ends a watch within 30 s.
   */
  readonly recheckMs?: number;
  /** For subscriptions that do not say how long they may last. Default: for ever. */
  readonly maxLifetimeMs?: number | undefined;
  /** Subscriptions at a time. Default 20,000. */
  readonly maxSubscriptions?: number | undefined;
  /** Subscriptions at a time of an identity that is a caller's own. Default 200. */
  readonly maxSubscriptionsPerCaller?: number | undefined;
  /** Upstream watches at a time of any one identity. Default 500. */
  readonly maxWatchesPerIdentity?: number | undefined;
}

export interface SubscribeOptions {
  /** The `cursor` of an earlier event, or of the error that a subscription ended with. */
  readonly resumeFrom?: string;
  /** The resourceVersions that the subscriber holds, by `key`: instead of a snapshot it gets what differs from them. */
  readonly known?: ReadonlyMap<string, string>;
  /** Whether the current objects come first. Default true. */
  readonly initial?: boolean;
  /** Asked for each MODIFIED before it waits. When it answers false, the subscriber does not get that event. */
  readonly accepts?: (event: ChangeEvent) => boolean;
  /** Keeps only the latest event per object waiting, from the first one on: for those who take several at once. */
  readonly coalesces?: boolean;
  /**
   * The subscriber gets no events, only the end: its lifetime, its permission, a shutdown. For those who read a view that
   * they share. Nothing is resumed for it, so what ends it has no cursor.
   */
  readonly isSilent?: boolean;
  /** Ends the subscription with LIFETIME_EXCEEDED after so many milliseconds; `Infinity`: never. Default: as the hub has it. */
  readonly maxLifetimeMs?: number;
  /** Ends it without an error, as `close` does. */
  readonly signal?: AbortSignal;
}

/**
 * Watches collections on behalf of subscribers: one upstream watch per identity and scope, however many subscribe.
 *
 * Two identities never share anything. Whether an identity may watch is checked by the API server each time a watch
 * starts, and again while it lasts; a subscriber that joins a running one is covered by that check of the same identity.
 */
export class WatchHub {
  /** What happens here, for metrics. */
  readonly counts: WatchCounts = createCounts();
  readonly #caps: Caps;
  readonly #settings: WatchSettings;
  readonly #subscriptionSettings: SubscriptionSettings;
  readonly #maxLifetimeMs: number | undefined;
  readonly #watches = new Map<string, ScopeWatch>();
  readonly #seats = new Set<Subscription>();
  readonly #stopping = new Set<Promise<void>>();
  #isClosed = false;

  constructor(options: WatchHubOptions) {
    const { clock = backgroundClock, random = Math.random } = options;
    const { counts } = this;
    this.#maxLifetimeMs = options.maxLifetimeMs;
    this.#caps = new Caps({ limits: limitsOf(options), counts, random });
    this.#settings = {
      upstream: options.upstream,
      clock,
      random,
      counts,
      caps: this.#caps,
      history: {
        maxEvents: options.maxHistoryEvents ?? 1000,
        maxBytes: options.maxHistoryBytes ?? 16 * 1024 * 1024,
        budget: { maxBytes: options.maxHistoriesBytes ?? 128 * 1024 * 1024, usedBytes: 0 },
      },
      maxFrameBytes: options.maxFrameBytes ?? 64 * 1024 * 1024,
      pageSize: options.pageSize ?? 500,
      lingerMs: options.lingerMs ?? 5000,
      maxStartFailures: options.maxStartFailures ?? 5,
      recheckMs: options.recheckMs ?? 20_000,
      pagedPaths: new Lru({ maxWeight: MAX_PAGED_PATHS }),
    };
    this.#subscriptionSettings = {
      clock,
      random,
      counts,
      bounds: {
        maxEvents: options.maxQueuedEvents ?? 1000,
        maxBytes: options.maxQueuedBytes ?? 1024 * 1024,
      },
    };
  }

  /** Upstream watches that are kept up now, one that waits for its next try included. */
  get size(): number {
    return this.counts.upstreamWatches;
  }

  /**
   * Subscribes to `scope`, starting now and not with the first read.
   *
   * Without `resumeFrom`: the current objects as ADDED, or what differs from `known`, or nothing (`initial: false`); then
   * SYNCED, then every change. The objects come when all of them are there, so a snapshot is never seen by halves.
   *
   * With the `cursor` of an earlier event: no snapshot but what was missed, and SYNCED once it is certain that nothing
   * was lost. When the gateway still holds what was missed, SYNCED follows it; else the API server is asked, SYNCED
   * comes when it has accepted the position, and what was missed follows. When the position is forgotten, or is one that
   * the collection has not reached (of a cluster that was restored), the subscription starts over as without it; never
   * with a view that is older than the position. When it is forgotten only after SYNCED, it ends with EXPIRED. Events
   * that were delivered before may come once more.
   *
   * Ends without an error when `signal` is aborted or `close` is called; one of them must happen. Throws INVALID_CURSOR,
   * TOO_MANY_REQUESTS (`extensions.retryAfterMs` says when to come back) and, after `close`, SERVER_SHUTDOWN. Ends with these
   * errors, of which those after SYNCED say in `extensions.cursor` where to resume:
   *
   *   SLOW_CONSUMER, SERVER_SHUTDOWN, LIFETIME_EXCEEDED   at once; `extensions.retryAfterMs` says when to come back
   *   UNAUTHENTICATED, FORBIDDEN                          at once, also within 30 s of when rights are lost
   *   EXPIRED, NOT_FOUND                                  after what waits; the kind may be lost later, too
   *   any other code                                      the API server refuses the scope, or cannot be reached at the start
   */
  subscribe(identity: Identity, scope: WatchScope, options: SubscribeOptions = {}): Subscription {
    this.#refuseWhenClosed();
    const watch = this.#watchOf(identity, scope);
    const { resumeFrom } = options;
    const position = resumeFrom === undefined ? undefined : watch.cursors.read(resumeFrom);
    const subscription = this.#subscription(identity, options, watch.cursors.initial);
    if (subscription.isEnded) return subscription;
    try {
      if (position === undefined || subscription.isSilent) watch.join(subscription);
      else watch.resume(subscription, position);
    } catch (error) {
      subscription.close();
      throw error;
    }
    if (position === undefined && !subscription.isSilent) this.#countNewBeginning(options);
    return subscription;
  }

  /**
   * A seat for somebody who does without a watch: it counts as a subscription and gets nothing but its end, with TOO_MANY_REQUESTS,
   * SERVER_SHUTDOWN and LIFETIME_EXCEEDED as `subscribe`. Whoever has it closes it.
   */
  takeSeat(identity: Identity, signal: AbortSignal): Subscription {
    this.#refuseWhenClosed();
    const seat = this.#subscription(identity, { signal, isSilent: true }, '');
    if (seat.isEnded) return seat;
    this.#seats.add(seat);
    seat.attach({ leave: () => this.#seats.delete(seat), holds: () => false, cursorOf: () => undefined });
    return seat;
  }

  /** Ends every subscription with SERVER_SHUTDOWN and resolves when no upstream call is left. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const seat of this.#seats) seat.failNow('SERVER_SHUTDOWN');
    for (const watch of this.#watches.values()) {
      watch.stop((subscription) => subscription.failNow('SERVER_SHUTDOWN'));
    }
    await Promise.all(this.#stopping);
  }

  #refuseWhenClosed(): void {
    if (this.#isClosed) throw new KubegraphError('SERVER_SHUTDOWN', 'the gateway is shutting down');
  }

  #countNewBeginning({ known, resumeFrom }: SubscribeOptions): void {
    const { resumed } = this.counts;
    if (known !== undefined) resumed.known += 1;
    else if (resumeFrom !== undefined) resumed.snapshot += 1;
  }

  #subscription(identity: Identity, options: SubscribeOptions, initialCursor: string): Subscription {
    this.#caps.takeSeat(identity);
    const { resumeFrom = initialCursor, accepts, coalesces = false, isSilent = false } = options;
    const beginning = beginningOf(options);
    const subscription = new Subscription(this.#subscriptionSettings, {
      cursor: resumeFrom,
      beginning,
      accepts,
      coalesces,
      isSilent,
      onEnd: () => this.#caps.giveBackSeat(identity),
    });
    if (options.signal !== undefined) subscription.closeOn(options.signal);
    const { maxLifetimeMs = this.#maxLifetimeMs } = options;
    if (maxLifetimeMs !== undefined) subscription.limitLifetime(maxLifetimeMs);
    return subscription;
  }

  #watchOf(identity: Identity, scope: WatchScope): ScopeWatch {
    const key = watchKey(identity, scope);
    const running = this.#watches.get(key);
    if (running !== undefined) return running;
    const watch = new ScopeWatch({
      settings: this.#settings,
      identity,
      scope,
      cursors: new CursorCodec(scope, identity.kind),
      onStarted: () => this.#watches.set(key, watch),
      onDone: () => {
        if (this.#watches.get(key) === watch) this.#watches.delete(key);
      },
      onStopping: (work) => this.#track(work),
      onForgotten: (subscription, position) => this.#beginAnew(identity, scope, subscription, position),
    });
    return watch;
  }

  /** Feeds one whose position is forgotten from its beginning on: by the watch of its scope that is up now. */
  #beginAnew(identity: Identity, scope: WatchScope, subscription: Subscription, position: string): void {
    // Whoever has heard of it before may have ended it, or everything.
    if (subscription.isEnded) return;
    if (this.#isClosed) return subscription.failNow('SERVER_SHUTDOWN');
    const { resumed } = this.counts;
    resumed[subscription.beginning.known === undefined ? 'snapshot' : 'known'] += 1;
    try {
      this.#watchOf(identity, scope).join(subscription, position);
    } catch (error) {
      subscription.failFor(error);
    }
  }

  #track(work: Promise<void>): void {
    const stopping = work.finally(() => this.#stopping.delete(stopping));
    this.#stopping.add(stopping);
  }
}

function limitsOf(options: WatchHubOptions): CapLimits {
  return {
    maxSubscriptions: options.maxSubscriptions ?? 20_000,
    maxSubscriptionsPerCaller: options.maxSubscriptionsPerCaller ?? 200,
    maxWatchesPerIdentity: options.maxWatchesPerIdentity ?? 500,
  };
}

const SNAPSHOT_FIRST: Beginning = { known: undefined, hasSnapshot: true };

function beginningOf({ known, initial = true }: SubscribeOptions): Beginning {
  if (known !== undefined) return { known, hasSnapshot: false };
  return initial ? SNAPSHOT_FIRST : NOTHING_FIRST;
}

function watchKey(identity: Identity, scope: WatchScope): string {
  return `${identity.key} ${scopeKey(scope)}`;
}
