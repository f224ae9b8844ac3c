import type { Clock } from '../util/clock.ts';
import { Backoff } from '../watch/reflector/backoff.ts';

/** In milliseconds. A permission that is taken away is to be noticed within 30 s, of which an answer may take some. */
const MAX_DELAY_MS = 15_000;

/** How long one answer may take, in milliseconds. */
export const POLL_DEADLINE_MS = 10_000;

export interface PollOptions<T> {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly ask: (signal: AbortSignal) => Promise<T>;
  /** May stop it. */
  readonly onAnswer: (answer: T) => void;
  /** May stop it; else it goes on. */
  readonly onFailure: (error: unknown) => void;
}

/** Asks again and again, less and less often for as long as nobody is in a hurry. */
export class Poll<T> {
  readonly #options: PollOptions<T>;
  #backoff: Backoff;
  #asking: AbortController | undefined;
  #callOff: (() => void) | undefined;

  constructor(options: PollOptions<T>) {
    this.#options = options;
    this.#backoff = new Backoff(options.random);
  }

  /** Asks at once, unless it has begun. */
  begin(): void {
    if (this.#callOff === undefined && this.#asking === undefined) this.hurry();
  }

  /** Asks at once, unless it does so just now, and soon again. */
  hurry(): void {
    this.#backoff = new Backoff(this.#options.random);
    if (this.#asking === undefined) void this.#ask();
  }

  /** What is asked now is not answered any more. */
  stop(): void {
    this.#asking?.abort();
    this.#asking = undefined;
    this.#callOff?.();
    this.#callOff = undefined;
  }

  async #ask(): Promise<void> {
    this.stop();
    const { ask, onAnswer, onFailure, clock } = this.#options;
    const asking = new AbortController();
    const { signal } = asking;
    this.#asking = asking;
    try {
      const answer = await ask(signal);
      if (!signal.aborted) onAnswer(answer);
    } catch (error) {
      if (!signal.aborted) onFailure(error);
    }
    if (signal.aborted) return;
    this.#asking = undefined;
    const delayMs = Math.min(this.#backoff.nextDelayMs(clock.now()), MAX_DELAY_MS);
    this.#callOff = clock.schedule(delayMs, () => void this.#ask());
  }
}
