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

/** Compiled OpenAPI documents: from memory, from disk, or from the API server. */
export class Documents {
  readonly #memory = new Lru<string, { readonly content: unknown; readonly size: number }>({
    maxWeight: MAX_CHARACTERS,
    weigh: (entry) => entry.size,
  });
  readonly #loads = new SingleFlight<unknown>();
  readonly #fetches = new SingleFlight<CompiledDocument>();
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

  shapes(identity: Identity, path: string, hash: string): Promise<Shapes> {
    return this.#part(identity, { path, hash }, 'shapes');
  }

  texts(identity: Identity, path: string, hash: string): Promise<Texts> {
    return this.#part(identity, { path, hash }, 'texts');
  }

  #part<P extends DocumentPart>(identity: Identity, name: DocumentName, part: P): Promise<PartContent[P]> {
    const key = keyOf(name, part);
    const known = this.#memory.get(key);
    // What is stored under a key of this part was made by #load for this part.
    if (known !== undefined) return Promise.resolve(known.content as PartContent[P]);
    const load = (): Promise<unknown> => this.#load(identity, name, part);
    return this.#loads.do(`${identity.key} ${key}`, load) as Promise<PartContent[P]>;
  }

  async #load(identity: Identity, name: DocumentName, part: DocumentPart): Promise<unknown> {
    const stored = name.hash === '' ? undefined : await this.#cache.read(name.hash, part);
    const parsed = stored === undefined ? undefined : tryParseJson(stored);
    if (stored !== undefined && parsed !== undefined) {
      this.#counts.disk += 1;
      this.#memory.set(keyOf(name, part), { content: parsed, size: stored.length });
      return parsed;
    }
    // One document has both parts, and somebody may be waiting for the other one.
    const fetch = (): Promise<CompiledDocument> => this.#fetch(identity, name, part);
    const compiled = await this.#fetches.do(`${identity.key} ${name.path} ${name.hash}`, fetch);
    return compiled[part];
  }

  async #fetch(identity: Identity, name: DocumentName, asked: DocumentPart): Promise<CompiledDocument> {
    const fetched = await fetchOpenApiDocument(this.#upstream, identity, name.path, name.hash);
    if (fetched === undefined) return notDescribed();
    this.#counts.server += 1;
    const compiled = compileOpenApi(fetched.document);
    if (fetched.isOfHash) for (const part of PARTS) void this.#keep(name, part, compiled, part === asked);
    return compiled;
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
