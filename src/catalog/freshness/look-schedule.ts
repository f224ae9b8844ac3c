import type { Clock } from '../../util/clock.ts';

/**
 * How long it is looked again and again after a change, in milliseconds. OpenAPI follows discovery by 0.2 to 1.1 s, and by
 * some seconds where the API server is busy. Nothing tells that it has: the hash that changes next may be another's.
 */
const SETTLING_MS = 10_000;

/** While it settles, the next look is due after this share of the time since the change: what shows is never much older. */
const SETTLING_SHARE = 1 / 3;

/** Shortest pause between two looks, in milliseconds, as after a single change; as long as a look takes where that is more. */
const MIN_PAUSE_MS = 150;
const MAX_PAUSE_MS = 5_000;

/**
 * While changes keep coming, a look is due after the same share of the time since the first of them, and at the latest
 * after this, in milliseconds: an operator that writes its definitions all day long is not looked after at every stroke.
 */
const MAX_BUSY_PAUSE_MS = 1_000;

/** A change that comes so long after the one before it, in milliseconds, stands alone and is looked at without delay. */
const QUIET_MS = 3_000;

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
  /** When we were last told of a change, and when of the first of those that have kept coming until then. */
  #toldAt = Number.NEGATIVE_INFINITY;
  #busySince = Number.NEGATIVE_INFINITY;
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
    const now = this.#options.clock.now();
    if (now - this.#toldAt > QUIET_MS) this.#busySince = now;
    this.#toldAt = now;
    this.#changedAt = now;
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
    const pauseMs = Math.max(this.#pauseMs, this.#busyPauseMs(now));
    if (!this.#isSeen) return pauseMs;
    return Math.max(pauseMs, Math.min((now - this.#changedAt) * SETTLING_SHARE, idleMs));
  }

  #busyPauseMs(now: number): number {
    if (now - this.#toldAt > QUIET_MS) return 0;
    return Math.min((now - this.#busySince) * SETTLING_SHARE, MAX_BUSY_PAUSE_MS);
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
