import { createHash } from 'node:crypto';
import { apiVersionOf, type ServedResource, type ServedSubresource } from '../api/resource.ts';
import type { LiveRegistry } from './registry.ts';

type GroupVersion = { readonly group: string; readonly version: string };
type Json = Readonly<Record<string, unknown>>;

/** `/api` or `/apis` as an APIGroupDiscoveryList. */
export function aggregatedDiscovery(registry: LiveRegistry, half: 'api' | 'apis'): Json {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groupsOf(registry, half).map(([group, versions]) => ({
      metadata: group === '' ? {} : { name: group },
      versions: versions.map((version) => ({
        version,
        resources: resourcesOf(registry, { group, version }).map(discoveredResource),
        freshness: 'Current',
      })),
    })),
  };
}

function discoveredResource(resource: ServedResource): Json {
  const subresources = resource.subresources.map(({ name, kind, verbs }) => ({
    subresource: name,
    responseKind: responseKind(resource, kind),
    verbs,
  }));
  return {
    resource: resource.resource,
    responseKind: responseKind(resource, resource),
    scope: resource.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: resource.singular,
    verbs: resource.verbs,
    ...unlessEmpty('shortNames', resource.shortNames),
    ...unlessEmpty('categories', resource.categories),
    ...unlessEmpty('subresources', subresources),
  };
}

/** Built-in resources leave group and version empty where they are those of the resource, as the real server does. */
function responseKind(resource: ServedResource, { group, version, kind }: ServedSubresource['kind']): Json {
  const isOwn = group === resource.group && version === resource.version;
  return isOwn && !resource.isCustom ? { group: '', version: '', kind } : { group, version, kind };
}

/** `/api` as APIVersions. */
export function legacyVersions(registry: LiveRegistry, serverAddress: string): Json {
  return {
    kind: 'APIVersions',
    versions: groupsOf(registry, 'api').flatMap(([, versions]) => versions),
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  };
}

/** `/apis` as an APIGroupList. */
export function legacyGroups(registry: LiveRegistry): Json {
  const groups = groupsOf(registry, 'apis').map(([group, versions]) => groupMembers(group, versions));
  return { kind: 'APIGroupList', apiVersion: 'v1', groups };
}

/** `/apis/GROUP`. */
export function legacyGroup(registry: LiveRegistry, group: string): Json | undefined {
  const found = groupsOf(registry, 'apis').find(([name]) => name === group);
  return found && { kind: 'APIGroup', apiVersion: 'v1', ...groupMembers(...found) };
}

function groupMembers(group: string, versions: readonly string[]): Json {
  const named = versions.map((version) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions: named, preferredVersion: named[0] };
}

/** `/api/v1` or `/apis/GROUP/VERSION`. */
export function legacyResources(registry: LiveRegistry, groupVersion: GroupVersion): Json | undefined {
  const resources = resourcesOf(registry, groupVersion);
  if (resources.length === 0) return undefined;
  return {
    kind: 'APIResourceList',
    // The core group's list has none.
    ...(groupVersion.group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: apiVersionOf(groupVersion),
    resources: resources.flatMap((resource) => [
      listedResource(registry, resource),
      ...listedSubresources(resource),
    ]),
  };
}

function listedResource(registry: LiveRegistry, resource: ServedResource): Json {
  return {
    name: resource.resource,
    singularName: resource.singular,
    namespaced: resource.namespaced,
    kind: resource.kind,
    verbs: resource.verbs,
    ...unlessEmpty('shortNames', resource.shortNames),
    ...unlessEmpty('categories', resource.categories),
    ...(resource.verbs.includes('list')
      ? { storageVersionHash: storageVersionHash(registry, resource) }
      : {}),
  };
}

function listedSubresources(resource: ServedResource): readonly Json[] {
  return resource.subresources.map(({ name, kind, verbs }) => {
    const isOwn = kind.group === resource.group && kind.version === resource.version;
    return {
      name: `${resource.resource}/${name}`,
      singularName: '',
      namespaced: resource.namespaced,
      ...(isOwn ? {} : { group: kind.group, version: kind.version }),
      kind: kind.kind,
      verbs,
    };
  });
}

/** Eight bytes of a hash of the kind that objects are stored as. */
function storageVersionHash(registry: LiveRegistry, resource: ServedResource): string {
  const stored = storedKind(registry, resource);
  return createHash('sha256').update(stored).digest().subarray(0, 8).toString('base64');
}

function storedKind(
  registry: LiveRegistry,
  { group, version, kind, storageKey, isCustom }: ServedResource,
): string {
  if (isCustom) {
    const definition = registry.definitionOf({ group, version, kind })?.definition;
    return `${group}/${definition?.spec.versions.find(({ storage }) => storage)?.name}/${kind}`;
  }
  // The first one that is served under the key: core events, autoscaling/v2.
  const first = registry.resources.find((resource) => resource.storageKey === storageKey);
  return `${first?.group}/${first?.version}/${kind}`;
}

function groupsOf(
  registry: LiveRegistry,
  half: 'api' | 'apis',
): readonly (readonly [string, readonly string[]])[] {
  const groups = new Map<string, string[]>();
  for (const { group, version } of registry.groupVersions) {
    if ((group === '') !== (half === 'api')) continue;
    const versions = groups.get(group);
    if (versions === undefined) groups.set(group, [version]);
    else versions.push(version);
  }
  return [...groups];
}

function resourcesOf(registry: LiveRegistry, { group, version }: GroupVersion): readonly ServedResource[] {
  return registry.resources.filter((resource) => resource.group === group && resource.version === version);
}

function unlessEmpty(key: string, values: readonly unknown[]): Json {
  return values.length === 0 ? {} : { [key]: values };
}
