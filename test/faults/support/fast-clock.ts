import { setTimeout as sleepFor } from 'node:timers/promises';
import type { Clock as ServerClock } from '../../../demo/api/clock.ts';
import type { Clock as ClusterClock } from '../../../src/cluster/clock.ts';
import type { Clock as WatchClock } from '../../../src/util/clock.ts';

/** How much faster than the machine's time passes. A back-off of a second takes ten milliseconds. */
const SPEED = 100;

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** Time that passes fast, and chance that can be repeated. */
export class FastClock implements ClusterClock, WatchClock, ServerClock {
  readonly random: () => number;
  readonly #startedAt = Date.now();
  readonly #epoch = performance.now();
  readonly #timers = new Set<Timer>();
  #skippedMs = 0;

  constructor(random: () => number) {
    this.random = random;
  }

  now(): number {
    return this.#startedAt + (performance.now() - this.#epoch) * SPEED + this.#skippedMs;
  }

  schedule(delayMs: number, action: () => void): () => void {
    const cancel = (): void => {
      clearTimeout(timeout);
      this.#timers.delete(timer);
    };
    const run = (): void => {
      cancel();
      action();
    };
    const timeout = setTimeout(run, delayMs / SPEED);
    const timer = { at: this.now() + delayMs, run };
    this.#timers.add(timer);
    return cancel;
  }

  after(delayMs: number, action: () => void): () => void {
    return this.schedule(delayMs, action);
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await sleepFor(ms / SPEED, undefined, signal === undefined ? {} : { signal });
  }

  /** Lets so much time pass at once. */
  skip(ms: number): void {
    this.#skippedMs += ms;
    const due = [...this.#timers].filter(({ at }) => at <= this.now()).toSorted((a, b) => a.at - b.at);
    for (const { run } of due) run();
  }
}
