/** Time and chance, handed in so that a demo cluster can be repeated: same seed, same course. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `action` after `delayMs`; the function it answers calls it off. Timers never keep the process alive. */
  after(delayMs: number, action: () => void): () => void;
}

/** A seeded source of chance. Each part of the demo takes a source of its own, so that one does not disturb another. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** A source that depends on this one's seed and on `name` only. */
  fork(name: string): Random;
}
