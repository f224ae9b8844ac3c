/** Something that is made when it is first asked for. Failures are forgotten: whoever comes next may have more luck. */
export class Lazy<T> {
  readonly #make: () => Promise<T>;
  #made: Promise<T> | undefined;

  constructor(make: () => Promise<T>) {
    this.#make = make;
  }

  /** What has been made, or is being made; undefined before anybody has asked. */
  get made(): Promise<T> | undefined {
    return this.#made;
  }

  /** Rejects as making it does. */
  get(): Promise<T> {
    if (this.#made !== undefined) return this.#made;
    const making = this.#make();
    this.#made = making;
    making.catch(() => (this.#made = undefined));
    return making;
  }
}
