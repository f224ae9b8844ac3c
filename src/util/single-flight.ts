/**
 * Joins callers that ask for the same thing at the same time: the first one's work answers all of them.
 *
 * Nothing is kept once the work is done, whether it succeeded or failed. Keys must contain the identity where the answer
 * depends on it.
 */
export class SingleFlight<T> {
  readonly #underWay = new Map<string, Promise<T>>();

  do(key: string, work: () => Promise<T>): Promise<T> {
    const running = this.#underWay.get(key);
    if (running !== undefined) return running;
    const started = work().finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, started);
    return started;
  }
}
