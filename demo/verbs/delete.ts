import type { KubeObject } from '../api/object.ts';
import type { ServedResource } from '../api/resource.ts';
import { DEFINITIONS } from '../registry/custom.ts';
import { deletedDefinition } from '../registry/lifecycle.ts';
import { toServed, toStored } from './convert.ts';
import { type DeleteOptions, readDeleteOptions } from './delete-options.ts';
import { conflict, forbidden } from './errors.ts';
import { liveObject } from './get.ts';
import { gracePeriodOf } from './grace-period.ts';
import { timestamp } from './identity.ts';
import { recordOf } from './json-errors.ts';
import type { Cluster, Reply, ResourceRequest } from './request.ts';
import { strategyOf } from './strategy.ts';

/**
 * Deletes an object, or marks it as being deleted when something has to happen first: finalizers, a grace period. The
 * answer is the object in that case and for certain kinds, otherwise a Status.
 *
 * @throws ApiError 404; 409 for preconditions; 400, 422 for options; 403 for namespaces that have to stay
 */
export async function remove(cluster: Cluster, request: ResourceRequest): Promise<Reply> {
  const options = readDeleteOptions(request);
  return removeObject(cluster, request, liveObject(cluster, request), options);
}

export function removeObject(
  cluster: Cluster,
  request: ResourceRequest,
  live: KubeObject,
  options: DeleteOptions,
): Reply {
  const { resource, warn } = request;
  checkPreconditions(resource, live, options);
  checkMayGo(resource, live);
  if (resource.storageKey === 'batch/jobs' && options.propagation === undefined) warn(JOB_WARNING);
  const marked = withDeletion(cluster, live, resource, options);
  if (isWaiting(marked)) return objectReply(store(cluster, resource, live, marked, options.dryRun));
  const last = options.dryRun
    ? undefined
    : cluster.store.remove(resource.storageKey, live.metadata.namespace, live.metadata.name);
  if (!strategyOf(resource).answersDeleted) return statusReply(resource, live);
  // Pods are marked first and removed then, also when both happen at once; others go as they are.
  return objectReply(resource.storageKey === '/pods' ? withVersionOf(marked, last ?? live) : live);
}

const JOB_WARNING =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning';

const IMMORTAL_NAMESPACES: ReadonlySet<string> = new Set(['default', 'kube-public', 'kube-system']);

function checkMayGo(resource: ServedResource, { metadata }: KubeObject): void {
  if (resource.storageKey !== '/namespaces' || !IMMORTAL_NAMESPACES.has(metadata.name)) return;
  throw forbidden(resource, metadata.name, 'this namespace may not be deleted');
}

function checkPreconditions(
  resource: ServedResource,
  { metadata }: KubeObject,
  { preconditions }: DeleteOptions,
): void {
  const { uid, resourceVersion } = preconditions;
  const fail = (why: string): Error => conflict(resource, metadata.name, why);
  if (uid !== undefined && uid !== metadata.uid) {
    throw fail(
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw fail(
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
  }
}

/** The object as it is while its deletion is under way. */
function withDeletion(
  { clock }: Cluster,
  live: KubeObject,
  resource: ServedResource,
  options: DeleteOptions,
): KubeObject {
  if (resource.storageKey === '/namespaces') return withNamespaceDeletion(live, timestamp(clock));
  const { metadata } = live;
  if (resource.storageKey === DEFINITIONS) {
    return metadata.deletionTimestamp === undefined ? deletedDefinition(live, timestamp(clock)) : live;
  }
  const grace = gracePeriodOf(live, options);
  const isDeleted = metadata.deletionTimestamp !== undefined;
  // Once under way, a deletion can only be made to come earlier, and only by saying so.
  if (
    isDeleted &&
    (options.gracePeriodSeconds === undefined || grace >= (metadata.deletionGracePeriodSeconds ?? 0))
  )
    return live;
  const { finalizers: _, ...rest } = metadata;
  const finalizers = isDeleted ? (metadata.finalizers ?? []) : finalizersAfter(live, resource, options);
  return {
    ...live,
    metadata: {
      ...rest,
      ...(finalizers.length === 0 ? {} : { finalizers }),
      deletionTimestamp: timestamp(clock, grace),
      deletionGracePeriodSeconds: grace,
      ...(metadata.generation === undefined || isDeleted ? {} : { generation: metadata.generation + 1 }),
    },
  };
}

function withNamespaceDeletion(live: KubeObject, now: string): KubeObject {
  if (live.metadata.deletionTimestamp !== undefined) return live;
  const status = { ...recordOf(live['status']), phase: 'Terminating' };
  return { ...live, metadata: { ...live.metadata, deletionTimestamp: now }, status };
}

const ORPHAN = 'orphan';
const FOREGROUND = 'foregroundDeletion';

function finalizersAfter(
  { metadata }: KubeObject,
  { storageKey }: ServedResource,
  { propagation }: DeleteOptions,
): readonly string[] {
  const finalizers = metadata.finalizers ?? [];
  const isSet = finalizers.includes(ORPHAN) || finalizers.includes(FOREGROUND);
  if (propagation === undefined && isSet) return finalizers;
  const own = finalizers.filter((name) => name !== ORPHAN && name !== FOREGROUND);
  // Jobs leave their pods behind unless asked not to.
  switch (propagation ?? (storageKey === 'batch/jobs' ? 'Orphan' : 'Background')) {
    case 'Orphan':
      return [...own, ORPHAN];
    case 'Foreground':
      return [...own, FOREGROUND];
    case 'Background':
      return own;
  }
}

function isWaiting({ kind, metadata, spec }: KubeObject): boolean {
  const { finalizers = [] } = recordOf(spec) as { readonly finalizers?: readonly unknown[] };
  if (kind === 'Namespace' && finalizers.length > 0) return true;
  return (metadata.finalizers ?? []).length > 0 || (metadata.deletionGracePeriodSeconds ?? 0) > 0;
}

function store(
  cluster: Cluster,
  resource: ServedResource,
  live: KubeObject,
  marked: KubeObject,
  dryRun: boolean,
): KubeObject {
  if (dryRun || marked === live) return marked;
  const { namespace, name } = live.metadata;
  const before = cluster.store.get(resource.storageKey, namespace, name);
  return toServed(cluster.store.replace(resource.storageKey, toStored(marked, before)), resource);
}

function withVersionOf(object: KubeObject, { metadata }: KubeObject): KubeObject {
  const { resourceVersion } = metadata;
  return {
    ...object,
    metadata: { ...object.metadata, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
  };
}

function objectReply(object: KubeObject): Reply {
  return { kind: 'object', status: 200, object };
}

function statusReply({ group, resource }: ServedResource, { metadata }: KubeObject): Reply {
  const { name, uid } = metadata;
  const details = {
    name,
    ...(group === '' ? {} : { group }),
    kind: resource,
    ...(uid === undefined ? {} : { uid }),
  };
  const object = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
  return { kind: 'status', status: 200, object };
}
