import type { Entry, Order } from './order.ts';

/** What one change does to what is seen of a list. The index counts in the list as the steps before have left it. */
export type Step =
  | { readonly op: 'INSERT' | 'REMOVE'; readonly index: number; readonly entry: Entry }
  | { readonly op: 'UPDATE'; readonly index: number; readonly entry: Entry; readonly before: Entry };

/** Objects in an order, of which the first so many are seen. */
export class SortedList {
  readonly #order: Order;
  readonly #first: number;
  readonly #entries: Entry[];
  readonly #byKey: Map<string, Entry>;

  /** @param first how many are seen. */
  constructor(order: Order, first: number, objects: Iterable<readonly [string, Buffer]>) {
    this.#order = order;
    this.#first = first;
    this.#entries = Array.from(objects, ([key, object]) => order.entry(key, object)).sort(order.compare);
    this.#byKey = new Map(this.#entries.map((entry) => [entry.key, entry]));
  }

  get total(): number {
    return this.#entries.length;
  }

  /** What is seen. */
  get window(): readonly Entry[] {
    return this.#entries.slice(0, this.#first);
  }

  /** Takes the present state of an object in; undefined when it is gone. */
  apply(key: string, object: Buffer | undefined): readonly Step[] {
    const before = this.#byKey.get(key);
    const entry = object === undefined ? undefined : this.#order.entry(key, object);
    const from = before === undefined ? -1 : this.#takeOut(before);
    const to = entry === undefined ? -1 : this.#putIn(entry);
    if (before !== undefined && entry !== undefined && from === to) {
      return from < this.#first ? [{ op: 'UPDATE', index: to, entry, before }] : [];
    }
    return [...this.#leaving(before, from, to), ...this.#coming(entry, from, to)];
  }

  /** What takes out what is no longer seen, of the object itself or at the end. */
  #leaving(before: Entry | undefined, from: number, to: number): readonly Step[] {
    if (before !== undefined && this.#isSeen(from)) return [{ op: 'REMOVE', index: from, entry: before }];
    const pushedOut = this.#isSeen(to) ? this.#entries[this.#first] : undefined;
    return pushedOut === undefined ? [] : [{ op: 'REMOVE', index: this.#first - 1, entry: pushedOut }];
  }

  /** What puts in what is newly seen, the object itself or at the end. */
  #coming(entry: Entry | undefined, from: number, to: number): readonly Step[] {
    if (entry !== undefined && this.#isSeen(to)) return [{ op: 'INSERT', index: to, entry }];
    const last = this.#isSeen(from) ? this.#entries[this.#first - 1] : undefined;
    return last === undefined ? [] : [{ op: 'INSERT', index: this.#first - 1, entry: last }];
  }

  #isSeen(index: number): boolean {
    return index >= 0 && index < this.#first;
  }

  #takeOut(entry: Entry): number {
    const index = this.#placeOf(entry);
    this.#entries.splice(index, 1);
    this.#byKey.delete(entry.key);
    return index;
  }

  #putIn(entry: Entry): number {
    const index = this.#placeOf(entry);
    this.#entries.splice(index, 0, entry);
    this.#byKey.set(entry.key, entry);
    return index;
  }

  /** Where an entry is, or has to be. */
  #placeOf(entry: Entry): number {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#order.compare(this.#entries[middle] as Entry, entry) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
