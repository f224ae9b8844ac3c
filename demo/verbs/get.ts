import type { KubeObject } from '../api/object.ts';
import { toServed } from './convert.ts';
import { notFound } from './errors.ts';
import type { Cluster, Reply, ResourceRequest } from './request.ts';
import { readRevision, waitForRevision } from './revisions.ts';

/**
 * Answers one object.
 *
 * @throws ApiError 404; 500 for a resourceVersion that is no number, 504 for one that does not come
 */
export async function get(cluster: Cluster, request: ResourceRequest): Promise<Reply> {
  await waitUntilFresh(cluster, request);
  return { kind: 'object', status: 200, object: liveObject(cluster, request) };
}

/** A read must be at least as new as the resourceVersion it names. */
export async function waitUntilFresh(cluster: Cluster, { query }: ResourceRequest): Promise<void> {
  const resourceVersion = query.get('resourceVersion') ?? '';
  if (resourceVersion !== '') await waitForRevision(cluster, readRevision(resourceVersion));
}

/** The object that a request names, in the version it asks for. Throws ApiError 404. */
export function liveObject(cluster: Cluster, request: ResourceRequest): KubeObject {
  const { resource, namespace, name } = request;
  const object = cluster.store.get(resource.storageKey, namespace, name);
  if (object === undefined) throw notFound(resource, name);
  return toServed(object, resource);
}
