import type { Identity } from '../cluster/identity.ts';
import type { Upstream } from '../cluster/upstream.ts';
import type { Clock } from '../util/clock.ts';
import type { Caps } from './caps.ts';
import type { WatchCounts } from './counts.ts';
import type { CursorCodec } from './cursor.ts';
import type { HistoryBounds } from './feeds/history.ts';
import { ResumedFeed } from './feeds/resumed-feed.ts';
import { SnapshotFeed } from './feeds/snapshot-feed.ts';
import { PermissionGuard } from './permission/guard.ts';
import { Reflector, type ReflectorSink } from './reflector/reflector.ts';
import { freshState, resumedState, type ReflectorState, type StartOptions } from './reflector/states.ts';
import type { WatchScope } from './scope.ts';
import type { Subscription } from './subscription.ts';
import { newestOf } from './wire/resource-version.ts';

/** What the watches of a hub have in common. */
export interface WatchSettings {
  readonly upstream: Upstream;
  readonly clock: Clock;
  readonly random: () => number;
  readonly counts: WatchCounts;
  readonly caps: Caps;
  readonly history: HistoryBounds;
  readonly maxFrameBytes: number;
  readonly pageSize: number;
  readonly lingerMs: number;
  readonly maxStartFailures: number;
  readonly recheckMs: number;
  /** Paths without streaming lists. */
  readonly pagedPaths: { get(path: string): true | undefined; set(path: string, value: true): void };
}

export interface ScopeWatchOptions {
  readonly settings: WatchSettings;
  readonly identity: Identity;
  readonly scope: WatchScope;
  readonly cursors: CursorCodec;
  /** An upstream watch starts. */
  readonly onStarted: () => void;
  /** Nothing is left: no subscriber, no upstream watch. */
  readonly onDone: () => void;
  /** Something ends in the background. */
  readonly onStopping: (stopping: Promise<void>) => void;
  /**
   * `subscription` has to begin anew, and must not go back behind `position`. Not of necessity here: this may be done, and
   * the scope have another watch.
   */
  readonly onForgotten: (subscription: Subscription, position: string) => void;
}

interface Resumed {
  readonly feed: ResumedFeed;
  readonly reflector: Reflector;
}

interface Shared {
  readonly feed: SnapshotFeed;
  readonly reflector: Reflector;
  cancelLinger: () => void;
}

/** All that is watched of one scope on behalf of one identity. */
export class ScopeWatch {
  readonly cursors: CursorCodec;
  readonly #options: ScopeWatchOptions;
  readonly #guard: PermissionGuard;
  /** The complete view, and who is fed from it. */
  #shared: Shared | undefined;
  /** Those who came back with a cursor. Usually few: one that came later with a later position joins an earlier one. */
  readonly #resumed = new Set<Resumed>();

  constructor(options: ScopeWatchOptions) {
    this.#options = options;
    this.cursors = options.cursors;
    const { settings, identity, scope } = options;
    const { upstream, clock, random, recheckMs } = settings;
    this.#guard = new PermissionGuard({
      target: { upstream, identity, scope },
      clock,
      random,
      recheckMs,
      onRevoked: (error) => this.stop((subscription) => subscription.fail(error)),
    });
  }

  /**
   * Feeds `subscription` from its beginning on. Throws TOO_MANY_REQUESTS.
   *
   * @param seen a position that the subscriber has got to elsewhere.
   */
  join(subscription: Subscription, seen?: string): void {
    const running = this.#shared;
    running?.cancelLinger();
    const shared = running ?? this.#openShared();
    // The first list of a view that is only now opened is the truth, whatever anybody has seen.
    const { known } = subscription.beginning;
    const atLeast = newestOf([...(seen === undefined ? [] : [seen]), ...(known?.values() ?? [])]);
    shared.feed.join(subscription, running === undefined ? undefined : atLeast);
    if (running === undefined) shared.reflector.start();
  }

  /** Feeds `subscription` with what happened behind `position`; from its beginning, if that is forgotten. Throws as `join`. */
  resume(subscription: Subscription, position: string): void {
    const shared = this.#shared;
    if (shared?.feed.rejoin(subscription, position) === true) {
      this.#options.settings.counts.resumed.history += 1;
      // It may be the last one, and have left already.
      if (!shared.feed.isIdle) shared.cancelLinger();
      return;
    }
    for (const { feed } of this.#resumed) {
      if (feed.join(subscription, position)) return;
    }
    this.#openResumed(subscription, position);
  }

  /** Everyone who is being fed now. */
  get subscriptions(): readonly Subscription[] {
    const feeds = [...this.#resumed].map(({ feed }) => feed.subscriptions);
    return [
      ...(this.#shared?.feed.subscriptions ?? []),
      ...feeds.flatMap((subscriptions) => [...subscriptions]),
    ];
  }

  /** Ends all subscriptions, as `end` does it, and all upstream watches. */
  stop(end: (subscription: Subscription) => void): void {
    const { subscriptions } = this;
    // First of all: whoever hears of it may subscribe again.
    if (this.#shared !== undefined) this.#dismiss(this.#shared);
    for (const resumed of this.#resumed) this.#stopResumed(resumed);
    for (const subscription of subscriptions) end(subscription);
  }

  #openShared(): Shared {
    const { settings, cursors } = this.#options;
    const { clock, counts, history } = settings;
    const feed = new SnapshotFeed({
      cursors,
      clock,
      counts,
      history,
      askForList: () => shared.reflector.relist(),
      onIdle: () => this.#linger(shared),
      onEnded: () => this.#dismiss(shared),
    });
    const reflector = this.#reflector(feed, freshState(this.#startOptions()));
    const shared: Shared = { feed, reflector, cancelLinger: () => {} };
    this.#shared = shared;
    return shared;
  }

  #openResumed(subscription: Subscription, position: string): void {
    const { settings, cursors, onForgotten } = this.#options;
    const { clock, counts, history } = settings;
    const feed = new ResumedFeed({
      position,
      cursors,
      clock,
      counts,
      history,
      onIdle: () => this.#stopResumed(resumed),
      onEnded: () => this.#stopResumed(resumed),
      onForgotten,
      onTooFar: (other, itsPosition) => this.#tryResumed(other, itsPosition),
    });
    const reflector = this.#reflector(feed, resumedState(position, this.#startOptions()));
    const resumed: Resumed = { feed, reflector };
    this.#resumed.add(resumed);
    feed.join(subscription, position);
    reflector.start();
  }

  #tryResumed(subscription: Subscription, position: string): void {
    try {
      this.#openResumed(subscription, position);
    } catch (error) {
      subscription.failFor(error);
    }
  }

  #reflector(sink: ReflectorSink, initial: ReflectorState): Reflector {
    const { settings, identity, scope } = this.#options;
    const { upstream, clock, random, pageSize, maxFrameBytes, counts, caps, pagedPaths } = settings;
    caps.takeWatch(identity);
    counts.upstreamWatches += 1;
    this.#options.onStarted();
    return new Reflector({
      target: { upstream, identity, scope },
      sink,
      initial,
      onOpened: () => this.#guard.renew(),
      onPagedOnly: () => pagedPaths.set(scope.path, true),
      clock,
      random,
      pageSize,
      maxFrameBytes,
    });
  }

  #startOptions(): StartOptions {
    const { settings, scope } = this.#options;
    const isPaged = settings.pagedPaths.get(scope.path) === true;
    return { lists: isPaged ? 'paged' : 'streaming', maxStartFailures: settings.maxStartFailures };
  }

  #linger(shared: Shared): void {
    if (this.#shared !== shared) return;
    const { clock, lingerMs } = this.#options.settings;
    shared.cancelLinger();
    if (lingerMs === 0) this.#dismiss(shared);
    else shared.cancelLinger = clock.schedule(lingerMs, () => this.#dismissIfIdle(shared));
  }

  #dismissIfIdle(shared: Shared): void {
    if (shared.feed.isIdle) this.#dismiss(shared);
  }

  #dismiss(shared: Shared): void {
    shared.cancelLinger();
    if (this.#shared !== shared) return;
    this.#shared = undefined;
    this.#stop(shared);
  }

  #stopResumed(resumed: Resumed): void {
    if (this.#resumed.delete(resumed)) this.#stop(resumed);
  }

  #stop({ reflector, feed }: Shared | Resumed): void {
    feed.stop();
    const { settings, identity, onStopping, onDone } = this.#options;
    settings.caps.giveBackWatch(identity);
    settings.counts.upstreamWatches -= 1;
    onStopping(reflector.stop());
    if (this.#shared !== undefined || this.#resumed.size > 0) return;
    this.#guard.stop();
    onDone();
  }
}
