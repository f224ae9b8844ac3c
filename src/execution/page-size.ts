/** Objects asked for at once, as client-go's pager does: one page of large objects stays a few megabytes. */
const FIRST_ITEMS = 500;

/** Where objects turn out to be small, so many bytes are asked for at once, and so many objects at most. */
const LARGER_BYTES = 16 * 1024 * 1024;
const MOST_ITEMS = 2_500;

/**
 * How many objects of one list the next page should have. Each page costs a request and an inflater of its own, so pages grow
 * once it is known that their objects are small; a page of large ones would be a burden to the API server.
 */
export class PageSize {
  #items = 0;
  #bytes = 0;

  /** Tells of a page that has been read. */
  add(items: number, bytes: number): void {
    this.#items += items;
    this.#bytes += bytes;
  }

  get items(): number {
    // A few objects say nothing about the others.
    if (this.#items < FIRST_ITEMS) return FIRST_ITEMS;
    const fitting = Math.floor(LARGER_BYTES / (this.#bytes / this.#items));
    return Math.min(Math.max(fitting, FIRST_ITEMS), MOST_ITEMS);
  }
}
