import { toServed } from './convert.ts';
import { removeObject } from './delete.ts';
import { readDeleteOptions } from './delete-options.ts';
import { readPage } from './list.ts';
import type { Cluster, Reply, ResourceRequest } from './request.ts';

/**
 * Deletes the objects of a page one by one, and answers them as they were. The first that cannot be deleted ends it; those
 * before it stay deleted.
 *
 * @throws ApiError as lists and deletions do
 */
export async function removeCollection(cluster: Cluster, request: ResourceRequest): Promise<Reply> {
  const { resource } = request;
  const options = readDeleteOptions(request);
  const page = await readPage(cluster, request);
  const objects = page.objects.map((object) => toServed(object, resource));
  for (const { metadata } of objects) {
    const live = cluster.store.get(resource.storageKey, metadata.namespace, metadata.name);
    // A page of an old revision may name what is gone by now.
    if (live !== undefined) removeObject(cluster, request, toServed(live, resource), options);
  }
  return { kind: 'list', resource, objects, metadata: page.metadata };
}
