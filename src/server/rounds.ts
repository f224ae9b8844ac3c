/** Members are visited in groups, so often, in milliseconds: ten thousand at once would hold up everything else. */
const STEP_MS = 1_000;

/**
 * Visits each member about once in a period: one timer for all of them. It does not keep the process alive, and stops while
 * there is nobody to visit.
 */
export class Rounds<T> {
  readonly #visit: (member: T) => void;
  readonly #groups: readonly Set<T>[];
  #timer: NodeJS.Timeout | undefined;
  #step = 0;
  #joined = 0;

  /** @param periodMs a number of seconds, in milliseconds. */
  constructor(periodMs: number, visit: (member: T) => void) {
    this.#visit = visit;
    this.#groups = Array.from({ length: periodMs / STEP_MS }, () => new Set<T>());
  }

  /** It is visited within a period for the first time. */
  add(member: T): void {
    this.#group(this.#joined++).add(member);
    this.#timer ??= setInterval(() => this.#next(), STEP_MS).unref();
  }

  remove(member: T): void {
    for (const group of this.#groups) group.delete(member);
    if (this.#groups.some(({ size }) => size > 0)) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #next(): void {
    for (const member of this.#group(this.#step++)) this.#visit(member);
  }

  #group(number: number): Set<T> {
    return this.#groups[number % this.#groups.length] as Set<T>;
  }
}
