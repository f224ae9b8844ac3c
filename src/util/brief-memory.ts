/**
 * Remembers what was made of something for a few seconds: as long as those come who want the same, and not as long as the thing
 * itself lives. Its timer does not keep the process alive, and runs only while there is something to forget.
 */
export class BriefMemory<K extends object, V> {
  readonly #forMs: number;
  #values = new WeakMap<K, V>();
  #isForgetting = false;

  /** @param forMs a value is remembered for so long at most, in milliseconds, and half of that on average. */
  constructor(forMs: number) {
    this.#forMs = forMs;
  }

  get(key: K): V | undefined {
    return this.#values.get(key);
  }

  set(key: K, value: V): void {
    this.#values.set(key, value);
    if (this.#isForgetting) return;
    this.#isForgetting = true;
    setTimeout(() => this.#forget(), this.#forMs).unref();
  }

  #forget(): void {
    this.#values = new WeakMap();
    this.#isForgetting = false;
  }
}
