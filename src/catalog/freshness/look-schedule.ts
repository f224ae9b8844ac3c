import type { Clock } from '../../util/clock.ts';

/**
 * How long it is looked again and again after a change, in milliseconds. OpenAPI follows discovery by 0.2 to 1.1 s, and by
 * some seconds where the API server is busy. Nothing tells that it has: the hash that changes next may be another's.
 */
const SETTLING_MS = 10_000;

/** While it settles, the next look is due after this share of the time since the change: what shows is never much older. */
const SETTLING_SHARE = 1 / 3;

/** Shortest pause between two looks, in milliseconds; as long as a look takes where that is more. */
const MIN_PAUSE_MS = 150;
const MAX_PAUSE_MS = 5_000;

/** A look that takes longer may have lost its connection: the next one does not wait for it. */
const SLOW_LOOK_MS = 3_000;

export interface LookScheduleOptions {
  readonly clock: Clock;
  /** Looks at the API server, and answers whether something has changed. Never rejects. */
  readonly look: () => Promise<boolean>;
  /** How long after a look the next one is due while nothing happens, in milliseconds. */
  readonly idleMs: () => number;
}

/** Decides when to look: several times after a change, until it has settled; now and then otherwise. */
export class LookSchedule {
  readonly #options: LookScheduleOptions;
  /** When the newest change was; undefined once it has settled. */
  #changedAt: number | undefined;
  /** Whether it has been looked since. */
  #isSeen = true;
  #isLooking = false;
  #isStopped = true;
  #lookedAt: number;
  #pauseMs = MIN_PAUSE_MS;
  #callOff: () => void = () => {};

  constructor(options: LookScheduleOptions) {
    this.#options = options;
    this.#lookedAt = options.clock.now();
  }

  /** To be called when somebody has just looked. */
  start(): void {
    this.#isStopped = false;
    this.#arm();
  }

  /** Something has changed. */
  trigger(): void {
    this.#changedAt = this.#options.clock.now();
    this.#isSeen = false;
    this.#arm();
  }

  /** What `idleMs` answers has changed. */
  reconsider(): void {
    this.#arm();
  }

  stop(): void {
    this.#isStopped = true;
    this.#callOff();
  }

  #arm(): void {
    if (this.#isStopped || this.#isLooking) return;
    this.#callOff();
    const { clock } = this.#options;
    const delayMs = this.#lookedAt + this.#gapMs(clock.now()) - clock.now();
    this.#callOff = clock.schedule(Math.max(0, delayMs), () => void this.#look());
  }

  /** How long after the last look the next one is due. */
  #gapMs(now: number): number {
    const idleMs = this.#options.idleMs();
    if (this.#changedAt === undefined) return idleMs;
    if (!this.#isSeen) return this.#pauseMs;
    return Math.max(this.#pauseMs, Math.min((now - this.#changedAt) * SETTLING_SHARE, idleMs));
  }

  async #look(): Promise<void> {
    const { clock } = this.#options;
    const startedAt = clock.now();
    this.#isLooking = true;
    // A change during the look may come too late for it.
    this.#isSeen = true;
    const isChanged = await this.#seen();
    this.#isLooking = false;
    this.#lookedAt = clock.now();
    this.#pauseMs = Math.min(Math.max(MIN_PAUSE_MS, this.#lookedAt - startedAt), MAX_PAUSE_MS);
    // What discovery shows already, OpenAPI may describe only later.
    if (isChanged) this.#changedAt = this.#lookedAt;
    else if (this.#changedAt !== undefined && this.#lookedAt - this.#changedAt > SETTLING_MS)
      this.#changedAt = undefined;
    this.#arm();
  }

  /** Whether something has changed, as soon as the look is over or has taken too long. */
  async #seen(): Promise<boolean> {
    const { clock, look } = this.#options;
    const late = new Promise<false>((resolve) => {
      this.#callOff = clock.schedule(SLOW_LOOK_MS, () => resolve(false));
    });
    const isChanged = await Promise.race([look(), late]);
    this.#callOff();
    return isChanged;
  }
}
