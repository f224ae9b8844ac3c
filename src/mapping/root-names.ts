import { apiVersionOf, type Discovery, type Resource, type Subresource } from '../catalog/resource.ts';
import type { ResourceAction } from './bindings.ts';
import { type FieldNames, namesOf, type ResourceNames, subresourceNames } from './naming.ts';

export type Operation = 'query' | 'mutation' | 'subscription';

export interface RootField {
  readonly name: string;
  readonly action: ResourceAction;
  readonly resource: Resource;
  readonly subresource: Subresource | undefined;
}

type Claim = RootField & { readonly operation: Operation };

/** The root fields of a catalogue by operation and name, and the short names that two groups claim. */
export interface RootNames {
  readonly fields: Readonly<Record<Operation, ReadonlyMap<string, RootField>>>;
  /** Qualified names by the short name that they contend for. */
  readonly ambiguous: ReadonlyMap<string, readonly string[]>;
  readonly names: ReadonlyMap<Resource, ResourceNames>;
  /** Resources by `apiVersion`. */
  readonly byGroupVersion: ReadonlyMap<string, readonly Resource[]>;
  /** The resources that their group's preferred version is. */
  readonly preferred: ReadonlySet<Resource>;
}

/**
 * Kubernetes' own groups, which have first claim on short names, in this order. Fixed, so that no installed API can
 * change what a short name means.
 */
const OWN_GROUPS: readonly string[] = [
  '',
  'apps',
  'batch',
  'autoscaling',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'admissionregistration.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'node.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storagemigration.k8s.io',
  'internal.apiserver.k8s.io',
];

const ACTIONS: readonly {
  readonly operation: Operation;
  readonly action: ResourceAction;
  readonly name: keyof FieldNames;
  readonly verbs: readonly string[];
}[] = [
  { operation: 'query', action: 'list', name: 'list', verbs: ['list'] },
  { operation: 'query', action: 'get', name: 'get', verbs: ['get'] },
  { operation: 'subscription', action: 'watch', name: 'list', verbs: ['list', 'watch'] },
  { operation: 'mutation', action: 'create', name: 'create', verbs: ['create'] },
  { operation: 'mutation', action: 'replace', name: 'replace', verbs: ['update'] },
  { operation: 'mutation', action: 'patch', name: 'patch', verbs: ['patch'] },
  { operation: 'mutation', action: 'apply', name: 'apply', verbs: ['patch'] },
  { operation: 'mutation', action: 'delete', name: 'delete', verbs: ['delete'] },
  {
    operation: 'mutation',
    action: 'deleteCollection',
    name: 'deleteCollection',
    verbs: ['deletecollection'],
  },
];

/** The actions on a subresource, and the verbs of its own that they need. */
const SUBRESOURCE_ACTIONS = [
  { operation: 'query', action: 'get', verb: 'get' },
  { operation: 'mutation', action: 'create', verb: 'create' },
  { operation: 'mutation', action: 'replace', verb: 'update' },
  { operation: 'mutation', action: 'patch', verb: 'patch' },
  { operation: 'mutation', action: 'apply', verb: 'patch' },
  { operation: 'mutation', action: 'scale', verb: 'patch' },
] as const;

/** What these answer is a stream or a connection and no object; discovery gives them a kind all the same. */
const CONNECTIONS: ReadonlySet<string> = new Set(['attach', 'exec', 'log', 'portforward', 'proxy']);

/** @param reserved the names of the hand-written fields, which no resource can take. */
export function rootNames(discovery: Discovery, reserved: ReadonlySet<string>): RootNames {
  const resources = discovery.groups.flatMap((group) =>
    group.versions.flatMap((version) => version.resources),
  );
  const names = new Map(resources.map((resource) => [resource, namesOf(resource)]));
  const preferred = preferredResources(discovery);
  const fields = {
    query: new Map<string, RootField>(),
    mutation: new Map<string, RootField>(),
    subscription: new Map<string, RootField>(),
  };
  for (const resource of resources) {
    for (const field of fieldsOf(resource, (names.get(resource) as ResourceNames).qualified)) {
      if (!reserved.has(field.name)) setIfFree(fields[field.operation], field);
    }
  }
  const ambiguous = new Map<string, string[]>();
  for (const claim of shortClaims(preferred, names)) {
    const [first, second] = claim.claimants as [Claim, Claim | undefined];
    if (reserved.has(first.name)) continue;
    if (second === undefined || OWN_GROUPS.includes(first.resource.group))
      setIfFree(fields[first.operation], first);
    else
      ambiguous.set(
        first.name,
        claim.claimants.map((field) => qualifiedName(field, names)),
      );
  }
  return { fields, ambiguous, names, preferred, byGroupVersion: groupByVersion(discovery) };
}

/** The names that a resource's types take in its group-version, beyond the shapes of its OpenAPI document. */
export const DERIVED_TYPES = ['Connection', 'Edge', 'Event', 'Deletion'] as const;

function fieldsOf(resource: Resource, names: FieldNames): readonly Claim[] {
  const own = ACTIONS.filter(({ verbs }) => verbs.every((verb) => resource.verbs.includes(verb))).map(
    ({ operation, action, name }): Claim => ({
      operation,
      action,
      name: names[name],
      resource,
      subresource: undefined,
    }),
  );
  return [...own, ...resource.subresources.flatMap((sub) => subresourceFields(resource, sub, names))];
}

function subresourceFields(
  resource: Resource,
  subresource: Subresource,
  names: FieldNames,
): readonly Claim[] {
  if (subresource.kind === undefined || CONNECTIONS.has(subresource.name)) return [];
  const own = subresourceNames(names, subresource.name);
  return SUBRESOURCE_ACTIONS.flatMap(({ operation, action, verb }): readonly Claim[] => {
    const name = own[action];
    if (name === undefined || !subresource.verbs.includes(verb)) return [];
    return [{ operation, action, name, resource, subresource }];
  });
}

/** Who would like which short name, Kubernetes' own groups first. */
function shortClaims(
  preferred: ReadonlySet<Resource>,
  names: ReadonlyMap<Resource, ResourceNames>,
): readonly { readonly claimants: readonly Claim[] }[] {
  const byName = new Map<string, Claim[]>();
  for (const resource of preferred) {
    for (const field of fieldsOf(resource, (names.get(resource) as ResourceNames).short)) {
      const key = `${field.operation} ${field.name}`;
      const claimants = byName.get(key);
      if (claimants === undefined) byName.set(key, [field]);
      else claimants.push(field);
    }
  }
  const rank = (field: RootField): number => {
    const position = OWN_GROUPS.indexOf(field.resource.group);
    return position < 0 ? OWN_GROUPS.length : position;
  };
  return [...byName.values()].map((claimants) => ({
    claimants: claimants.sort((a, b) => rank(a) - rank(b)),
  }));
}

/**
 * Each resource in the first version of its group that has it. The API server's order decides, whether a version answers
 * just now or not: a stale aggregated API must not turn a short name into another version.
 */
function preferredResources(discovery: Discovery): ReadonlySet<Resource> {
  const preferred = new Set<Resource>();
  for (const group of discovery.groups) {
    const seen = new Set<string>();
    for (const version of group.versions) {
      // Nobody knows what it has, and what a later one has too must not stand in for it.
      if (version.stale && version.resources.length === 0) break;
      for (const resource of version.resources) {
        if (!seen.has(resource.resource)) preferred.add(resource);
        seen.add(resource.resource);
      }
    }
  }
  return preferred;
}

/** The name of the same field that says its group and version. */
function qualifiedName(field: Claim, names: ReadonlyMap<Resource, ResourceNames>): string {
  const { qualified } = names.get(field.resource) as ResourceNames;
  const twin = fieldsOf(field.resource, qualified).find(
    ({ operation, action, subresource }) =>
      operation === field.operation && action === field.action && subresource === field.subresource,
  );
  return twin?.name ?? qualified.list;
}

function setIfFree(fields: Map<string, RootField>, { name, action, resource, subresource }: RootField): void {
  if (!fields.has(name)) fields.set(name, { name, action, resource, subresource });
}

function groupByVersion(discovery: Discovery): ReadonlyMap<string, readonly Resource[]> {
  const versions = discovery.groups.flatMap((group) => group.versions);
  return new Map(versions.map((version) => [apiVersionOf(version), version.resources]));
}
