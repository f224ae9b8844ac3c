/** So many values are at most so large. */
interface Bucket {
  readonly upTo: number;
  readonly count: number;
}

/** Counts values by their size, as Prometheus does. */
export class Histogram {
  readonly #bounds: readonly number[];
  /** Of each bound, the values that are above the one before it; at the end those above all. */
  readonly #counts: number[];
  #sum = 0;

  /** @param bounds the largest value of each bucket, ascending. There is one more for all that is above them. */
  constructor(bounds: readonly number[]) {
    this.#bounds = [...bounds, Number.POSITIVE_INFINITY];
    this.#counts = this.#bounds.map(() => 0);
  }

  observe(value: number): void {
    let at = 0;
    while (value > (this.#bounds[at] as number)) at++;
    this.#counts[at] = (this.#counts[at] as number) + 1;
    this.#sum += value;
  }

  /** Each one counts what is in those before it, too. */
  get buckets(): readonly Bucket[] {
    let count = 0;
    return this.#bounds.map((upTo, at) => ({ upTo, count: (count += this.#counts[at] as number) }));
  }

  get count(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  get sum(): number {
    return this.#sum;
  }
}
