import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, ObjectMeta } from '../api/object.ts';
import type { ServedResource } from '../api/resource.ts';
import { keepIfOnlyTimesDiffer } from '../fields/unchanged.ts';
import { toServed, toStored } from './convert.ts';
import { fieldWrite, type Write } from './managers.ts';
import { invalid } from './errors.ts';
import { withKept, withSilentlyKept } from './kept-fields.ts';
import { changedMetadataErrors, withDistinctOwners } from './object-meta.ts';
import { checkSize } from './object-size.ts';
import { kindErrors, kindOf, schemaErrors } from './prepared.ts';
import { serviceAddressErrors, withServiceAddresses } from './service-addresses.ts';
import { hasSubresource, strategyOf } from './strategy.ts';

/**
 * Stores `next` in the place of `live`, less what this request may not change, and answers what is stored. An object
 * whose last finalizer goes while it is being deleted goes with it.
 *
 * @throws ApiError 422
 */
export function saveChange(write: Write, live: KubeObject, next: KubeObject): KubeObject {
  const { cluster, request, isApply = false } = write;
  const { resource, subresource, warn } = request;
  const wanted = withDistinctOwners(
    withKept(withServerMetadata(next, live), live, resource, subresource),
    warn,
  );
  const managed = isApply ? wanted : cluster.fields.update({ ...fieldWrite(write), live, next: wanted });
  const kept = withSilentlyKept(managed, live, resource, subresource);
  const complete = withServiceAddresses(cluster, kept, resource.storageKey);
  // Defaults and what is kept in silence may have undone all that an apply changes.
  const owned = keepIfOnlyTimesDiffer(live, withGeneration(complete, live, resource));
  const errors = [
    ...kindErrors(resource, owned),
    ...changedMetadataErrors(owned.metadata, live.metadata),
    ...schemaErrors(cluster, resource, owned, live),
    ...serviceAddressErrors(cluster, owned, resource.storageKey),
  ];
  if (errors.length > 0) throw invalid(kindOf(owned), owned.metadata.name, errors);
  return stored(write, live, owned);
}

function stored({ cluster, request, options }: Write, live: KubeObject, next: KubeObject): KubeObject {
  const { store } = cluster;
  const { resource } = request;
  if (options.dryRun) return next;
  const { namespace, name } = next.metadata;
  if (isReleased(next, live)) {
    store.remove(resource.storageKey, namespace, name);
    return next;
  }
  checkSize(next, request.body);
  const before = store.get(resource.storageKey, namespace, name);
  return toServed(store.replace(resource.storageKey, toStored(next, before)), resource);
}

/** Whether a deletion waited for nothing but the finalizers that are gone now. */
function isReleased({ metadata, spec }: KubeObject, live: KubeObject): boolean {
  if (metadata.deletionTimestamp === undefined) return false;
  if ((metadata.finalizers ?? []).length > 0 || (metadata.deletionGracePeriodSeconds ?? 0) > 0) return false;
  // A namespace has finalizers of its own beside those of all objects.
  const { finalizers = [] } = (spec ?? {}) as { readonly finalizers?: readonly unknown[] };
  return live.kind !== 'Namespace' || finalizers.length === 0;
}

/** Metadata that the server keeps, whatever is sent; some of it a client may send, if it does not change it. */
function withServerMetadata(next: KubeObject, { metadata: live }: KubeObject): KubeObject {
  const { generation: _, creationTimestamp: __, ...sent } = next.metadata;
  const isDeleted = live.deletionTimestamp !== undefined;
  const { deletionTimestamp, deletionGracePeriodSeconds } = isDeleted ? live : sent;
  const kept: Partial<ObjectMeta> = {
    ...pick(live, 'namespace', 'generation', 'creationTimestamp', 'resourceVersion'),
    ...(sent.uid === undefined || sent.uid === '' ? pick(live, 'uid') : {}),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    ...(deletionGracePeriodSeconds === undefined ? {} : { deletionGracePeriodSeconds }),
  };
  return { ...next, metadata: withoutEmpty({ ...sent, ...kept }) };
}

/** Lists and maps without members are absent in what the real server stores. Empty managed fields say: forget them. */
function withoutEmpty(metadata: ObjectMeta): ObjectMeta {
  const members = Object.entries(metadata).filter(
    ([key, value]) =>
      key === 'managedFields' || typeof value !== 'object' || value === null || Object.keys(value).length > 0,
  );
  return Object.fromEntries(members) as unknown as ObjectMeta;
}

function pick(metadata: ObjectMeta, ...keys: readonly (keyof ObjectMeta)[]): Partial<ObjectMeta> {
  return Object.fromEntries(
    keys.flatMap((key) => (metadata[key] === undefined ? [] : [[key, metadata[key]]])),
  );
}

/** One more when something was changed that somebody has to act upon. */
function withGeneration(next: KubeObject, live: KubeObject, resource: ServedResource): KubeObject {
  if (!strategyOf(resource).hasGeneration) return next;
  if (isDeepStrictEqual(wish(next, resource), wish(live, resource))) return next;
  return { ...next, metadata: { ...next.metadata, generation: (live.metadata.generation ?? 0) + 1 } };
}

function wish(object: KubeObject, resource: ServedResource): unknown {
  const { apiVersion: _, metadata, status, ...rest } = object;
  return {
    ...rest,
    ...(resource.isCustom && !hasSubresource(resource, 'status') ? { status } : {}),
    ...(resource.storageKey === 'apps/deployments' ? { annotations: metadata.annotations } : {}),
  };
}
