import type { Clock } from '../api/clock.ts';
import type { Change } from './store.ts';

/** How much of the past is kept. */
export interface HistoryBounds {
  /** Changes that are kept however old they are. Default 10,000. */
  readonly maxChanges?: number;
  /** Changes younger than this are kept beyond `maxChanges`, as the real server's watch cache does. Default 75 s. */
  readonly minAgeMs?: number;
  /** The end of both: about how many bytes of objects the past may take. Default 32 MiB. */
  readonly maxBytes?: number;
}

interface Entry {
  readonly storageKey: string;
  readonly change: Change;
  readonly at: number;
  readonly bytes: number;
}

/** The latest changes of all objects, oldest first; older ones are dropped when it grows beyond its bounds. */
export class History {
  readonly #clock: Clock;
  readonly #maxChanges: number;
  readonly #minAgeMs: number;
  readonly #maxBytes: number;
  #entries: Entry[] = [];
  /** Index of the oldest entry that is still known: removing from the front one by one would cost too much. */
  #start = 0;
  #bytes = 0;
  #oldestRevision: number;

  constructor(options: {
    readonly clock: Clock;
    readonly firstRevision: number;
    readonly bounds?: HistoryBounds;
  }) {
    const { maxChanges = 10_000, minAgeMs = 75_000, maxBytes = 32 * 1024 * 1024 } = options.bounds ?? {};
    this.#clock = options.clock;
    this.#maxChanges = maxChanges;
    this.#minAgeMs = minAgeMs;
    this.#maxBytes = maxBytes;
    this.#oldestRevision = options.firstRevision;
  }

  /** The state at this revision, and everything since, is known. */
  get oldestRevision(): number {
    return this.#oldestRevision;
  }

  add(storageKey: string, change: Change): void {
    const bytes = sizeOf(change.object);
    this.#entries.push({ storageKey, change, at: this.#clock.now(), bytes });
    this.#bytes += bytes;
    while (this.#isOverBounds()) this.#dropOldest();
    this.#closeGap();
  }

  /** The changes behind `revision`, oldest first; undefined when they are no longer all known. */
  after(storageKey: string, revision: number): readonly Change[] | undefined {
    if (revision < this.#oldestRevision) return undefined;
    const first = this.#firstAfter(revision);
    return this.#entries
      .slice(first)
      .flatMap((entry) => (entry.storageKey === storageKey ? [entry.change] : []));
  }

  /** Forgets the changes up to and including `revision`. */
  compact(revision: number): void {
    while (this.#start < this.#entries.length && this.#oldest().change.revision <= revision)
      this.#dropOldest();
    this.#oldestRevision = Math.max(this.#oldestRevision, revision);
    this.#closeGap();
  }

  #isOverBounds(): boolean {
    const count = this.#entries.length - this.#start;
    // The newest change always stays: a single huge one must not make the history forget the present.
    if (count <= 1) return false;
    if (this.#bytes > this.#maxBytes) return true;
    return count > this.#maxChanges && this.#clock.now() - this.#oldest().at > this.#minAgeMs;
  }

  #oldest(): Entry {
    return this.#entries[this.#start] as Entry;
  }

  #dropOldest(): void {
    const { change, bytes } = this.#oldest();
    this.#oldestRevision = change.revision;
    this.#bytes -= bytes;
    this.#start++;
  }

  #closeGap(): void {
    if (this.#start < 1024 || this.#start * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#start);
    this.#start = 0;
  }

  #firstAfter(revision: number): number {
    let low = this.#start;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle] as Entry).change.revision <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** About how many bytes a JSON value takes: exact enough for a bound, and without writing the text. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 8;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + 1 + sizeOf(item), 2);
  return Object.entries(value).reduce((sum, [key, member]) => sum + key.length + 4 + sizeOf(member), 2);
}
