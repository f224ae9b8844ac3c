/** What an object was from one revision on, as far as scopes and subscribers can tell. */
export interface Version {
  /** `namespace/name`, as events have it. */
  readonly key: string;
  readonly uid: string;
  readonly revision: number;
  readonly labels: Readonly<Record<string, string>>;
  /** What field selectors can ask for, by path. */
  readonly fields: Readonly<Record<string, string>>;
  /** What tells this version from the others of the object, in words of the test's own. */
  readonly content: string;
}

/** One committed change. */
export interface Write {
  /** The plural. */
  readonly resource: string;
  readonly isDeletion: boolean;
  /** After the change; for a deletion what was deleted, with the deletion's revision. */
  readonly version: Version;
}

/** Everything that has been written, in order. */
export class Truth {
  readonly writes: Write[] = [];

  /** The newest revision that is known of. */
  get revision(): number {
    return this.writes.at(-1)?.version.revision ?? 0;
  }

  /** Revisions have to come in order. */
  note(write: Write): void {
    if (write.version.revision <= this.revision) {
      throw new Error(`revision ${write.version.revision} comes after ${this.revision}`);
    }
    this.writes.push(write);
  }
}
