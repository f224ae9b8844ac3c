import { createHash } from 'node:crypto';
import type { Identity } from '../../cluster/identity.ts';
import { basePathOf } from '../../cluster/resource-path.ts';
import type { Upstream } from '../../cluster/upstream.ts';
import { Lru } from '../../util/lru.ts';
import type { Catalog } from '../catalog.ts';
import { type DiscoveryHalf, DiscoveryReader } from '../discovery/discovery.ts';
import type { Documents } from '../openapi/documents.ts';
import { fetchOpenApiIndex, type OpenApiIndex } from '../openapi/openapi-index.ts';
import type { Discovery, Resource } from '../resource.ts';

/** States of the API server that are kept for whoever is shown the same. */
const MAX_SHARED = 16;

/** What one identity was shown at one moment, with all that is needed to ask whether that has changed. */
export interface Reading {
  readonly catalog: Catalog;
  readonly core: DiscoveryHalf;
  readonly named: DiscoveryHalf;
  /** The same object as long as it says the same. */
  readonly index: OpenApiIndex;
  /** When the API server has shown it, in milliseconds since the epoch. */
  readonly readAtMs: number;
  /** False for what was kept on disk until the API server has shown the same. */
  readonly isConfirmed: boolean;
}

/** What readings of the same state have in common. */
type Shared = Pick<Reading, 'catalog' | 'index'>;

/** A reading without what only this process can make of it. */
export interface ReadingContent {
  readonly revision: string;
  readonly discovery: Discovery;
  readonly core: DiscoveryHalf;
  readonly named: DiscoveryHalf;
  readonly index: OpenApiIndex;
  readonly readAtMs: number;
}

/** Reads catalogues. Equal ones are one object, whoever is shown them. */
export class CatalogReader {
  readonly #upstream: Upstream;
  readonly #discovery: DiscoveryReader;
  readonly #documents: Documents;
  readonly #now: () => number;
  readonly #shared = new Lru<string, Shared>({ maxWeight: MAX_SHARED });

  /** @param now milliseconds since the epoch. */
  constructor(upstream: Upstream, documents: Documents, now: () => number) {
    this.#upstream = upstream;
    this.#discovery = new DiscoveryReader(upstream);
    this.#documents = documents;
    this.#now = now;
  }

  /** Asks the API server as `identity`. Rejects with its error when it does not answer. */
  async read(identity: Identity, last: Reading | undefined): Promise<Reading> {
    const before =
      last === undefined
        ? undefined
        : { discovery: last.catalog.discovery, core: last.core, named: last.named };
    const [{ discovery, core, named }, index] = await Promise.all([
      this.#discovery.read(identity, before),
      fetchOpenApiIndex(this.#upstream, identity, last?.index),
    ]);
    const isSame = last !== undefined && discovery === last.catalog.discovery && index === last.index;
    const shared = isSame ? last : this.#share(revisionOf(discovery, index), discovery, index);
    return {
      catalog: shared.catalog,
      index: shared.index,
      core,
      named,
      readAtMs: this.#now(),
      isConfirmed: true,
    };
  }

  /** The reading that was once made of `content`. */
  restore({ revision, discovery, core, named, index, readAtMs }: ReadingContent): Reading {
    return { ...this.#share(revision, discovery, index), core, named, readAtMs, isConfirmed: false };
  }

  #share(revision: string, discovery: Discovery, index: OpenApiIndex): Shared {
    const known = this.#shared.get(revision);
    if (known !== undefined) return known;
    const documents = this.#documents;
    const pathOf = (of: Pick<Resource, 'group' | 'version'>): string => basePathOf(of).slice(1);
    const hashOf: Catalog['documentHash'] = (of) => index.get(pathOf(of)) ?? '';
    const catalog: Catalog = {
      revision,
      discovery,
      shapes: (identity, of) => documents.shapes(identity, pathOf(of), hashOf(of)),
      texts: (identity, of) => documents.texts(identity, pathOf(of), hashOf(of)),
      documentHash: hashOf,
    };
    const shared = { catalog, index };
    this.#shared.set(revision, shared);
    return shared;
  }
}

/** Digests of groups, which many readings have in common. */
const digests = new WeakMap<object, string>();

function revisionOf({ groups, problems }: Discovery, index: OpenApiIndex): string {
  const hash = createHash('sha256').update(JSON.stringify([problems, [...index]]));
  for (const group of groups) hash.update(digestOf(group));
  return hash.digest('hex').slice(0, 32);
}

function digestOf(group: Discovery['groups'][number]): string {
  const known = digests.get(group);
  if (known !== undefined) return known;
  const digest = createHash('sha256').update(JSON.stringify(group)).digest('hex');
  digests.set(group, digest);
  return digest;
}
