import type { KubegraphError } from '../errors/kubegraph-error.ts';
import type { Clock } from '../util/clock.ts';
import type { WatchEvent } from '../watch/event.ts';
import type { EventReader } from './event-reader.ts';

export interface BatchOptions {
  /** How long changes are collected after the first of them. Undefined: not at all, and a batch is what just waits. */
  readonly batchMs: number | undefined;
  /** Of one batch. */
  readonly maxEvents: number;
  /** A batch ends with the event that makes it as heavy as this. Default: events weigh nothing. */
  readonly weight?: { readonly max: number; readonly of: (event: WatchEvent) => number };
  readonly clock: Clock;
}

/** How often it looks, while it collects, how much there is by now: the watch tells of the first event only. */
const LOOK_MS = 250;
/** Half of what a watch keeps for a subscriber. Who collects must not pass for one who does not read. */
const MANY_EVENTS = 500;

/**
 * Takes the events of a watch many at a time. Until SYNCED, and at the end, it does not wait. While it collects, events stay
 * with the watch, which keeps the latest state of each object only.
 */
export class Batches {
  onReady: () => void = () => {};
  readonly #subscription: EventReader;
  readonly #options: BatchOptions;
  #isSynced = false;
  /** Whether what waits has waited long enough. */
  #isDue = true;
  #cancelTimer: (() => void) | undefined;

  constructor(subscription: EventReader, options: BatchOptions) {
    this.#subscription = subscription;
    this.#options = options;
    subscription.onReady = () => this.#arrived();
  }

  get isDrained(): boolean {
    return this.#subscription.isEnded && this.#subscription.waiting === 0;
  }

  /** Why the watch has ended. */
  get error(): KubegraphError | undefined {
    return this.#subscription.error;
  }

  /** Resumes behind what has been taken. */
  get cursor(): string | undefined {
    return this.#subscription.cursor;
  }

  /** The next batch, which ends at a SYNCED. */
  take(): readonly WatchEvent[] | undefined {
    if (!this.#mayTake()) {
      // Of what waits already nothing tells; of what comes next, only who has asked in vain is told.
      if (this.#subscription.waiting > 0) this.#startTimer();
      else this.#subscription.take();
      return undefined;
    }
    const events = this.#drain();
    return events.length === 0 ? undefined : events;
  }

  close(): void {
    this.#stopTimer();
    this.#subscription.close();
  }

  #mayTake(): boolean {
    return this.#isDue || this.#options.batchMs === undefined || this.#subscription.isEnded;
  }

  #drain(): readonly WatchEvent[] {
    this.#stopTimer();
    const { maxEvents, weight } = this.#options;
    const events: WatchEvent[] = [];
    let left = weight?.max ?? Infinity;
    while (events.length < maxEvents && left > 0) {
      const event = this.#subscription.take();
      if (event === undefined) {
        this.#isDue = !this.#isSynced;
        break;
      }
      events.push(event);
      left -= weight?.of(event) ?? 0;
      if (event.type !== 'SYNCED') continue;
      this.#isSynced = true;
      this.#isDue = false;
      break;
    }
    return events;
  }

  #arrived(): void {
    if (this.#mayTake()) this.onReady();
    else this.#startTimer();
  }

  #startTimer(): void {
    if (this.#cancelTimer === undefined) this.#wait(this.#options.batchMs ?? 0);
  }

  #wait(leftMs: number): void {
    this.#cancelTimer = this.#options.clock.schedule(Math.min(leftMs, LOOK_MS), () => {
      this.#cancelTimer = undefined;
      this.#isDue = leftMs <= LOOK_MS || this.#subscription.waiting >= MANY_EVENTS;
      if (this.#isDue) this.onReady();
      else this.#wait(leftMs - LOOK_MS);
    });
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}
