import type { Identity } from '../../cluster/identity.ts';
import type { Clock } from '../../util/clock.ts';
import { isJsonObject, tryParseJson } from '../../util/json.ts';
import type { DocumentCache } from '../document-cache.ts';
import type { DiscoveryHalf } from '../discovery/discovery.ts';
import type { Reading, ReadingContent } from './reading.ts';
import { packDiscovery, type PackedDiscovery, unpackDiscovery } from '../discovery/packed-discovery.ts';

/** What was read longer ago is not used: too much may have changed for even the first answers. */
const MAX_AGE_MS = 24 * 3_600_000;

/** One that still holds is written again after so long, so that it does not grow too old. */
const REWRITE_AFTER_MS = 3_600_000;

/** A reading is written so long after it was read, in milliseconds: whoever waits for the first answer comes first. */
const WRITE_AFTER_MS = 1_000;

/** How a reading is written: the discovery of both halves once, and beside it what to ask with whether it still holds. */
interface SavedReading {
  readonly revision: string;
  readonly readAtMs: number;
  readonly coreEtag: string | null;
  readonly namedEtag: string | null;
  readonly discovery: PackedDiscovery;
  readonly index: readonly (readonly [string, string])[];
}

/** The readings of identities that are the same at every start, on disk. */
export class SavedReadings {
  readonly #cache: DocumentCache;
  readonly #now: () => number;
  readonly #clock: Clock;
  #written: { readonly revision: string; readonly readAtMs: number } | undefined;
  #next: { readonly identity: Identity; readonly reading: Reading } | undefined;
  #isScheduled = false;
  #writing: Promise<void> | undefined;

  /** @param now milliseconds since the epoch. */
  constructor(cache: DocumentCache, now: () => number, clock: Clock) {
    this.#cache = cache;
    this.#now = now;
    this.#clock = clock;
  }

  /** What was last written for `identity`, or undefined where that is too old or there is none. */
  async load(identity: Identity): Promise<ReadingContent | undefined> {
    const text = await this.#cache.read(identity.key, 'reading');
    const saved = text === undefined ? undefined : tryParseJson(text);
    if (!isSavedReading(saved)) return undefined;
    const ageMs = this.#now() - saved.readAtMs;
    if (ageMs < 0 || ageMs > MAX_AGE_MS) return undefined;
    try {
      const content = restored(saved);
      this.#written = saved;
      return content;
    } catch {
      // Of another form than this program writes: as good as none.
      return undefined;
    }
  }

  /** Writes a reading in the background where the one on disk says something else, or will soon be too old. */
  save(identity: Identity, reading: Reading): void {
    const { core, named, catalog, readAtMs } = reading;
    // Old servers have nothing to ask with whether it still holds.
    if (core.groups === undefined || named.groups === undefined) return;
    const written = this.#written;
    if (written?.revision === catalog.revision && readAtMs - written.readAtMs < REWRITE_AFTER_MS) return;
    this.#written = { revision: catalog.revision, readAtMs };
    this.#next = { identity, reading };
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#clock.schedule(WRITE_AFTER_MS, () => {
      this.#isScheduled = false;
      this.#write();
    });
  }

  /** Writes what is still to be written. Resolves when it is. */
  async settled(): Promise<void> {
    this.#write();
    await this.#writing;
  }

  #write(): void {
    this.#writing ??= this.#writeAll().finally(() => (this.#writing = undefined));
  }

  /** One after the other, so that an older reading never takes the place of a newer one. */
  async #writeAll(): Promise<void> {
    while (this.#next !== undefined) {
      const { identity, reading } = this.#next;
      this.#next = undefined;
      await this.#cache.write(identity.key, 'reading', textOf(reading));
    }
  }
}

function textOf({ catalog, core, named, index, readAtMs }: Reading): string {
  const saved: SavedReading = {
    revision: catalog.revision,
    readAtMs,
    coreEtag: core.etag ?? null,
    namedEtag: named.etag ?? null,
    discovery: packDiscovery(catalog.discovery),
    index: [...index],
  };
  return JSON.stringify(saved);
}

/**
 * Whether it has the form that `textOf` writes, as far as `restored` would not notice. The seal of the file only shows that
 * some program wrote it.
 */
function isSavedReading(value: unknown): value is SavedReading {
  if (!isJsonObject(value) || !isJsonObject(value['discovery'])) return false;
  const { revision, readAtMs, coreEtag, namedEtag, discovery, index } = value;
  return (
    typeof revision === 'string' &&
    typeof readAtMs === 'number' &&
    [coreEtag, namedEtag].every((etag) => etag === null || typeof etag === 'string') &&
    [discovery['problems'], discovery['lists']].every(Array.isArray) &&
    Array.isArray(index) &&
    index.every((entry) => Array.isArray(entry) && entry.every((part) => typeof part === 'string'))
  );
}

function restored(saved: SavedReading): ReadingContent {
  const { revision, readAtMs, index } = saved;
  const discovery = unpackDiscovery(saved.discovery);
  const half = (etag: string | null, isCore: boolean): DiscoveryHalf => ({
    etag: etag ?? undefined,
    groups: discovery.groups.filter(({ name }) => (name === '') === isCore),
    body: undefined,
  });
  return {
    revision,
    readAtMs,
    discovery,
    core: half(saved.coreEtag, true),
    named: half(saved.namedEtag, false),
    index: new Map(index),
  };
}
