import { KubegraphError } from '../../errors/kubegraph-error.ts';

/**
 * What following a document's references may cost. An aggregated API writes its document itself, and in few kilobytes its
 * schemas can lead to one another in more ways than anybody can follow.
 */
export class Budget {
  #left: number;

  constructor(limit: number) {
    this.#left = limit;
  }

  /** Throws RESULT_TOO_LARGE once more has been spent than there was. */
  spend(amount: number): void {
    this.#left -= amount;
    if (this.#left < 0) {
      throw new KubegraphError(
        'RESULT_TOO_LARGE',
        'its schemas refer to one another in too many ways to be explained: explain a part of it, or not recursively',
      );
    }
  }
}
