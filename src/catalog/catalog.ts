import type { Identity } from '../cluster/identity.ts';
import type { Upstream } from '../cluster/upstream.ts';
import { isKubegraphError } from '../errors/kubegraph-error.ts';
import { backgroundClock, type Clock } from '../util/clock.ts';
import { Lru } from '../util/lru.ts';
import { SingleFlight } from '../util/single-flight.ts';
import { within } from '../util/within.ts';
import { type CatalogStatus, StatusRecord } from './catalog-status.ts';
import type { DocumentCache } from './document-cache.ts';
import { type Described, Documents } from './openapi/documents.ts';
import { Followers } from './freshness/followers.ts';
import { type Reading, CatalogReader } from './freshness/reading.ts';
import type { Discovery, Resource } from './resource.ts';
import { SavedReadings } from './freshness/saved-readings.ts';
import type { Shapes, Texts } from './openapi/shapes.ts';

/** Where nobody follows the API server, a reading older than this is checked before it is used, in milliseconds. */
const REVALIDATE_AFTER_MS = 30_000;

/** How long a request waits for that check, in milliseconds. The API server may hang, and what is known is likely right. */
const MAX_REVALIDATION_MS = 1_000;

/** What makes us look again on behalf of a request does so not more often than this. */
const MIN_REFRESH_INTERVAL_MS = 1_000;

/**
 * How long after a start from disk the API server is asked whether that holds, in milliseconds. The first answer has the
 * thread and the first connection to itself: three TLS handshakes and the watches would add a fifth to it.
 */
const CONFIRM_AFTER_MS = 500;

/** A look that takes longer may have lost its connection: whoever wants to look then does not wait for it. */
const SLOW_READ_MS = 3_000;

/** How many identities' readings are remembered. Equal ones share their content. */
const MAX_IDENTITIES = 1_000;

type GroupVersionName = Pick<Resource, 'group' | 'version'>;

/** What an API server served at one moment, as one identity was shown it. */
export interface Catalog {
  /** Equal for equal content, and only then. */
  readonly revision: string;
  readonly discovery: Discovery;
  /** The shapes of one group-version, loaded as `identity` when they are not at hand. */
  shapes(identity: Identity, of: GroupVersionName): Promise<Described<Shapes>>;
  /** The descriptions that belong to `shapes`. */
  texts(identity: Identity, of: GroupVersionName): Promise<Described<Texts>>;
  /** Equal for equal OpenAPI documents of a group-version; empty where the API server does not say. */
  documentHash(of: GroupVersionName): string;
}

export interface CatalogsOptions {
  readonly upstream: Upstream;
  readonly cache: DocumentCache;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /**
   * Follow the API server in the background, and start from disk. Default: nothing runs between requests, as a function
   * needs it; readings are then checked when they are used.
   */
  readonly follow?: { readonly clock?: Clock; readonly random?: () => number } | undefined;
}

/** What is known of one identity's catalogue. Readings are numbered in the order in which they were begun. */
interface Entry {
  reading: Reading | undefined;
  /** The number of `reading`, and of the newest that was begun. */
  shown: number;
  begun: number;
  beganAtMs: number;
  underWay: Promise<Reading> | undefined;
  /** How many changes others had seen when the newest was begun. */
  changesKnown: number;
}

/**
 * The catalogue of each identity, kept fresh. Discovery is the same for everyone who may read it, but who may is for the
 * API server to say: an identity's catalogue is always read with its own credentials.
 */
export class Catalogs {
  readonly #documents: Documents;
  readonly #reader: CatalogReader;
  readonly #saved: SavedReadings | undefined;
  readonly #followers: Followers | undefined;
  readonly #clock: Clock;
  readonly #entries = new Lru<string, Entry>({ maxWeight: MAX_IDENTITIES });
  readonly #first = new SingleFlight<Reading>();
  readonly #record = new StatusRecord();
  readonly #now: () => number;
  #changes = 0;
  #lastChange: Catalog | undefined;

  constructor(options: CatalogsOptions) {
    const { upstream, cache, now = Date.now, follow } = options;
    this.#now = now;
    this.#clock = follow?.clock ?? backgroundClock;
    this.#documents = new Documents(upstream, cache);
    this.#reader = new CatalogReader(upstream, this.#documents, now);
    if (follow === undefined) return;
    this.#saved = new SavedReadings(cache, now, this.#clock);
    this.#followers = new Followers({
      upstream,
      clock: this.#clock,
      random: follow.random ?? Math.random,
      look: (identity) => this.#look(identity),
    });
  }

  get status(): CatalogStatus {
    return this.#record.status;
  }

  /** Watches that tell of changes, and loads of documents by where they came from. */
  get counts(): { readonly openWatches: number; readonly documents: Documents['counts'] } {
    return { openWatches: this.#followers?.openWatches ?? 0, documents: this.#documents.counts };
  }

  /** The catalogue as `identity` was last shown it. Waits for the API server only the first time, and when that is long ago. */
  async get(identity: Identity): Promise<Catalog> {
    const entry = this.#entryOf(identity);
    const reading = entry.reading ?? (await this.#first.do(identity.key, () => this.#start(identity, entry)));
    if (this.#isDue(identity, entry, reading)) await this.#check(identity, entry);
    const { isConfirmed, catalog } = entry.reading ?? reading;
    if (isConfirmed) this.#followers?.asked(identity);
    return catalog;
  }

  /** Looks before a reading is used, but not for long. Rejects when the caller is nobody any more. */
  async #check(identity: Identity, entry: Entry): Promise<void> {
    const looked = this.#read(identity, entry).then(
      () => undefined,
      (error: unknown) => {
        if (isRejectedToken(identity, error)) throw error;
      },
    );
    await within(MAX_REVALIDATION_MS, looked);
  }

  /** Looks again at once, unless that has just been done. A failure leaves what was known. */
  async refresh(identity: Identity): Promise<Catalog> {
    const entry = this.#entryOf(identity);
    const { reading } = entry;
    if (reading === undefined) return this.get(identity);
    const isRecent = reading.isConfirmed && this.#now() - entry.beganAtMs < MIN_REFRESH_INTERVAL_MS;
    if (isRecent && entry.underWay === undefined) return reading.catalog;
    const newer = await this.#read(identity, entry).catch(() => reading);
    return newer.catalog;
  }

  /** Resolves once the API server itself has shown `identity` a catalogue; rejects with why it has not. */
  async confirm(identity: Identity): Promise<void> {
    const entry = this.#entryOf(identity);
    if (entry.reading?.isConfirmed === true) return;
    await this.#read(identity, entry);
    this.#followers?.asked(identity);
  }

  /** Ends all that runs in the background. Resolves when nothing is left of it. */
  async close(): Promise<void> {
    await this.#followers?.close();
    await this.#saved?.settled();
  }

  #entryOf(identity: Identity): Entry {
    const known = this.#entries.get(identity.key);
    if (known !== undefined) return known;
    const entry: Entry = {
      reading: undefined,
      shown: 0,
      begun: 0,
      beganAtMs: Number.NEGATIVE_INFINITY,
      underWay: undefined,
      changesKnown: 0,
    };
    this.#entries.set(identity.key, entry);
    return entry;
  }

  /** From disk where there is something, which is then checked behind the answer; otherwise from the API server. */
  async #start(identity: Identity, entry: Entry): Promise<Reading> {
    // Of a caller's token nobody knows at the next start whose it was.
    const isLasting = identity.kind === 'kubeconfig';
    const content = isLasting ? await this.#saved?.load(identity) : undefined;
    if (entry.reading !== undefined) return entry.reading;
    if (content === undefined) return this.#read(identity, entry);
    const restored = this.#reader.restore(content);
    entry.reading = restored;
    entry.beganAtMs = this.#now();
    this.#clock.schedule(CONFIRM_AFTER_MS, () => {
      this.#followers?.asked(identity);
      if (entry.begun === 0) this.#read(identity, entry).catch(() => undefined);
    });
    return restored;
  }

  /** Whether a reading should be checked before it is used. Tried once, it is not tried again by every request. */
  #isDue(identity: Identity, entry: Entry, reading: Reading): boolean {
    const now = this.#now();
    if (entry.changesKnown < this.#changes) return now - entry.beganAtMs > MIN_REFRESH_INTERVAL_MS;
    if (this.#followers?.has(identity) === true) return false;
    return Math.min(now - reading.readAtMs, now - entry.beganAtMs) > REVALIDATE_AFTER_MS;
  }

  /** A look of our own accord: whether something has changed. What comes of it is on record. */
  async #look(identity: Identity): Promise<boolean> {
    const entry = this.#entryOf(identity);
    const before = entry.reading?.catalog;
    try {
      const { catalog } = await this.#read(identity, entry);
      return catalog !== before;
    } catch {
      return false;
    }
  }

  /** Joins a look that is under way, unless that takes suspiciously long. */
  #read(identity: Identity, entry: Entry): Promise<Reading> {
    if (entry.underWay !== undefined && this.#now() - entry.beganAtMs < SLOW_READ_MS) return entry.underWay;
    entry.begun += 1;
    entry.beganAtMs = this.#now();
    entry.changesKnown = this.#changes;
    const reading = this.#readNow(identity, entry, entry.begun).finally(() => {
      if (entry.underWay === reading) entry.underWay = undefined;
    });
    entry.underWay = reading;
    return reading;
  }

  async #readNow(identity: Identity, entry: Entry, number: number): Promise<Reading> {
    const before = entry.reading;
    try {
      const reading = await this.#reader.read(identity, before);
      this.#show(identity, entry, reading, number);
      return entry.reading ?? reading;
    } catch (error) {
      this.#record.failed(identity, error);
      // What it was shown is not for whoever holds a token that is no longer good.
      if (isRejectedToken(identity, error)) {
        this.#entries.delete(identity.key);
        this.#followers?.stop(identity);
      }
      throw error;
    }
  }

  #show(identity: Identity, entry: Entry, reading: Reading, number: number): void {
    // It was overtaken by one that was begun later.
    if (number < entry.shown) return;
    const before = entry.reading;
    const isChanged = reading.catalog !== before?.catalog;
    entry.shown = number;
    entry.reading = reading;
    this.#record.succeeded(reading, isChanged);
    if (identity.kind === 'kubeconfig') this.#saved?.save(identity, reading);
    if (before !== undefined && isChanged) this.#announce(entry, reading.catalog);
  }

  /** Others are likely to be shown the same change. They ask for themselves when they next come. */
  #announce(by: Entry, catalog: Catalog): void {
    if (catalog === this.#lastChange) return;
    this.#lastChange = catalog;
    if (by.changesKnown === this.#changes) by.changesKnown += 1;
    this.#changes += 1;
  }
}

function isRejectedToken(identity: Identity, error: unknown): boolean {
  return identity.kind === 'bearer' && isKubegraphError(error, 'UNAUTHENTICATED');
}
