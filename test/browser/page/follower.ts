/** One event of the subscription, as far as it is selected. */
interface PodEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'SYNCED';
  readonly snapshot: boolean;
  readonly cursor: string;
  readonly object: { readonly metadata: { readonly name: string; readonly resourceVersion: string } } | null;
}

/** What a transport hands over. */
export interface Answer {
  readonly data?: { readonly pods: PodEvent | null } | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly cursor?: string; readonly retryAfterMs?: number };
  }[];
}

/** What a page has learnt, for the test to look at. */
export interface Followed {
  /** resourceVersions by name. */
  readonly pods: Readonly<Record<string, string>>;
  /** For each SYNCED, whether a snapshot came before it. */
  readonly snapshots: readonly boolean[];
  /** What a page could not go on after. */
  readonly failures: readonly string[];
}

/** Keeps a table of pods by what a subscription says, whichever way it comes. */
export class Follower {
  #pods = new Map<string, string>();
  #snapshot = new Map<string, string>();
  readonly #snapshots: boolean[] = [];
  readonly #failures: string[] = [];
  #cursor: string | undefined;
  #goodbye: { readonly retryAfterMs: number } | undefined;

  /** Where to go on; undefined before the first event. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  /** Set after an end that names where to go on, and how soon. Undefined while events come, and after an end for good. */
  get goodbye(): { readonly retryAfterMs: number } | undefined {
    return this.#goodbye;
  }

  /** A connection begins, so the snapshot of the one before will not be finished. */
  begin(): void {
    this.#snapshot.clear();
  }

  /** Takes in what has come: an event, or why no more come. */
  read({ data, errors }: Answer): void {
    const event = data?.pods;
    const [error] = errors ?? [];
    if (error !== undefined) {
      const { cursor, retryAfterMs = 0 } = error.extensions ?? {};
      if (cursor === undefined) return this.fail(error.message);
      this.#cursor = cursor;
      this.#goodbye = { retryAfterMs };
    } else if (event !== undefined && event !== null) {
      this.#goodbye = undefined;
      this.#cursor = event.cursor;
      this.#apply(event);
    }
  }

  /** Says what it cannot go on after. */
  fail(reason: string): void {
    this.#failures.push(reason);
  }

  toJSON(): Followed {
    return {
      pods: Object.fromEntries(this.#pods),
      snapshots: this.#snapshots,
      failures: this.#failures,
    };
  }

  #apply({ type, snapshot, object }: PodEvent): void {
    if (type === 'SYNCED') {
      // A whole snapshot says also what is no more.
      if (snapshot) this.#pods = this.#snapshot;
      this.#snapshot = new Map();
      this.#snapshots.push(snapshot);
      return;
    }
    if (object === null) return this.fail(`${type} without an object`);
    const { name, resourceVersion } = object.metadata;
    if (type === 'DELETED') this.#pods.delete(name);
    else (snapshot ? this.#snapshot : this.#pods).set(name, resourceVersion);
  }
}
