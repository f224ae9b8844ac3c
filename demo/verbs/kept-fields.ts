import type { KubeObject, ObjectMeta } from '../api/object.ts';
import type { ServedResource } from '../api/resource.ts';
import { recordOf } from './json-errors.ts';
import type { ResourceRequest } from './request.ts';
import { hasSubresource } from './strategy.ts';

/**
 * `next` with what this request may not touch as it is in `live`: the status through the main door where it has one of its
 * own, and all the rest through that one.
 */
export function withKept(
  next: KubeObject,
  live: KubeObject,
  resource: ServedResource,
  subresource: string | undefined,
): KubeObject {
  if (subresource === 'status') return withOnly('status', next, live, statusMetadata(next, live, resource));
  if (subresource === 'finalize') return withOnly('spec', next, live, next.metadata);
  return hasSubresource(resource, 'status') ? withMember('status', next, live) : next;
}

/** An applied patch without what this request may not touch: nobody comes to own that. */
export function withoutIgnored(
  patch: Readonly<Record<string, unknown>>,
  { resource, subresource }: Pick<ResourceRequest, 'resource' | 'subresource'>,
): Readonly<Record<string, unknown>> {
  const { apiVersion, kind, metadata, status, ...rest } = patch;
  if (subresource === 'status') {
    const { labels: _, ...others } = recordOf(metadata);
    const kept = resource.isCustom ? { name: others['name'] } : others;
    return withoutAbsent({ apiVersion, kind, metadata: withoutAbsent(kept), status });
  }
  return hasSubresource(resource, 'status') ? { apiVersion, kind, metadata, ...rest } : patch;
}

function withoutAbsent(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/**
 * `next` with what certain kinds keep in silence. Whoever sends such a field is nevertheless taken down as its manager, so
 * this comes after the managed fields.
 */
export function withSilentlyKept(
  next: KubeObject,
  live: KubeObject,
  { storageKey }: ServedResource,
  subresource: string | undefined,
): KubeObject {
  return subresource === undefined ? (KEEPERS[storageKey]?.(next, live) ?? next) : next;
}

const KEEPERS: Readonly<Record<string, (next: KubeObject, live: KubeObject) => KubeObject>> = {
  // Finalizers of namespaces are changed through their subresource.
  '/namespaces': (next, live) => withMember('spec', next, live),
  '/services': withAddresses,
};

/** Clients need not repeat the addresses that the server has given. */
function withAddresses(next: KubeObject, live: KubeObject): KubeObject {
  const spec = recordOf(next['spec']);
  const liveSpec = recordOf(live['spec']);
  if (spec['clusterIP'] !== undefined && spec['clusterIP'] !== '') return next;
  const given = ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'].flatMap((key) =>
    liveSpec[key] === undefined ? [] : [[key, liveSpec[key]] as const],
  );
  return { ...next, spec: { ...spec, ...Object.fromEntries(given) } };
}

function statusMetadata(next: KubeObject, live: KubeObject, resource: ServedResource): ObjectMeta {
  const { managedFields = [] } = next.metadata;
  if (resource.isCustom) return { ...live.metadata, ...(managedFields.length > 0 ? { managedFields } : {}) };
  const { labels: _, ...metadata } = next.metadata;
  const { labels } = live.metadata;
  return { ...metadata, ...(labels === undefined ? {} : { labels }) };
}

/** `live` with one member, and the metadata, of `next`. */
function withOnly(key: string, next: KubeObject, live: KubeObject, metadata: ObjectMeta): KubeObject {
  return { ...withMember(key, live, next), metadata };
}

/** `object` with one member as `other` has it. */
function withMember(key: string, object: KubeObject, other: KubeObject): KubeObject {
  const { [key]: _, ...rest } = object;
  return { ...(rest as KubeObject), ...(other[key] === undefined ? {} : { [key]: other[key] }) };
}
