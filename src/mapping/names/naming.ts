import type { GroupVersionKind, Resource } from '../../catalog/resource.ts';

/**
 * Every GraphQL name that is not in base.graphql is made here. Names come from discovery and OpenAPI, never from English
 * grammar, and never depend on what else is installed.
 */

/** Go packages of k8s.io/api whose name is not the group's first label. */
const GROUP_BY_PACKAGE: Readonly<Record<string, string>> = {
  rbac: 'rbac.authorization.k8s.io',
  flowcontrol: 'flowcontrol.apiserver.k8s.io',
  apiserverinternal: 'internal.apiserver.k8s.io',
};

/** `CoreV1`, `RbacAuthorizationV1`, `CertManagerIoV1`: the official clients' way, `.k8s.io` dropped. */
export function groupVersionPrefix(of: GroupVersionName): string {
  const group = of.group === '' ? 'core' : of.group.replace(/\.k8s\.io$/, '');
  return legalStart(pascal(group) + pascal(of.version));
}

/** The prefix of a group-version as a catalogue has it: see `prefixesOf`. */
export type PrefixOf = (of: GroupVersionName) => string;

export type GroupVersionName = Pick<GroupVersionKind, 'group' | 'version'>;

/** A prefix that no other group-version can have: `foo-bar.com` is `Foo_bar__comV1`. Ugly, and so only for a clash. */
export function distinctPrefix(of: GroupVersionName): string {
  return legalStart(upperFirst(of.group.replaceAll('-', '_').replaceAll('.', '__')) + pascal(of.version));
}

/** `CoreV1Pod`. */
export function kindTypeName(of: GroupVersionKind, prefixOf: PrefixOf = groupVersionPrefix): string {
  return prefixOf(of) + sanitise(of.kind);
}

/** The name of a type around a kind's objects: `CoreV1PodConnection`, or with a `_` where another kind is called that. */
export function surroundingTypeName(
  kindName: string,
  suffix: string,
  isKind: (typeName: string) => boolean,
): string {
  const name = kindName + suffix;
  return isKind(name) ? `${name}_` : name;
}

/**
 * The type name of an OpenAPI definition that is no kind: `io.k8s.api.core.v1.PodSpec` is `CoreV1PodSpec`, and
 * apimachinery's are bare (`LabelSelector`).
 */
export function definitionTypeName(definition: string): string {
  const bare =
    /^io\.k8s\.apimachinery\.pkg\.(?:apis\.meta\.v1|api\.resource|util\.\w+|runtime|version)\.(\w+)$/.exec(
      definition,
    );
  if (bare !== null) return sanitise(bare[1] as string);
  const built = /^io\.k8s\.(?:api|[\w-]+\.pkg\.apis)\.(\w+)\.(v\w+)\.(\w+)$/.exec(definition);
  if (built !== null) {
    const [, packageName, version, name] = built as unknown as [string, string, string, string];
    const group = packageName === 'core' ? '' : (GROUP_BY_PACKAGE[packageName] ?? packageName);
    return kindTypeName({ group, version, kind: name });
  }
  return legalStart(pascal(definition));
}

/** The type name of an object that is described in place, inside the type `parent`. */
export function inlineTypeName(parent: string, field: string): string {
  return parent + pascal(field);
}

/** A Kubernetes field name as a GraphQL field name: what GraphQL does not allow becomes `_`. */
export function fieldName(key: string): string {
  const name = legalStart(sanitise(key));
  // Two underscores at the start belong to introspection.
  return name.startsWith('__') ? name.replace(/^_+/, '_') : name;
}

/** Whether a string can be a GraphQL enum value as it is. */
export function isEnumValueName(value: string): boolean {
  return (
    /^[A-Za-z_]\w*$/.test(value) && !value.startsWith('__') && !['true', 'false', 'null'].includes(value)
  );
}

/** The names of one resource, with and without its group and version. */
export interface ResourceNames {
  /** As in type and mutation names: `Pod`, `NetworkPolicy`. */
  readonly kind: string;
  /** The plural in the capitals of the kind: `Pods`, `NetworkPolicies`. */
  readonly plural: string;
  readonly short: FieldNames;
  readonly qualified: FieldNames;
}

export interface FieldNames {
  /** `pods`, `coreV1Pods`. */
  readonly list: string;
  /** `podsLive`, `coreV1PodsLive`; with `_` where that is the plural of another resource. */
  readonly live: string;
  /** `pod`, `coreV1Pod`; with `ByName` where it would be the plural's. */
  readonly get: string;
  readonly create: string;
  readonly replace: string;
  readonly patch: string;
  readonly apply: string;
  readonly delete: string;
  readonly deleteCollection: string;
}

/**
 * @param prefix of its group-version.
 * @param plurals `pluralOf` each resource of its group-version: a kind that is called like one of them gives way.
 */
export function namesOf(resource: Resource, prefix: string, plurals: ReadonlySet<string>): ResourceNames {
  const kind = sanitise(resource.kind);
  const plural = pluralOf(resource);
  const list = lowerStart(kind).slice(0, sharedLength(kind, resource.resource));
  const rest = sanitise(resource.resource.slice(list.length));
  const single = plurals.has(kind) || kind === plural ? 'ByName' : '';
  const live = plurals.has(`${plural}Live`) ? 'Live_' : 'Live';
  return {
    kind,
    plural,
    short: fieldNames('', kind, plural, lowerStart(kind), list + rest, { single, live }),
    qualified: fieldNames(prefix, kind, plural, lowerStart(prefix) + kind, lowerStart(prefix) + plural, {
      single,
      live,
    }),
  };
}

/** The plural of a resource in the capitals of its kind: `NetworkPolicies`. */
export function pluralOf({ kind: unsafe, resource }: Resource): string {
  const kind = sanitise(unsafe);
  const shared = sharedLength(kind, resource);
  return upperFirst(kind.slice(0, shared) + sanitise(resource.slice(shared)));
}

/**
 * What stands behind names to tell them apart: `single` behind one object's, where the kind alone does not tell them from those
 * of a collection, and `live` behind those of live queries.
 */
interface Endings {
  readonly single: string;
  readonly live: string;
}

function fieldNames(
  prefix: string,
  kind: string,
  plural: string,
  get: string,
  list: string,
  { single, live }: Endings,
): FieldNames {
  return {
    list: legalStart(list),
    live: legalStart(list + live),
    get: legalStart(get + single),
    create: `create${prefix}${kind}`,
    replace: `replace${prefix}${kind}`,
    patch: `patch${prefix}${kind}`,
    apply: `apply${prefix}${kind}`,
    delete: `delete${prefix}${kind}${single}`,
    deleteCollection: `delete${prefix}${plural}`,
  };
}

/** The names of a subresource's fields; undefined where there is none to have. */
export interface SubresourceNames {
  readonly get: string | undefined;
  readonly create: string;
  readonly replace: string;
  readonly patch: string;
  readonly apply: string;
  readonly scale: string | undefined;
}

/** `podEphemeralcontainers`, `replacePodStatus`, `createServiceAccountToken`; and kubectl's words `scale` and `evict`. */
export function subresourceNames(parent: FieldNames, subresource: string): SubresourceNames {
  const suffix = pascal(subresource);
  const kind = parent.create.slice('create'.length);
  return {
    // The status of an object is a part of the object, which has a field already.
    get: subresource === 'status' ? undefined : `${parent.get}${suffix}`,
    create: subresource === 'eviction' ? `evict${kind}` : `create${kind}${suffix}`,
    replace: `replace${kind}${suffix}`,
    patch: `patch${kind}${suffix}`,
    apply: `apply${kind}${suffix}`,
    scale: subresource === 'scale' ? `scale${kind}` : undefined,
  };
}

/** How much of the plural is the kind in lower case: `networkpolic` of NetworkPolicy and networkpolicies. */
function sharedLength(kind: string, plural: string): number {
  const lower = kind.toLowerCase();
  let length = 0;
  while (length < lower.length && lower[length] === plural[length]) length++;
  return length;
}

/** `Pod` → `pod`, and a leading acronym as a whole: `CSINode` → `csiNode`, `VPC` → `vpc`. */
function lowerStart(name: string): string {
  return name.replace(/^(?:[A-Z]+(?![a-z])|[A-Z])/, (start) => start.toLowerCase());
}

function pascal(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .map(upperFirst)
    .join('');
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What GraphQL does not allow in a name becomes `_`. */
export function sanitise(text: string): string {
  return text.replace(/\W/g, '_');
}

function legalStart(name: string): string {
  return /^\d/.test(name) || name === '' ? `_${name}` : name;
}
