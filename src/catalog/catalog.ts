import { createHash } from 'node:crypto';
import type { Identity } from '../cluster/identity.ts';
import type { Upstream } from '../cluster/upstream.ts';
import { Lru } from '../util/lru.ts';
import { SingleFlight } from '../util/single-flight.ts';
import { type DiscoveryReading, fetchDiscovery } from './discovery.ts';
import type { DocumentCache } from './document-cache.ts';
import { Documents } from './documents.ts';
import { fetchOpenApiIndex, type OpenApiIndex } from './openapi-index.ts';
import { basePathOf, type Discovery, type Resource } from './resource.ts';
import type { Shapes, Texts } from './shapes.ts';

/** A snapshot older than this is asked for again, behind the answer that it is used for. */
const REVALIDATE_AFTER_MS = 30_000;

/** A document that does not fit the schema makes us look again, but not more often than this. */
const MIN_REFRESH_INTERVAL_MS = 1_000;

/** How many identities' snapshots are remembered. Equal ones share their content. */
const MAX_IDENTITIES = 1_000;

type GroupVersionName = Pick<Resource, 'group' | 'version'>;

/** What an API server served at one moment, as one identity was shown it. */
export interface Catalog {
  /** Equal for equal content, and only then. */
  readonly revision: string;
  readonly discovery: Discovery;
  /** The shapes of one group-version, loaded as `identity` when they are not at hand. */
  shapes(identity: Identity, of: GroupVersionName): Promise<Shapes>;
  /** The descriptions that belong to `shapes`. */
  texts(identity: Identity, of: GroupVersionName): Promise<Texts>;
}

interface Reading {
  readonly catalog: Catalog;
  readonly discovery: DiscoveryReading;
  readonly readAtMs: number;
}

/** Health of the catalogue, for `/readyz`. */
export interface CatalogStatus {
  /** Why the newest refresh failed; undefined while all is well. */
  readonly refreshError: string | undefined;
  /** Group-versions that could not be read when last looked at. */
  readonly problems: readonly string[];
}

/**
 * The catalogue of each identity, kept fresh. Discovery is the same for everyone who may read it, but who may is for the
 * API server to say: an identity's catalogue is always read with its own credentials.
 */
export class Catalogs {
  readonly #upstream: Upstream;
  readonly #documents: Documents;
  readonly #readings = new Lru<string, Reading>({ maxWeight: MAX_IDENTITIES });
  readonly #shared = new Lru<string, Catalog>({ maxWeight: 16 });
  readonly #flights = new SingleFlight<Reading>();
  readonly #now: () => number;
  #status: CatalogStatus = { refreshError: undefined, problems: [] };

  constructor(options: { upstream: Upstream; cache: DocumentCache; now?: () => number }) {
    this.#upstream = options.upstream;
    this.#documents = new Documents(options.upstream, options.cache);
    this.#now = options.now ?? Date.now;
  }

  get status(): CatalogStatus {
    return this.#status;
  }

  /** The catalogue as `identity` was last shown it. Waits for the API server only the first time. */
  async get(identity: Identity): Promise<Catalog> {
    const reading = this.#readings.get(identity.key);
    if (reading === undefined) return (await this.#read(identity)).catalog;
    if (this.#now() - reading.readAtMs > REVALIDATE_AFTER_MS) this.#read(identity).catch(() => undefined);
    return reading.catalog;
  }

  /** Looks again at once, unless that has just been done. A failure leaves what was known. */
  async refresh(identity: Identity): Promise<Catalog> {
    const reading = this.#readings.get(identity.key);
    if (reading !== undefined && this.#now() - reading.readAtMs < MIN_REFRESH_INTERVAL_MS)
      return reading.catalog;
    const fresh = await this.#read(identity).catch((error: unknown) => {
      if (reading === undefined) throw error;
      return reading;
    });
    return fresh.catalog;
  }

  #read(identity: Identity): Promise<Reading> {
    return this.#flights.do(identity.key, async () => {
      try {
        return await this.#readNow(identity);
      } catch (error) {
        this.#status = { ...this.#status, refreshError: error instanceof Error ? error.message : 'failed' };
        throw error;
      }
    });
  }

  async #readNow(identity: Identity): Promise<Reading> {
    const last = this.#readings.get(identity.key);
    const [discovery, index] = await Promise.all([
      fetchDiscovery(this.#upstream, identity, last?.discovery),
      fetchOpenApiIndex(this.#upstream, identity),
    ]);
    const catalog = this.#share(discovery.discovery, index);
    const reading = { catalog, discovery, readAtMs: this.#now() };
    this.#readings.set(identity.key, reading);
    this.#status = { refreshError: undefined, problems: discovery.discovery.problems };
    return reading;
  }

  #share(discovery: Discovery, index: OpenApiIndex): Catalog {
    const revision = createHash('sha256')
      .update(JSON.stringify(discovery))
      .update(JSON.stringify([...index]))
      .digest('hex')
      .slice(0, 32);
    const known = this.#shared.get(revision);
    if (known !== undefined) return known;
    const pathOf = (of: GroupVersionName): string => basePathOf(of).slice(1);
    const catalog: Catalog = {
      revision,
      discovery,
      shapes: (identity, of) => this.#documents.shapes(identity, pathOf(of), index.get(pathOf(of)) ?? ''),
      texts: (identity, of) => this.#documents.texts(identity, pathOf(of), index.get(pathOf(of)) ?? ''),
    };
    this.#shared.set(revision, catalog);
    return catalog;
  }
}
