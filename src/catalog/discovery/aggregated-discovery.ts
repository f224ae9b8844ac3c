import { isJsonObject } from '../../util/json.ts';
import type { Discovery, GroupVersion, GroupVersionKind, Resource, Subresource } from '../resource.ts';

type Members = Readonly<Record<string, unknown>>;

/** The groups of an `APIGroupDiscoveryList` (v2 and v2beta1 are alike). */
export function parseAggregatedDiscovery(list: unknown): Discovery['groups'] {
  return objectsIn(list, 'items').map((group) => {
    const name = isJsonObject(group['metadata']) ? text(group['metadata']['name']) : '';
    return { name, versions: objectsIn(group, 'versions').map((version) => parseVersion(name, version)) };
  });
}

function parseVersion(group: string, entry: Members): GroupVersion {
  const version = text(entry['version']);
  return {
    group,
    version,
    stale: entry['freshness'] === 'Stale',
    resources: objectsIn(entry, 'resources').flatMap((resource) => parseResource(group, version, resource)),
  };
}

function parseResource(group: string, version: string, entry: Members): readonly Resource[] {
  const kind = parseKind(entry['responseKind'], group, version);
  // A parent without operations is only there to carry its subresources.
  if (kind === undefined) return [];
  return [
    {
      ...kind,
      // A resource is served under the group-version that lists it, whatever kind it answers.
      group,
      version,
      resource: text(entry['resource']),
      singular: text(entry['singularResource']),
      namespaced: entry['scope'] === 'Namespaced',
      verbs: texts(entry['verbs']),
      shortNames: texts(entry['shortNames']),
      categories: texts(entry['categories']),
      subresources: objectsIn(entry, 'subresources').map((sub): Subresource => ({
        name: text(sub['subresource']),
        kind: parseKind(sub['responseKind'], group, version),
        verbs: texts(sub['verbs']),
      })),
    },
  ];
}

/** Built-ins leave group and version of their own kinds empty: then they are those of the containing entry. */
function parseKind(value: unknown, group: string, version: string): GroupVersionKind | undefined {
  if (!isJsonObject(value)) return undefined;
  const kind = text(value['kind']);
  if (kind === '') return undefined;
  const ownVersion = text(value['version']);
  return ownVersion === ''
    ? { group, version, kind }
    : { group: text(value['group']), version: ownVersion, kind };
}

export function objectsIn(value: unknown, key: string): readonly Members[] {
  const list = isJsonObject(value) ? value[key] : undefined;
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
