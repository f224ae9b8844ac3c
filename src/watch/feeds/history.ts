import type { ChangeDelivery } from '../event.ts';
import { compareVersions, isOlder } from '../wire/resource-version.ts';
import { bytesOf } from './deliveries.ts';

export interface HistoryBounds {
  readonly maxEvents: number;
  readonly maxBytes: number;
  /** What all histories of a hub may hold together. */
  readonly budget: HistoryBudget;
}

export interface HistoryBudget {
  readonly maxBytes: number;
  usedBytes: number;
}

interface Entry {
  readonly delivery: ChangeDelivery;
  /** The position that has been reached once this and its neighbours of the same position are delivered. */
  readonly after: string;
}

/** Between two positions that a new list has bridged. Nobody knows what was true there. */
interface Gap {
  readonly from: string;
  readonly to: string;
}

/** The latest events of a scope, for those who come back. */
export class History {
  readonly #bounds: HistoryBounds;
  #entries: Entry[] = [];
  #gaps: Gap[] = [];
  #bytes = 0;
  /** Everything behind this position is here. */
  #floor = '';
  /** Everything up to this position is here. */
  #position = '';

  constructor(bounds: HistoryBounds) {
    this.#bounds = bounds;
  }

  /** Starts at `position`, with nothing behind it yet. */
  begin(position: string): void {
    this.clear();
    this.#floor = position;
    this.#position = position;
  }

  /** Forgets everything. */
  clear(): void {
    this.#entries = [];
    this.#gaps = [];
    this.#count(-this.#bytes);
  }

  push(deliveries: readonly ChangeDelivery[], after: string): void {
    for (const delivery of deliveries) {
      this.#entries.push({ delivery, after });
      this.#count(bytesOf(delivery.event));
    }
    this.#position = after;
    this.#trim();
  }

  /**
   * As `push`, for the difference between two lists. It completes the view of those who were at the position before, but
   * not of those who got further elsewhere: they may hold an object that was created and deleted in between.
   */
  pushGap(deliveries: readonly ChangeDelivery[], after: string): void {
    const from = this.#position;
    if (isOlder(after, from)) {
      // The cluster was restored from a backup: positions before and after do not compare.
      this.begin(after);
      return;
    }
    this.#gaps.push({ from, to: after });
    this.push(deliveries, after);
  }

  /** Nothing happened up to `position`. */
  advance(position: string): void {
    this.#position = position;
  }

  /** What happened behind `resourceVersion`; undefined when that is not known for sure. */
  since(resourceVersion: string): readonly ChangeDelivery[] | undefined {
    const start = this.#indexBehind(resourceVersion);
    return start === undefined ? undefined : this.#entries.slice(start).map((entry) => entry.delivery);
  }

  /** The latest event of each object, by key. */
  latest(): ReadonlyMap<string, ChangeDelivery> {
    return new Map(this.#entries.map(({ delivery }) => [delivery.event.key, delivery]));
  }

  #indexBehind(resourceVersion: string): number | undefined {
    if (resourceVersion === this.#position) return this.#entries.length;
    const last = this.#entries.findLastIndex((entry) => entry.after === resourceVersion);
    if (last >= 0) return last + 1;
    if (resourceVersion === this.#floor) return 0;
    if (!this.#covers(resourceVersion)) return undefined;
    const start = this.#entries.findIndex(
      (entry) => (compareVersions(entry.after, resourceVersion) ?? 0) > 0,
    );
    return start < 0 ? this.#entries.length : start;
  }

  #covers(resourceVersion: string): boolean {
    const fromFloor = compareVersions(resourceVersion, this.#floor);
    const fromPosition = compareVersions(resourceVersion, this.#position);
    if (fromFloor === undefined || fromPosition === undefined || fromFloor < 0 || fromPosition > 0)
      return false;
    return !this.#gaps.some(({ from, to }) => isOlder(from, resourceVersion) && isOlder(resourceVersion, to));
  }

  #hasRoom(): boolean {
    const { maxBytes, budget } = this.#bounds;
    return this.#bytes <= maxBytes && budget.usedBytes <= budget.maxBytes;
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#bounds.budget.usedBytes += bytes;
  }

  #trim(): void {
    let surplus = 0;
    while (
      surplus < this.#entries.length &&
      (this.#entries.length - surplus > this.#bounds.maxEvents || !this.#hasRoom())
    ) {
      const entry = this.#entries[surplus] as Entry; // the index is inside the array
      this.#count(-bytesOf(entry.delivery.event));
      this.#floor = entry.after;
      surplus += 1;
    }
    if (surplus === 0) return;
    this.#entries.splice(0, surplus);
    this.#gaps = this.#gaps.filter(({ to }) => isOlder(this.#floor, to));
  }
}
