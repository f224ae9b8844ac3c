import type { Catalog } from '../catalog/catalog.ts';
import type { Deprecations } from '../catalog/deprecations/deprecations.ts';
import { GatewaySchema } from '../mapping/gateway-schema.ts';
import type { SchemaOptions } from '../mapping/schema-options.ts';
import { Lru } from '../util/lru.ts';

export interface SchemasOptions {
  /** What they show. Default: see SchemaOptions. */
  readonly schema?: SchemaOptions | undefined;
  readonly deprecations: Deprecations;
  /** Told in words what of the options could not be followed, once for each state of the API server. */
  readonly warn?: ((problem: string) => void) | undefined;
  /** Milliseconds since the epoch. Default: the system's. */
  readonly now?: (() => number) | undefined;
}

/**
 * How long a schema is used that has met documents of another state than its catalogue names, in milliseconds. An API server
 * that is behind, or two behind one address, can make that the rule: each request would load the same all over again.
 */
const MAX_PASSING_MS = 1_000;

/** Schemas kept: one for each state of the API server that somebody still sees. */
const MAX_SCHEMAS = 4;

/** The schemas of catalogues: one for each state of the API server. */
export class Schemas {
  readonly #options: SchemasOptions;
  readonly #byRevision = new Lru<string, GatewaySchema>({ maxWeight: MAX_SCHEMAS });
  /** When a schema was first seen to be passing. */
  readonly #passingSince = new WeakMap<GatewaySchema, number>();

  constructor(options: SchemasOptions) {
    this.#options = options;
  }

  of(catalog: Catalog): GatewaySchema {
    const known = this.#byRevision.get(catalog.revision);
    if (known !== undefined && !this.#hasPassed(known)) return known;
    const schema = new GatewaySchema(catalog, this.#options.schema, this.#options.deprecations);
    for (const problem of schema.problems) this.#options.warn?.(problem);
    this.#byRevision.set(catalog.revision, schema);
    return schema;
  }

  #hasPassed(schema: GatewaySchema): boolean {
    if (!schema.isPassing) return false;
    const now = this.#options.now?.() ?? Date.now();
    const since = this.#passingSince.get(schema) ?? now;
    this.#passingSince.set(schema, since);
    return now - since >= MAX_PASSING_MS;
  }
}
