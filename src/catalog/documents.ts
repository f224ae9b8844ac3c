import type { Identity } from '../cluster/identity.ts';
import type { Upstream } from '../cluster/upstream.ts';
import { tryParseJson } from '../util/json.ts';
import { Lru } from '../util/lru.ts';
import { SingleFlight } from '../util/single-flight.ts';
import { type CompiledDocument, compileOpenApi } from './compile-openapi.ts';
import type { DocumentCache, DocumentPart } from './document-cache.ts';
import { fetchOpenApiDocument } from './openapi-index.ts';
import type { Shapes, Texts } from './shapes.ts';

/** Compiled documents kept in memory, in characters of their JSON. All of 1,100 CRDs are some 15 million. */
const MAX_CHARACTERS = 64_000_000;

const NO_SHAPES: Shapes = { objects: {}, kinds: {} };

interface PartContent {
  readonly shapes: Shapes;
  readonly texts: Texts;
}

/** Compiled OpenAPI documents: from memory, from disk, or from the API server. */
export class Documents {
  readonly #memory = new Lru<string, { readonly content: unknown; readonly size: number }>({
    maxWeight: MAX_CHARACTERS,
    weigh: (entry) => entry.size,
  });
  readonly #flights = new SingleFlight<unknown>();
  readonly #upstream: Upstream;
  readonly #cache: DocumentCache;

  constructor(upstream: Upstream, cache: DocumentCache) {
    this.#upstream = upstream;
    this.#cache = cache;
  }

  shapes(identity: Identity, groupVersionPath: string, hash: string): Promise<Shapes> {
    return this.#part(identity, groupVersionPath, hash, 'shapes');
  }

  texts(identity: Identity, groupVersionPath: string, hash: string): Promise<Texts> {
    return this.#part(identity, groupVersionPath, hash, 'texts');
  }

  #part<P extends DocumentPart>(
    identity: Identity,
    path: string,
    hash: string,
    part: P,
  ): Promise<PartContent[P]> {
    const key = `${part} ${path} ${hash}`;
    const known = this.#memory.get(key);
    // What is stored under a key of this part was made by #load for this part.
    if (known !== undefined) return Promise.resolve(known.content as PartContent[P]);
    return this.#flights.do(`${identity.key} ${key}`, () =>
      this.#load(identity, path, hash, part),
    ) as Promise<PartContent[P]>;
  }

  async #load(identity: Identity, path: string, hash: string, part: DocumentPart): Promise<unknown> {
    const stored = hash === '' ? undefined : await this.#cache.read(hash, part);
    const parsed = stored === undefined ? undefined : tryParseJson(stored);
    if (stored !== undefined && parsed !== undefined) {
      this.#memory.set(`${part} ${path} ${hash}`, { content: parsed, size: stored.length });
      return parsed;
    }
    return this.#fetch(identity, path, hash, part);
  }

  async #fetch(identity: Identity, path: string, hash: string, part: DocumentPart): Promise<unknown> {
    const fetched = await fetchOpenApiDocument(this.#upstream, identity, path, hash);
    if (fetched === undefined) return part === 'shapes' ? NO_SHAPES : {};
    const compiled = compileOpenApi(fetched.document);
    if (fetched.isOfHash) this.#keep(path, hash, part, compiled);
    return compiled[part];
  }

  #keep(path: string, hash: string, part: DocumentPart, compiled: CompiledDocument): void {
    for (const each of ['shapes', 'texts'] as const) {
      const text = JSON.stringify(compiled[each]);
      // The other part is on disk for whoever asks for it; most never do.
      if (each === part)
        this.#memory.set(`${part} ${path} ${hash}`, { content: compiled[part], size: text.length });
      void this.#cache.write(hash, each, text);
    }
  }
}
