import type { Identity } from '../../cluster/identity.ts';
import type { Upstream } from '../../cluster/upstream.ts';
import { tryParseJson } from '../../util/json.ts';
import { Lru } from '../../util/lru.ts';
import { SingleFlight } from '../../util/single-flight.ts';
import { type CompiledDocument, compileOpenApi } from './compile-openapi.ts';
import type { DocumentCache, DocumentPart } from '../document-cache.ts';
import { fetchOpenApiDocument } from './openapi-index.ts';
import type { Shapes, Texts } from './shapes.ts';

/** Compiled documents kept in memory, in characters of their JSON. All of 1,100 CRDs are some 15 million. */
const MAX_CHARACTERS = 64_000_000;

/** A new one each time: what is made of a document is kept by the document itself. */
const notDescribed = (): CompiledDocument => ({ shapes: { objects: {}, kinds: {} }, texts: {} });

const PARTS = ['shapes', 'texts'] as const;

interface PartContent {
  readonly shapes: Shapes;
  readonly texts: Texts;
}

/** One group-version's document, as the index names it. */
interface DocumentName {
  readonly path: string;
  /** Empty where the API server gives none. */
  readonly hash: string;
}

/** What a group-version's document says. */
export interface Described<T> {
  readonly content: T;
  /**
   * Whether the document is the one that the index names. The index lags behind: after a custom resource was changed the
   * API server has another document already, and when it is changed back, the old hash names the old document again.
   * What is made of another document must not be kept under that hash.
   */
  readonly isOfHash: boolean;
}

/** Compiled OpenAPI documents: from memory, from disk, or from the API server. */
export class Documents {
  readonly #memory = new Lru<string, { readonly content: unknown; readonly size: number }>({
    maxWeight: MAX_CHARACTERS,
    weigh: (entry) => entry.size,
  });
  readonly #loads = new SingleFlight<Described<unknown>>();
  readonly #fetches = new SingleFlight<Described<CompiledDocument>>();
  readonly #upstream: Upstream;
  readonly #cache: DocumentCache;
  readonly #counts = { disk: 0, server: 0 };

  constructor(upstream: Upstream, cache: DocumentCache) {
    this.#upstream = upstream;
    this.#cache = cache;
  }

  /** How many parts have been loaded from disk, and how many documents from the API server. */
  get counts(): Readonly<Record<'disk' | 'server', number>> {
    return this.#counts;
  }

  shapes(identity: Identity, path: string, hash: string): Promise<Described<Shapes>> {
    return this.#part(identity, { path, hash }, 'shapes');
  }

  texts(identity: Identity, path: string, hash: string): Promise<Described<Texts>> {
    return this.#part(identity, { path, hash }, 'texts');
  }

  async #part<P extends DocumentPart>(
    identity: Identity,
    name: DocumentName,
    part: P,
  ): Promise<Described<PartContent[P]>> {
    const key = keyOf(name, part);
    const known = this.#memory.get(key);
    // What is stored under a key of this part was made by #load for this part.
    if (known !== undefined) return { content: known.content as PartContent[P], isOfHash: true };
    const load = (): Promise<Described<unknown>> => this.#load(identity, name, part);
    return this.#loads.do(`${identity.key} ${key}`, load) as Promise<Described<PartContent[P]>>;
  }

  async #load(identity: Identity, name: DocumentName, part: DocumentPart): Promise<Described<unknown>> {
    const stored = name.hash === '' ? undefined : await this.#cache.read(name.hash, part);
    const parsed = stored === undefined ? undefined : tryParseJson(stored);
    if (stored !== undefined && parsed !== undefined) {
      this.#counts.disk += 1;
      this.#memory.set(keyOf(name, part), { content: parsed, size: stored.length });
      return { content: parsed, isOfHash: true };
    }
    // One document has both parts, and somebody may be waiting for the other one.
    const fetch = (): Promise<Described<CompiledDocument>> => this.#fetch(identity, name, part);
    const { content, isOfHash } = await this.#fetches.do(`${identity.key} ${name.path} ${name.hash}`, fetch);
    return { content: content[part], isOfHash };
  }

  async #fetch(
    identity: Identity,
    name: DocumentName,
    asked: DocumentPart,
  ): Promise<Described<CompiledDocument>> {
    const fetched = await fetchOpenApiDocument(this.#upstream, identity, name.path, name.hash);
    // A group-version that the index does not list has no document; one that it lists has lost it since.
    if (fetched === undefined) return { content: notDescribed(), isOfHash: name.hash === '' };
    this.#counts.server += 1;
    const compiled = compileOpenApi(fetched.document);
    const { isOfHash } = fetched;
    const isKept = isOfHash && name.hash !== '';
    if (isKept) for (const part of PARTS) void this.#keep(name, part, compiled, part === asked);
    return { content: compiled, isOfHash };
  }

  /** What nobody has asked for stays in memory only until it is on disk. */
  async #keep(
    name: DocumentName,
    part: DocumentPart,
    compiled: CompiledDocument,
    isAsked: boolean,
  ): Promise<void> {
    const text = JSON.stringify(compiled[part]);
    const key = keyOf(name, part);
    this.#memory.set(key, { content: compiled[part], size: text.length });
    const isOnDisk = await this.#cache.write(name.hash, part, text);
    if (isOnDisk && !isAsked) this.#memory.delete(key);
  }
}

function keyOf({ path, hash }: DocumentName, part: DocumentPart): string {
  return `${part} ${path} ${hash}`;
}
