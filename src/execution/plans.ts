import type { Catalog, Catalogs } from '../catalog/catalog.ts';
import type { GatewaySchema } from '../mapping/gateway-schema.ts';
import { Lru } from '../util/lru.ts';
import { SingleFlight } from '../util/single-flight.ts';
import { within } from '../util/within.ts';
import type { TextRequest } from './operation-request.ts';
import { type Plan, planDocument, type PlanResult } from './plan.ts';
import type { Schemas } from './schemas.ts';

/** What has become of a document, and what it was planned for. */
export interface Planned {
  readonly catalog: Catalog;
  readonly schema: GatewaySchema;
  readonly result: PlanResult;
}

/** Plans kept for each schema, in bytes: some 300 documents of the size that a view in a browser sends. */
const MAX_PLAN_BYTES = 16 * 1024 * 1024;

/** How long a document with an unknown name waits for a look at what the API server serves now. */
const MAX_REFRESH_WAIT_MS = 1_000;

/** What has been made, and is being made, for one schema. */
class SchemaPlans {
  readonly kept = new Lru<string, Plan>({ maxWeight: MAX_PLAN_BYTES, weigh: ({ bytes }) => bytes });
  /** Of one identity each: what a document touches is loaded with the rights of whoever asks. */
  readonly underWay = new SingleFlight<PlanResult>();
}

/** Plans documents, each once for as long as the API server serves the same. What is wrong with a document is not kept. */
export class Plans {
  readonly #catalogs: Catalogs;
  readonly #schemas: Schemas;
  /** By schema, which has been prepared for them: one that was dropped and made again knows nothing of them. */
  readonly #bySchema = new WeakMap<GatewaySchema, SchemaPlans>();

  constructor(catalogs: Catalogs, schemas: Schemas) {
    this.#catalogs = catalogs;
    this.#schemas = schemas;
  }

  /** A document that does not fit may name what has just been installed: looks again, once, before it is refused. */
  async plan(request: TextRequest): Promise<Planned> {
    const catalog = await this.#catalogs.get(request.identity);
    const first = await this.planWith(catalog, request);
    if ('plan' in first.result || !first.result.namesUnknown) return first;
    // A misspelt name must not wait for an API server that hangs; the catalogue is then read behind the answer.
    const fresh = await within(MAX_REFRESH_WAIT_MS, this.#catalogs.refresh(request.identity));
    return fresh === undefined || fresh.revision === catalog.revision ? first : this.planWith(fresh, request);
  }

  /** By what `catalog` says, whatever the API server serves by now. */
  async planWith(catalog: Catalog, request: TextRequest): Promise<Planned> {
    const schema = this.#schemas.of(catalog);
    const plans = this.#plansFor(schema);
    const key = keyOf(request);
    const known = plans.kept.get(key);
    if (known !== undefined) return { catalog, schema, result: { plan: known } };
    const make = (): Promise<PlanResult> => this.#make(schema, plans.kept, key, request);
    const result = await plans.underWay.do(`${request.identity.key}\n${key}`, make);
    return { catalog, schema, result };
  }

  #plansFor(schema: GatewaySchema): SchemaPlans {
    const known = this.#bySchema.get(schema);
    if (known !== undefined) return known;
    const made = new SchemaPlans();
    this.#bySchema.set(schema, made);
    return made;
  }

  async #make(
    schema: GatewaySchema,
    kept: Lru<string, Plan>,
    key: string,
    { identity, query, operationName }: TextRequest,
  ): Promise<PlanResult> {
    const result = await planDocument(schema, identity, query, operationName || undefined);
    // The catalogue is behind the API server: whoever comes next should not meet it like that.
    if (schema.isPassing) void this.#catalogs.refresh(identity).catch(() => undefined);
    if ('errors' in result) return result;
    // Identities that came at the same time go on with one plan, and what will be made from it.
    const first = kept.get(key);
    if (first !== undefined) return { plan: first };
    kept.set(key, result.plan);
    return result;
  }
}

/** Some clients send an empty name where they mean none. The length keeps a name from passing for the begin of a text. */
function keyOf({ operationName, query }: TextRequest): string {
  const name = operationName ?? '';
  return `${name.length} ${name}${query}`;
}
