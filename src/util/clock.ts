/** Time, so that tests can hold it. */
export interface Clock {
  /** Milliseconds since any fixed moment; never goes back. */
  now(): number;
  /** Runs `action` once after `delayMs`; the function it answers calls that off, also when it is too late. */
  schedule(delayMs: number, action: () => void): () => void;
}

/** The machine's time, for work that nobody waits for: its timers do not keep the process alive. */
export const backgroundClock: Clock = {
  now: () => performance.now(),
  schedule(delayMs, action) {
    const timer = setTimeout(action, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
