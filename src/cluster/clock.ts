import { setTimeout as sleepFor } from 'node:timers/promises';

/** Time and chance, so that tests can set both. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Rejects as soon as `signal` aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** A random number from 0 (inclusive) to 1 (exclusive). */
  random(): number;
}

export const systemClock: Clock = {
  now: Date.now,
  sleep: (ms, signal) => sleepFor(ms, undefined, { signal }),
  random: Math.random,
};
