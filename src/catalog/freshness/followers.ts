import type { Identity } from '../../cluster/identity.ts';
import type { Upstream } from '../../cluster/upstream.ts';
import type { Clock } from '../../util/clock.ts';
import { Follower } from './follower.ts';

/** A caller's token is used for as long as the caller asks, and no longer than this after it, in milliseconds. */
const TOKEN_IDLE_MS = 60_000;

/** So many callers get watches of their own; those beyond it are polled for. */
const MAX_WATCHING_CALLERS = 16;

/** How often an identity without watches looks, in milliseconds: seldomer the more of them there are. */
const POLL_MS = 1_000;
const POLL_MS_PER_IDENTITY = 100;

/**
 * So many callers are followed. Beyond it each would be looked for less often than a catalogue is that nobody follows:
 * every 30 s, when it is used. A place is free again once somebody has not asked for a minute.
 */
const MAX_FOLLOWED_CALLERS = 300;

export interface FollowersOptions {
  readonly upstream: Upstream;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Looks at the API server as `identity`, and answers whether something has changed. Never rejects. */
  readonly look: (identity: Identity) => Promise<boolean>;
}

/**
 * Follows the API server for every identity that uses its catalogue: for the kubeconfig's from its first request on, for a
 * caller's token only while that caller keeps asking and there are not too many.
 */
export class Followers {
  readonly #options: FollowersOptions;
  readonly #byKey = new Map<string, Follower>();
  readonly #stopping = new Set<Promise<void>>();
  #isClosed = false;

  constructor(options: FollowersOptions) {
    this.#options = options;
  }

  /** How many watches are open. */
  get openWatches(): number {
    return [...this.#byKey.values()].reduce((sum, follower) => sum + follower.openWatches, 0);
  }

  has(identity: Identity): boolean {
    return this.#byKey.has(identity.key);
  }

  /** Somebody uses this identity's catalogue, which has been read by now. */
  asked(identity: Identity): void {
    const follower = this.#byKey.get(identity.key);
    if (follower !== undefined) return follower.asked();
    if (this.#isClosed || !this.#hasPlace(identity)) return;
    this.#byKey.set(identity.key, this.#follow(identity));
  }

  stop(identity: Identity): void {
    const follower = this.#byKey.get(identity.key);
    if (follower === undefined) return;
    this.#byKey.delete(identity.key);
    const stopping = follower.stop().finally(() => this.#stopping.delete(stopping));
    this.#stopping.add(stopping);
  }

  /** Resolves when nothing is left of them. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...[...this.#byKey.values()].map((follower) => follower.stop()), ...this.#stopping]);
    this.#byKey.clear();
  }

  #follow(identity: Identity): Follower {
    const { upstream, clock, random, look } = this.#options;
    const isOwn = identity.kind === 'kubeconfig';
    return new Follower({
      upstream,
      identity,
      clock,
      random,
      look: () => look(identity),
      mayWatch: isOwn || this.#count((follower) => follower.watches > 0) < MAX_WATCHING_CALLERS,
      pollMs: () => this.#pollMs(),
      idleEndMs: isOwn ? undefined : TOKEN_IDLE_MS,
      onIdle: () => this.stop(identity),
    });
  }

  #hasPlace({ kind }: Identity): boolean {
    return kind === 'kubeconfig' || this.#byKey.size < MAX_FOLLOWED_CALLERS;
  }

  #pollMs(): number {
    return Math.max(POLL_MS, this.#byKey.size * POLL_MS_PER_IDENTITY);
  }

  #count(condition: (follower: Follower) => boolean): number {
    return [...this.#byKey.values()].filter(condition).length;
  }
}
