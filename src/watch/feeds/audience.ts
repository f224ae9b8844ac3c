import type { Subscription } from '../subscription.ts';

/** The subscriptions of a feed. They may leave, and others come, while they are told something. */
export class Audience implements Iterable<Subscription> {
  readonly #members = new Set<Subscription>();
  /** Those who are told nothing. */
  readonly #silent = new Set<Subscription>();
  /** Those who came while the others were told something that they know already. */
  #newcomers: Subscription[] = [];
  #depth = 0;

  get size(): number {
    return this.#members.size + this.#silent.size + this.#newcomers.length;
  }

  add(subscription: Subscription): void {
    if (subscription.isSilent) this.#silent.add(subscription);
    // A Set also visits what is added while it is walked through.
    else if (this.#depth > 0) this.#newcomers.push(subscription);
    else this.#members.add(subscription);
  }

  delete(subscription: Subscription): void {
    if (this.#members.delete(subscription) || this.#silent.delete(subscription)) return;
    if (this.#newcomers.length === 0) return;
    this.#newcomers = this.#newcomers.filter((newcomer) => newcomer !== subscription);
  }

  /** Tells everyone who was there before. */
  tell(action: (subscription: Subscription) => void): void {
    this.#depth += 1;
    try {
      for (const subscription of this.#members) action(subscription);
    } finally {
      this.#depth -= 1;
    }
    if (this.#depth > 0 || this.#newcomers.length === 0) return;
    for (const newcomer of this.#newcomers) this.#members.add(newcomer);
    this.#newcomers = [];
  }

  [Symbol.iterator](): Iterator<Subscription> {
    return [...this.#members, ...this.#silent, ...this.#newcomers].values();
  }
}
