import { BACKOFF } from '../timeouts.ts';

/** How long to wait before the next try. Grows with each call, and starts over when none came for a while. */
export class Backoff {
  readonly #random: () => number;
  #nextMs: number = BACKOFF.firstMs;
  #calledAt = Number.NEGATIVE_INFINITY;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** @param now the clock's time. */
  nextDelayMs(now: number): number {
    if (now - this.#calledAt > BACKOFF.resetAfterMs) this.#nextMs = BACKOFF.firstMs;
    this.#calledAt = now;
    const delayMs = this.#nextMs * (1 + this.#random());
    this.#nextMs = Math.min(this.#nextMs * BACKOFF.factor, BACKOFF.maxMs);
    return delayMs;
  }
}
