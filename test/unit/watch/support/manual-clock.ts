import type { Clock } from '../../../../src/util/clock.ts';

interface Timer {
  readonly at: number;
  readonly action: () => void;
}

/** Lets everything that is ready to run do so. No time passes. */
export async function flush(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
}

/** A clock that stands still until it is told to go on. */
export class ManualClock implements Clock {
  #now = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#now;
  }

  schedule(delayMs: number, action: () => void): () => void {
    const timer = { at: this.#now + delayMs, action };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** How long from now the timers run, shortest first. */
  get pendingMs(): number[] {
    return [...this.#timers].map((timer) => timer.at - this.#now).toSorted((a, b) => a - b);
  }

  /** Passes time, timer by timer, with what each of them causes. */
  async advance(ms: number): Promise<void> {
    await flush();
    const end = this.#now + ms;
    for (let timer = this.#due(end); timer !== undefined; timer = this.#due(end)) {
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, timer.at);
      timer.action();
      await flush();
    }
    this.#now = end;
  }

  #due(end: number): Timer | undefined {
    return [...this.#timers].filter((timer) => timer.at <= end).toSorted((a, b) => a.at - b.at)[0];
  }
}
