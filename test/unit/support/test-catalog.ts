import { parseAggregatedDiscovery } from '../../../src/catalog/discovery/aggregated-discovery.ts';
import type { Catalog } from '../../../src/catalog/catalog.ts';
import { compileOpenApi } from '../../../src/catalog/openapi/compile-openapi.ts';
import type { Discovery } from '../../../src/catalog/resource.ts';
import { aggregatedList } from './stub-discovery.ts';
import { stubApiVersion, type StubGroupVersion } from './stub-resources.ts';

/** What an API server with these group-versions shows in discovery. */
export function discoveryOf(cluster: readonly StubGroupVersion[]): Discovery {
  const groups = [true, false].flatMap((isCore) => parseAggregatedDiscovery(aggregatedList(cluster, isCore)));
  return { groups, problems: [] };
}

/** The catalogue of these group-versions, without an API server. */
export function catalogOf(cluster: readonly StubGroupVersion[]): Catalog {
  const compiled = (of: { group: string; version: string }) => {
    const text = cluster.find((each) => stubApiVersion(each) === stubApiVersion(of))?.openApi ?? '{}';
    return compileOpenApi(JSON.parse(text));
  };
  return {
    revision: 'test',
    discovery: discoveryOf(cluster),
    shapes: (_, of) => Promise.resolve({ content: compiled(of).shapes, isOfHash: true }),
    texts: (_, of) => Promise.resolve({ content: compiled(of).texts, isOfHash: true }),
    documentHash: (of) => stubApiVersion(of),
  };
}

/** The text of an OpenAPI document of custom resources: the properties of each kind beside apiVersion, kind and metadata. */
export function customOpenApi(
  group: string,
  version: string,
  kinds: Readonly<Record<string, object>>,
): string {
  const reversed = group.split('.').toReversed().join('.');
  const schemas = Object.entries(kinds).map(([kind, properties]) => [
    `${reversed}.${version}.${kind}`,
    { type: 'object', properties, 'x-kubernetes-group-version-kind': [{ group, version, kind }] },
  ]);
  return JSON.stringify({ components: { schemas: Object.fromEntries(schemas) } });
}
