import type { Payload } from '../subscription-answer.ts';
import type { Edition, Place } from './edition.ts';
import type { LiveWriter } from './live-writer.ts';
import type { Entry } from './order.ts';

/** A list as it was at one moment. */
interface Snapshot {
  readonly items: readonly Entry[];
  readonly total: number;
  /** The latest when it was taken. */
  readonly edition: Edition;
}

/** Where somebody begins who has nothing yet: before the first page. */
export function beginningOf(writer: LiveWriter, snapshot: Snapshot): Place {
  return {
    next: new Page(writer, snapshot, 0),
    weight: snapshot.edition.weight,
    payload: () => undefined,
  };
}

/** A part of a snapshot. Behind the last one come the editions since. */
class Page implements Place {
  readonly #writer: LiveWriter;
  readonly #snapshot: Snapshot;
  /** The index of its first object. */
  readonly #from: number;
  #knownEnd: number | undefined;
  #nextPage: Page | undefined;

  constructor(writer: LiveWriter, snapshot: Snapshot, from: number) {
    this.#writer = writer;
    this.#snapshot = snapshot;
    this.#from = from;
  }

  get weight(): number {
    return this.#snapshot.edition.weight;
  }

  get next(): Place | undefined {
    const { items, edition } = this.#snapshot;
    if (this.#end === items.length) return edition.next;
    return (this.#nextPage ??= new Page(this.#writer, this.#snapshot, this.#end));
  }

  payload(): Payload {
    const { items, total } = this.#snapshot;
    const page = { from: this.#from, items: items.slice(this.#from, this.#end), total };
    return this.#writer.page(this, page);
  }

  get #end(): number {
    return (this.#knownEnd ??= this.#writer.endOfPage(this.#snapshot.items, this.#from));
  }
}
