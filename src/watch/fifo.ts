/** Below this many taken values the array is left alone: moving the rest costs more than it frees. */
const MIN_SURPLUS = 64;

/** A queue whose `shift` does not move the rest, and that keeps nothing that was taken. */
export class Fifo<T> {
  #values: (T | undefined)[] = [];
  #head = 0;

  get size(): number {
    return this.#values.length - this.#head;
  }

  push(value: T): void {
    this.#values.push(value);
  }

  shift(): T | undefined {
    if (this.size === 0) return undefined;
    const value = this.#values[this.#head];
    this.#values[this.#head] = undefined;
    this.#head += 1;
    if (this.#head === this.#values.length) this.clear();
    else if (this.#head > MIN_SURPLUS && this.#head * 2 > this.#values.length) this.#compact();
    return value;
  }

  clear(): void {
    this.#values.length = 0;
    this.#head = 0;
  }

  /** From the oldest to the latest one. */
  toArray(): T[] {
    // What lies behind the head has not been taken, so it is a T.
    return this.#values.slice(this.#head) as T[];
  }

  #compact(): void {
    this.#values = this.#values.slice(this.#head);
    this.#head = 0;
  }
}
