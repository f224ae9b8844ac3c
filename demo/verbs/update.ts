import type { KubeObject } from '../api/object.ts';
import { ApiError } from '../api/status.ts';
import { readObject } from './body.ts';
import { toServed } from './convert.ts';
import { createObject } from './create.ts';
import { badRequest, conflict, fieldInvalid, invalid, modified, notFound } from './errors.ts';
import { preparedObject } from './prepared.ts';
import type { Cluster, Reply, ResourceRequest } from './request.ts';
import { saveChange } from './save.ts';
import { strategyOf } from './strategy.ts';
import { readWriteOptions } from './write-options.ts';

/**
 * Replaces an object, or its status.
 *
 * @throws ApiError 404; 409 for a resourceVersion or uid that is not the object's; 400, 415, 422 for the body
 */
export async function update(cluster: Cluster, request: ResourceRequest): Promise<Reply> {
  const { resource, warn } = request;
  const options = readWriteOptions(request, 'UpdateOptions');
  const sent = readObject(cluster, request, resource);
  const { fieldValidation } = options;
  const object = preparedObject({ cluster, of: resource, sent, fieldValidation, warn });
  const write = { cluster, request, options };
  checkTarget(request, object);
  const stored = cluster.store.get(resource.storageKey, request.namespace, request.name);
  if (stored === undefined) {
    if (!strategyOf(resource).createsOnUpdate || request.subresource !== undefined) {
      throw notFound(resource, request.name);
    }
    return { kind: 'object', status: 201, object: createObject(write, object) };
  }
  checkUid(request, object, stored);
  checkVersion(request, object, stored);
  return { kind: 'object', status: 200, object: saveChange(write, toServed(stored, resource), object) };
}

/** The object must be the one in the URL. @throws ApiError 400 */
export function checkTarget({ name, namespace }: ResourceRequest, { metadata }: KubeObject): void {
  if (metadata.name === '') {
    throw badRequest(
      `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
    );
  }
  if (metadata.name !== name) {
    throw badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${name})`,
    );
  }
  if (metadata.namespace !== undefined && metadata.namespace !== '' && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
}

/** @throws ApiError 409, with the key of storage as the real server shows it */
function checkUid(
  { resource, namespace, name }: ResourceRequest,
  { metadata }: KubeObject,
  live: KubeObject,
): void {
  const { uid } = live.metadata;
  if (metadata.uid === undefined || metadata.uid === '' || metadata.uid === uid) return;
  const group = resource.isCustom ? `${resource.group}/` : '';
  const key = [
    '/registry',
    `${group}${resource.resource}`,
    ...(namespace === undefined ? [] : [namespace]),
    name,
  ];
  const why = `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${uid}`;
  const problem = `StorageError: invalid object, Code: 4, Key: ${key.join('/')}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`;
  throw conflict({ group: resource.group, kind: resource.resource }, name, problem);
}

/** @throws ApiError 409 for another version, 422 where one is needed, 500 for one that is no number */
export function checkVersion(
  { resource, name }: ResourceRequest,
  { metadata }: KubeObject,
  live: KubeObject,
): void {
  const { resourceVersion = '' } = metadata;
  if (resourceVersion === '' || resourceVersion === '0') {
    if (strategyOf(resource).updatesUnconditionally) return;
    const error = fieldInvalid('metadata.resourceVersion', 0, 'must be specified for an update');
    throw invalid({ group: resource.group, kind: resource.resource }, name, [error]);
  }
  if (!/^\d+$/.test(resourceVersion)) {
    throw new ApiError(500, `strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`);
  }
  if (resourceVersion !== live.metadata.resourceVersion) throw modified(resource, name);
}
