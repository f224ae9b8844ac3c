import type { Clock } from '../clock.ts';

export interface RereadOptions<T> {
  /** Reads and checks it. */
  readonly read: () => Promise<T>;
  /** What counts until the first read has worked. */
  readonly initial: T;
  /** How long a value is trusted, in milliseconds. */
  readonly freshMs: number;
  readonly clock: Clock;
  readonly onFailure: (error: unknown) => void;
}

/** A value in files that others replace. A read that fails keeps the last good value until the next try. */
export class Reread<T> {
  readonly #options: RereadOptions<T>;
  #value: T;
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<T> | undefined;

  constructor(options: RereadOptions<T>) {
    this.#options = options;
    this.#value = options.initial;
  }

  async current(): Promise<T> {
    if (this.#options.clock.now() - this.#readAt < this.#options.freshMs) return this.#value;
    return this.reread();
  }

  /** Reads now, whatever the age. Callers at the same time share one read. */
  reread(): Promise<T> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<T> {
    try {
      this.#value = await this.#options.read();
    } catch (error) {
      this.#options.onFailure(error);
    }
    this.#readAt = this.#options.clock.now();
    return this.#value;
  }
}
