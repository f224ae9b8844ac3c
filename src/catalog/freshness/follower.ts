import type { Identity } from '../../cluster/identity.ts';
import type { Upstream } from '../../cluster/upstream.ts';
import type { Clock } from '../../util/clock.ts';
import { LookSchedule } from './look-schedule.ts';
import { TriggerWatch } from './trigger-watch.ts';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const API_SERVICES = '/apis/apiregistration.k8s.io/v1/apiservices';

/** How recently somebody must have asked for polling to be quick, in milliseconds. */
const ASKED_LATELY_MS = 30_000;

/**
 * How often it is looked while nothing seems to happen, in milliseconds. Also beside a watch: an aggregated API can change
 * its OpenAPI document without a trace elsewhere.
 */
const SLOW_POLL_MS = 30_000;

export interface FollowerOptions {
  readonly upstream: Upstream;
  readonly identity: Identity;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Looks at the API server, and answers whether something has changed. Never rejects. */
  readonly look: () => Promise<boolean>;
  /** Whether it may hold watches open. */
  readonly mayWatch: boolean;
  /** How often to look where no watch tells of changes, in milliseconds. */
  readonly pollMs: () => number;
  /** How long after the last `asked()` it ends, in milliseconds; undefined: never. */
  readonly idleEndMs: number | undefined;
  readonly onIdle: () => void;
}

/** Keeps one identity's catalogue fresh: told of changes by watches where that is allowed, by polling elsewhere. */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #schedule: LookSchedule;
  readonly #watches: readonly TriggerWatch[];
  #askedAt: number;
  #callOffEnd: () => void = () => {};

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#askedAt = options.clock.now();
    const { clock, look } = options;
    this.#schedule = new LookSchedule({ clock, look, idleMs: () => this.#idleMs() });
    this.#watches = options.mayWatch ? [DEFINITIONS, API_SERVICES].map((path) => this.#watch(path)) : [];
    this.#schedule.start();
    this.#armEnd();
  }

  /** How many watches it may hold open. */
  get watches(): number {
    return this.#watches.length;
  }

  /** How many of them are open. */
  get openWatches(): number {
    return this.#watches.filter(({ state }) => state === 'open').length;
  }

  /** Somebody uses the catalogue. */
  asked(): void {
    const now = this.#options.clock.now();
    const wasIdle = now - this.#askedAt > ASKED_LATELY_MS;
    this.#askedAt = now;
    if (wasIdle) this.#schedule.reconsider();
  }

  /** Resolves when nothing is left of it. */
  async stop(): Promise<void> {
    this.#callOffEnd();
    this.#schedule.stop();
    await Promise.all(this.#watches.map((watch) => watch.stop()));
  }

  #watch(path: string): TriggerWatch {
    const { upstream, identity, clock, random } = this.#options;
    return new TriggerWatch({
      upstream,
      identity,
      clock,
      random,
      path,
      onChange: () => this.#schedule.trigger(),
      onState: () => this.#schedule.reconsider(),
    });
  }

  #idleMs(): number {
    if (this.#isTold()) return SLOW_POLL_MS;
    const isAskedLately = this.#options.clock.now() - this.#askedAt <= ASKED_LATELY_MS;
    return isAskedLately ? this.#options.pollMs() : SLOW_POLL_MS;
  }

  /** Whether changes show without polling. A server without the aggregator has no aggregated APIs to tell of. */
  #isTold(): boolean {
    const [definitions, apiServices] = this.#watches;
    const isOpen = definitions?.state === 'open';
    return isOpen && (apiServices?.state === 'open' || apiServices?.state === 'absent');
  }

  #armEnd(): void {
    const { clock, idleEndMs, onIdle } = this.#options;
    if (idleEndMs === undefined) return;
    const leftMs = this.#askedAt + idleEndMs - clock.now();
    if (leftMs <= 0) return onIdle();
    this.#callOffEnd = clock.schedule(leftMs, () => this.#armEnd());
  }
}
