import type { Clock } from '../../../../src/cluster/clock.ts';

/** A clock that a test moves. Sleeping moves it too, and is over at once. */
export class TestClock implements Clock {
  /** What was slept, in milliseconds. */
  readonly sleeps: number[] = [];
  #now = Date.parse('2026-01-01T00:00:00Z');

  now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.sleeps.push(ms);
    this.advance(ms);
  }

  random(): number {
    return 0.5;
  }
}
