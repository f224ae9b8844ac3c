import { systemClock } from '../../../../demo/api/system-clock.ts';
import { DEFINITIONS } from '../../../../demo/registry/custom.ts';
import { RegistryDocuments } from '../../../../demo/registry/documents.ts';
import { createRegistry } from '../../../../demo/registry/registry.ts';
import type { Definition } from '../../../../demo/schema/definition.ts';
import { createStore } from '../../../../demo/storage/memory-store.ts';
import { parseAggregatedDiscovery } from '../../../../src/catalog/discovery/aggregated-discovery.ts';
import type { Catalog } from '../../../../src/catalog/catalog.ts';
import { type CompiledDocument, compileOpenApi } from '../../../../src/catalog/openapi/compile-openapi.ts';
import { apiVersionOf, type Discovery } from '../../../../src/catalog/resource.ts';
import { basePathOf } from '../../../../src/cluster/resource-path.ts';
import type { ApiClient } from '../../../cluster/api.ts';
import { forEachConcurrently } from '../../../cluster/concurrency.ts';
import type { CrdManifest } from '../../../cluster/manifests.ts';
import type { Schema } from './open-api.ts';

/** What an API server serves, and how it describes it. */
export interface ServedApi {
  readonly groups: Discovery['groups'];
  /** The named schemas of each group-version's OpenAPI document, by `apiVersion`. */
  readonly documents: ReadonlyMap<string, Schemas>;
}

/** Named schemas by their names. */
export type Schemas = Readonly<Record<string, Schema>>;

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

const IN_FLIGHT = 4;

/** The groups of what other suites define for themselves, which come and go meanwhile. */
const PASSING = /\.example\.com$/;

/** Everything that a real API server serves. Fails when it does not describe one of its group-versions. */
export async function readServedApi(api: ApiClient): Promise<ServedApi> {
  const halves = await Promise.all(['/api', '/apis'].map((path) => api.get(path, AGGREGATED)));
  const groups = halves.flatMap(parseAggregatedDiscovery).filter(({ name }) => !PASSING.test(name));
  const documents = new Map<string, Schemas>();
  await forEachConcurrently(versionsOf(groups), IN_FLIGHT, async (version) => {
    documents.set(apiVersionOf(version), schemasIn(await api.get(`/openapi/v3${basePathOf(version)}`)));
  });
  return { groups, documents };
}

/** What an API server would serve of these definitions, made by the demo server's code. */
export function servedByDefinitions(definitions: readonly CrdManifest[]): ServedApi {
  const store = createStore({ clock: systemClock });
  // The definitions of real projects are what the demo's type says.
  for (const definition of definitions as unknown as readonly Definition[]) {
    store.insert(DEFINITIONS, { ...definition, status: ESTABLISHED });
  }
  const built = new RegistryDocuments({ registry: createRegistry(store), serverAddress: '127.0.0.1:443' });
  const wanted = new Set(definitions.map(({ spec }) => spec.group));
  const groups = parseAggregatedDiscovery(parse(built.discovery('apis', 'aggregated').body)).filter(
    ({ name }) => wanted.has(name),
  );
  const documents = versionsOf(groups).map((version) => {
    const document = built.openApiDocument(`apis/${apiVersionOf(version)}`);
    return [apiVersionOf(version), schemasIn(parse(document?.body ?? Buffer.from('{}')))] as const;
  });
  return { groups, documents: new Map(documents) };
}

const ESTABLISHED = { conditions: [{ type: 'Established', status: 'True' }] };

/** The one, and the groups of the other that it lacks. */
export function together(one: ServedApi, other: ServedApi): ServedApi {
  const known = new Set(one.groups.map(({ name }) => name));
  return {
    groups: [...one.groups, ...other.groups.filter(({ name }) => !known.has(name))],
    documents: new Map([...other.documents, ...one.documents]),
  };
}

/** A catalogue of groups, all of them by default, without an API server. Documents are compiled once. */
export function catalogsOf({
  groups,
  documents,
}: ServedApi): (isServed?: (group: string) => boolean) => Catalog {
  const compiled = new Map<string, CompiledDocument>();
  const compile = (apiVersion: string): CompiledDocument => {
    const known = compiled.get(apiVersion);
    if (known !== undefined) return known;
    const made = compileOpenApi({ components: { schemas: documents.get(apiVersion) } });
    compiled.set(apiVersion, made);
    return made;
  };
  return (isServed = () => true) => ({
    revision: 'test',
    discovery: { groups: groups.filter(({ name }) => isServed(name)), problems: [] },
    shapes: (_, of) => Promise.resolve({ content: compile(apiVersionOf(of)).shapes, isOfHash: true }),
    texts: (_, of) => Promise.resolve({ content: compile(apiVersionOf(of)).texts, isOfHash: true }),
    documentHash: apiVersionOf,
  });
}

function versionsOf(groups: ServedApi['groups']): ServedApi['groups'][number]['versions'] {
  return groups.flatMap(({ versions }) => versions);
}

function schemasIn(document: unknown): Schemas {
  const { components } = document as { readonly components?: { readonly schemas?: Schemas } };
  return components?.schemas ?? {};
}

function parse(body: Buffer): unknown {
  return JSON.parse(body.toString());
}
