import {
  stubApiVersion,
  type StubGroupVersion,
  type StubResource,
  type StubSubresource,
} from './stub-resources.ts';

/** The media type of aggregated discovery, its parameters in the order of real servers. */
export const AGGREGATED_TYPE = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** `/api` or `/apis` as `APIGroupDiscoveryList`. */
export function aggregatedList(cluster: readonly StubGroupVersion[], isCore: boolean): object {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groupsOf(cluster, isCore).map(([name, versions]) => ({
      // The core group's entry has no name.
      metadata: name === '' ? { creationTimestamp: null } : { name, creationTimestamp: null },
      versions: versions.map(aggregatedVersion),
    })),
  };
}

function aggregatedVersion({ version, stale, resources }: StubGroupVersion): object {
  // A stale version without known resources has no key for them at all.
  const known = resources.length === 0 ? {} : { resources: resources.map(aggregatedResource) };
  return { version, freshness: stale === true ? 'Stale' : 'Current', ...known };
}

function aggregatedResource(of: StubResource): object {
  const { group, version, kind } = of;
  return {
    resource: of.plural,
    // Built-ins leave out group and version, custom resources tell them.
    responseKind: of.isCustom ? { group, version, kind } : { group: '', version: '', kind },
    scope: of.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: of.singular,
    verbs: of.verbs,
    ...(of.shortNames.length === 0 ? {} : { shortNames: of.shortNames }),
    ...(of.categories.length === 0 ? {} : { categories: of.categories }),
    ...(of.subresources.length === 0
      ? {}
      : { subresources: of.subresources.map((sub) => aggregatedSubresource(of, sub)) }),
  };
}

function aggregatedSubresource(of: StubResource, { name, kind, verbs }: StubSubresource): object {
  const isOwn = kind.group === of.group && kind.version === of.version;
  const responseKind = isOwn && !of.isCustom ? { group: '', version: '', kind: kind.kind } : kind;
  return { subresource: name, responseKind, verbs };
}

/** `/api` before aggregated discovery. */
export function legacyVersions(cluster: readonly StubGroupVersion[]): object {
  const versions = cluster.filter(({ group }) => group === '').map(({ version }) => version);
  return { kind: 'APIVersions', versions, serverAddressByClientCIDRs: [] };
}

/** `/apis` before aggregated discovery. */
export function legacyGroups(cluster: readonly StubGroupVersion[]): object {
  const groups = groupsOf(cluster, false).map(([name, versions]) => {
    const entries = versions.map((of) => ({ groupVersion: stubApiVersion(of), version: of.version }));
    return { name, versions: entries, preferredVersion: entries[0] };
  });
  return { kind: 'APIGroupList', apiVersion: 'v1', groups };
}

/** `/api/v1` or `/apis/GROUP/VERSION`. */
export function legacyResources(of: StubGroupVersion): object {
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: stubApiVersion(of),
    resources: of.resources.flatMap((resource) => [
      legacyEntry(resource, resource.plural, resource.singular, resource),
      ...resource.subresources.map((sub) =>
        legacyEntry(resource, `${resource.plural}/${sub.name}`, '', { verbs: sub.verbs, ...sub.kind }),
      ),
    ]),
  };
}

function legacyEntry(
  resource: StubResource,
  name: string,
  singularName: string,
  of: { group: string; version: string; kind: string; verbs: readonly string[] },
): object {
  const isForeign = of.group !== resource.group || of.version !== resource.version;
  const isParent = name === resource.plural;
  return {
    name,
    singularName,
    namespaced: resource.namespaced,
    ...(isForeign ? { group: of.group, version: of.version } : {}),
    kind: of.kind,
    verbs: of.verbs,
    ...(isParent && resource.shortNames.length > 0 ? { shortNames: resource.shortNames } : {}),
    ...(isParent && resource.categories.length > 0 ? { categories: resource.categories } : {}),
    ...(isParent ? { storageVersionHash: 'AAAA' } : {}),
  };
}

function groupsOf(
  cluster: readonly StubGroupVersion[],
  isCore: boolean,
): readonly (readonly [string, readonly StubGroupVersion[]])[] {
  const names = [...new Set(cluster.map(({ group }) => group))].filter((name) => (name === '') === isCore);
  return names.map((name) => [name, cluster.filter(({ group }) => group === name)] as const);
}
