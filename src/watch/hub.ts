import type { Identity } from '../cluster/identity.ts';
import type { Upstream } from '../cluster/upstream.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import { Lru } from '../util/lru.ts';
import { systemClock, type Clock } from './clock.ts';
import { CursorCodec } from './cursor.ts';
import type { WatchEvent } from './event.ts';
import { Reflector, type ReflectorSink } from './reflector.ts';
import { ResumedFeed } from './resumed-feed.ts';
import { scopeKey, type WatchScope } from './scope.ts';
import { SnapshotFeed } from './snapshot-feed.ts';
import { freshState, resumedState, type ReflectorState, type StartOptions } from './states.ts';
import { Subscription } from './subscription.ts';

/** Paths without streaming lists that are remembered. */
const MAX_PAGED_PATHS = 1000;

export interface WatchHubOptions {
  /** The hub does not close it. */
  readonly upstream: Upstream;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Uniform in [0, 1). Default: `Math.random`. */
  readonly random?: () => number;
  /**
   * How many events wait for a subscriber one by one; beyond it the latest state of so many objects, beyond that the
   * subscription ends with SLOW_CONSUMER. A snapshot does not count. Default 1,000.
   */
  readonly maxQueuedEvents?: number;
  /** How many events are kept per watch for subscribers that come back. Default 1,000. */
  readonly maxHistoryEvents?: number;
  /** How many bytes of objects these may hold. Default 16 MiB. */
  readonly maxHistoryBytes?: number;
  /** A watch with a larger event ends with RESULT_TOO_LARGE. Default 64 MiB. */
  readonly maxFrameBytes?: number;
  /** Items per page, where streaming lists are not available. Default 500. */
  readonly pageSize?: number;
  /** How long a watch goes on without subscribers, in milliseconds. 0 stops it at once. Default 5,000. */
  readonly lingerMs?: number;
  /** So many failures before the first success end a watch with the last of them. Default 5: about 20 s. */
  readonly maxStartFailures?: number;
}

type Settings = Required<WatchHubOptions>;

interface SharedWatch {
  readonly feed: SnapshotFeed;
  readonly reflector: Reflector;
  cancelLinger: () => void;
}

/** What one call of `subscribe` is about. */
interface Order {
  readonly identity: Identity;
  readonly scope: WatchScope;
  readonly cursors: CursorCodec;
  readonly subscription: Subscription;
}

/**
 * Watches collections on behalf of subscribers: one upstream watch per identity and scope, however many subscribe.
 *
 * Two identities never share anything. Whether an identity may watch is checked by the API server each time a watch
 * starts; a subscriber that joins a running one is covered by that check of the same identity.
 */
export class WatchHub {
  readonly #settings: Settings;
  readonly #shared = new Map<string, SharedWatch>();
  /** Running reflectors, shared or not. */
  readonly #reflectors = new Set<Reflector>();
  readonly #subscriptions = new Set<Subscription>();
  readonly #stopping = new Set<Promise<void>>();
  readonly #pagedPaths = new Lru<string, true>({ maxWeight: MAX_PAGED_PATHS });
  #isClosed = false;

  constructor(options: WatchHubOptions) {
    this.#settings = {
      clock: systemClock,
      random: Math.random,
      maxQueuedEvents: 1000,
      maxHistoryEvents: 1000,
      maxHistoryBytes: 16 * 1024 * 1024,
      maxFrameBytes: 64 * 1024 * 1024,
      pageSize: 500,
      lingerMs: 5000,
      maxStartFailures: 5,
      ...options,
    };
  }

  /** Upstream watches that are kept up now, one that waits for its next try included. */
  get size(): number {
    return this.#reflectors.size;
  }

  /**
   * Subscribes to `scope`, starting now and not with the first `next`.
   *
   * Without `resumeFrom`: the current objects as ADDED, SYNCED, then every change. The objects come when all of them are
   * there, so a snapshot is never seen by halves.
   *
   * With the `cursor` of an earlier event: no snapshot but what was missed, and SYNCED once it is certain that nothing
   * was lost. When the gateway still holds what was missed, SYNCED follows it; else the API server is asked, SYNCED
   * comes when it has accepted the position, and what was missed follows. When the position is forgotten, the
   * subscription starts over with a snapshot. When it is forgotten only after SYNCED, it ends with EXPIRED. Events that
   * were delivered before may come once more.
   *
   * Ends without an error when `signal` is aborted or the iterator's `return` is called; one of them must happen. Throws
   * INVALID_CURSOR and, after `close`, SERVER_SHUTDOWN. `next` rejects with:
   *
   *   SLOW_CONSUMER, SERVER_SHUTDOWN, EXPIRED   `extensions.cursor` says where to resume
   *   UNAUTHENTICATED, FORBIDDEN, NOT_FOUND     also when rights or the kind are lost later
   *   any other code                            the API server refuses the scope, or cannot be reached at the start
   */
  subscribe(
    identity: Identity,
    scope: WatchScope,
    options: { readonly resumeFrom?: string; readonly signal: AbortSignal },
  ): AsyncIterableIterator<WatchEvent> {
    if (this.#isClosed) throw new KubegraphError('SERVER_SHUTDOWN', 'the gateway is shutting down');
    const cursors = new CursorCodec(scope);
    const position = options.resumeFrom === undefined ? undefined : cursors.read(options.resumeFrom);
    const subscription = new Subscription({
      maxQueuedEvents: this.#settings.maxQueuedEvents,
      cursor: options.resumeFrom ?? cursors.initial,
      signal: options.signal,
    });
    if (subscription.isEnded) return subscription;
    this.#subscriptions.add(subscription);
    subscription.onLeave(() => this.#subscriptions.delete(subscription));
    const order = { identity, scope, cursors, subscription };
    if (position === undefined) this.#join(order);
    else this.#resume(order, position);
    return subscription;
  }

  /** Ends every subscription with SERVER_SHUTDOWN and resolves when no upstream call is left. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const subscription of this.#subscriptions) {
      subscription.failNow(
        'SERVER_SHUTDOWN',
        'the gateway is shutting down; resume elsewhere from the cursor',
      );
    }
    for (const [key, watch] of this.#shared) this.#dismiss(key, watch);
    await Promise.all(this.#stopping);
  }

  #join(order: Order): void {
    const key = watchKey(order);
    const running = this.#shared.get(key);
    running?.cancelLinger();
    const watch = running ?? this.#openShared(key, order);
    watch.feed.join(order.subscription);
    if (running === undefined) watch.reflector.start();
  }

  #resume(order: Order, position: string): void {
    const running = this.#shared.get(watchKey(order));
    if (running?.feed.rejoin(order.subscription, position)) running.cancelLinger();
    else this.#openResumed(order, position);
  }

  #openShared(key: string, order: Order): SharedWatch {
    const { cursors } = order;
    const { maxHistoryEvents: maxEvents, maxHistoryBytes: maxBytes } = this.#settings;
    const feed = new SnapshotFeed({
      cursors,
      history: { maxEvents, maxBytes },
      onIdle: () => this.#linger(key, watch),
      onEnded: () => this.#dismiss(key, watch),
    });
    const reflector = this.#reflector(order, feed, freshState(this.#startOptions(order.scope)));
    const watch: SharedWatch = { feed, reflector, cancelLinger: () => {} };
    this.#shared.set(key, watch);
    return watch;
  }

  #openResumed(order: Order, position: string): void {
    const { cursors, subscription } = order;
    const feed = new ResumedFeed({
      position,
      cursors,
      subscription,
      onForgotten: () => {
        detach();
        this.#stop(reflector);
        this.#join(order);
      },
    });
    const reflector = this.#reflector(order, feed, resumedState(position, this.#startOptions(order.scope)));
    const detach = subscription.onLeave(() => this.#stop(reflector));
    reflector.start();
  }

  #reflector({ identity, scope }: Order, sink: ReflectorSink, initial: ReflectorState): Reflector {
    const { upstream, clock, random, pageSize, maxFrameBytes } = this.#settings;
    const reflector = new Reflector({
      target: { upstream, identity, scope },
      sink,
      initial,
      onPagedOnly: () => this.#pagedPaths.set(scope.path, true),
      clock,
      random,
      pageSize,
      maxFrameBytes,
    });
    this.#reflectors.add(reflector);
    return reflector;
  }

  #startOptions(scope: WatchScope): StartOptions {
    const isPaged = this.#pagedPaths.get(scope.path) === true;
    return { lists: isPaged ? 'paged' : 'streaming', maxStartFailures: this.#settings.maxStartFailures };
  }

  #linger(key: string, watch: SharedWatch): void {
    const { clock, lingerMs } = this.#settings;
    if (lingerMs === 0) this.#dismiss(key, watch);
    else watch.cancelLinger = clock.schedule(lingerMs, () => this.#dismiss(key, watch));
  }

  #dismiss(key: string, watch: SharedWatch): void {
    watch.cancelLinger();
    if (this.#shared.get(key) === watch) this.#shared.delete(key);
    this.#stop(watch.reflector);
  }

  #stop(reflector: Reflector): void {
    if (!this.#reflectors.delete(reflector)) return;
    const stopping = reflector.stop().finally(() => this.#stopping.delete(stopping));
    this.#stopping.add(stopping);
  }
}

function watchKey({ identity, scope }: Order): string {
  return `${identity.key} ${scopeKey(scope)}`;
}
