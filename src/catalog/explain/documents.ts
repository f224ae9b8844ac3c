import type { Identity } from '../../cluster/identity.ts';
import { errorOf, readJson } from '../../cluster/read.ts';
import { basePathOf } from '../../cluster/resource-path.ts';
import type { Upstream } from '../../cluster/upstream.ts';
import { Lru } from '../../util/lru.ts';
import { SingleFlight } from '../../util/single-flight.ts';
import { type SchemaNodes, schemaNodesOf } from './schema-node.ts';

/** Documents kept: whoever reads about a kind reads on. Each is up to 2 MB of JSON, and several times that in memory. */
const MAX_DOCUMENTS = 4;

interface Reading {
  readonly etag: string;
  readonly schemas: SchemaNodes;
}

/**
 * Whole OpenAPI documents, with all that the compiled ones leave out. Each question is asked of the API server as its
 * identity, so that it decides who may know; one that has not changed is answered without its body.
 */
export class ExplainDocuments {
  readonly #upstream: Upstream;
  readonly #readings = new Lru<string, Reading>({ maxWeight: MAX_DOCUMENTS });
  readonly #flights = new SingleFlight<SchemaNodes | undefined>();

  constructor(upstream: Upstream) {
    this.#upstream = upstream;
  }

  /** The named schemas of a group-version's document; undefined where the server has none. */
  schemas(
    identity: Identity,
    of: { readonly group: string; readonly version: string },
  ): Promise<SchemaNodes | undefined> {
    const path = `/openapi/v3${basePathOf(of)}`;
    const key = `${identity.key} ${path}`;
    return this.#flights.do(key, () => this.#read(identity, path, key));
  }

  async #read(identity: Identity, path: string, key: string): Promise<SchemaNodes | undefined> {
    const known = this.#readings.get(key);
    const answer = await this.#upstream.send({
      identity,
      method: 'GET',
      path,
      ...(known === undefined ? {} : { headers: { 'if-none-match': known.etag } }),
    });
    if (known !== undefined && answer.status === 304) {
      answer.body.destroy();
      return known.schemas;
    }
    if (answer.status === 404) {
      answer.body.destroy();
      return undefined;
    }
    if (answer.status !== 200) throw await errorOf(answer);
    const schemas = schemaNodesOf(await readJson(answer.body));
    if (answer.etag !== undefined) this.#readings.set(key, { etag: answer.etag, schemas });
    return schemas;
  }
}
