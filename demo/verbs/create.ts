import type { KubeObject } from '../api/object.ts';
import type { ServedResource } from '../api/resource.ts';
import { ApiError } from '../api/status.ts';
import { readObject } from './body.ts';
import { toServed, toStored } from './convert.ts';
import { alreadyExists, badRequest, forbidden, invalid, NAMESPACES, notFound } from './errors.ts';
import { generatedName, newUid, timestamp } from './identity.ts';
import { fieldWrite, type Write } from './managers.ts';
import { completed, withImpliedLabels, withoutStatus } from './new-object.ts';
import { checkSize } from './object-size.ts';
import { finalizerErrors, newMetadataErrors, withDistinctOwners } from './object-meta.ts';
import { kindErrors, kindOf, preparedObject, schemaErrors } from './prepared.ts';
import type { Cluster, Reply, ResourceRequest } from './request.ts';
import { serviceAddressErrors } from './service-addresses.ts';
import { strategyOf } from './strategy.ts';
import { readWriteOptions } from './write-options.ts';

/**
 * Creates the object in the body.
 *
 * @throws ApiError 400, 415 for the body; 404, 403 for the namespace; 409 for a name that is taken; 422 for values
 */
export async function create(cluster: Cluster, request: ResourceRequest): Promise<Reply> {
  const { resource, warn } = request;
  const options = readWriteOptions(request, 'CreateOptions');
  const sent = readObject(cluster, request, resource);
  const { fieldValidation } = options;
  const object = preparedObject({ cluster, of: resource, sent, fieldValidation, warn });
  return { kind: 'object', status: 201, object: createObject({ cluster, request, options }, object) };
}

/** Creates `object`, which is complete but for what the server sets. */
export function createObject(write: Write, object: KubeObject): KubeObject {
  const { cluster, request } = write;
  const { resource, namespace } = request;
  checkDefinition(resource, object);
  const placed = inNamespace(object, namespace);
  checkNamespace(write, placed);
  if (placed.metadata.name !== '' || !placed.metadata.generateName) return createNamed(write, placed);
  for (let attempt = 1; ; attempt++) {
    const name = generatedName(placed.metadata.generateName, cluster.random);
    const isFree = cluster.store.get(resource.storageKey, namespace, name) === undefined;
    if (isFree) return createNamed(write, named(placed, name));
    if (attempt === MAX_NAME_ATTEMPTS) throw noUniqueName(write, name);
  }
}

/** A custom resource on its way out takes changes, so that finalizers can go, and nothing new. */
function checkDefinition(resource: ServedResource, { metadata }: KubeObject): void {
  if (resource.verbs.includes('create')) return;
  const why = 'create not allowed while custom resource definition is terminating';
  throw forbidden(resource, metadata.name, why);
}

const MAX_NAME_ATTEMPTS = 8;

function createNamed(write: Write, object: KubeObject): KubeObject {
  const { cluster, request, options, isApply = false } = write;
  const { store } = cluster;
  const { resource, warn } = request;
  const born = withIdentity(write, withoutStatus(withDistinctOwners(object, warn), resource));
  const owned = isApply ? born : withManagedFields(write, withImpliedLabels(born, resource));
  const whole = completed(owned, resource, cluster);
  checkValues(cluster, request, whole);
  const { namespace, name } = whole.metadata;
  if (object.metadata.resourceVersion !== undefined && !options.dryRun && !isApply) {
    throw new ApiError(500, 'resourceVersion should not be set on objects to be created');
  }
  const holder = store.get(resource.storageKey, namespace, name);
  if (holder !== undefined) {
    throw alreadyExists(
      resource,
      name,
      holder.metadata.deletionTimestamp === undefined ? '' : 'object is being deleted: ',
    );
  }
  const taken = serviceAddressErrors(cluster, whole, resource.storageKey);
  if (taken.length > 0) throw invalid(kindOf(whole), name, taken);
  checkSize(whole, request.body);
  return options.dryRun ? whole : toServed(store.insert(resource.storageKey, toStored(whole)), resource);
}

function withIdentity({ cluster, request, isApply }: Write, object: KubeObject): KubeObject {
  const {
    deletionTimestamp: _,
    deletionGracePeriodSeconds: __,
    managedFields,
    ...metadata
  } = object.metadata;
  return {
    ...object,
    metadata: {
      ...metadata,
      // What a client sends of them says nothing about an object that is not there yet.
      ...(isApply === true && managedFields !== undefined ? { managedFields } : {}),
      uid: newUid(cluster.random),
      creationTimestamp: timestamp(cluster.clock),
      ...(strategyOf(request.resource).hasGeneration ? { generation: 1 } : {}),
    },
  };
}

function withManagedFields(write: Write, next: KubeObject): KubeObject {
  return write.cluster.fields.update({ ...fieldWrite(write), live: undefined, next });
}

function inNamespace(object: KubeObject, namespace: string | undefined): KubeObject {
  const { namespace: sent = '', ...metadata } = object.metadata;
  if (namespace === undefined) {
    return sent === '' ? { ...object, metadata } : object;
  }
  if (sent !== '' && sent !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  return { ...object, metadata: { ...metadata, namespace } };
}

function named(object: KubeObject, name: string): KubeObject {
  return { ...object, metadata: { ...object.metadata, name } };
}

function checkNamespace({ cluster, request }: Write, { metadata }: KubeObject): void {
  const { resource, namespace } = request;
  if (namespace === undefined) return;
  const holder = cluster.store.get('/namespaces', undefined, namespace);
  if (holder === undefined) throw notFound(NAMESPACES, namespace);
  if (holder.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const message = `namespace ${namespace} is being terminated`;
  throw forbidden(resource, metadata.name, why, [
    { reason: 'NamespaceTerminating', message, field: 'metadata.namespace' },
  ]);
}

function checkValues(cluster: Cluster, { resource, warn }: ResourceRequest, object: KubeObject): void {
  const errors = [
    ...kindErrors(resource, object),
    ...newMetadataErrors(object.metadata, strategyOf(resource)),
    ...finalizerErrors(object.metadata, resource.isCustom, warn),
    ...schemaErrors(cluster, resource, object),
  ];
  if (errors.length > 0) throw invalid(kindOf(object), object.metadata.name, errors);
}

function noUniqueName({ request }: Write, name: string): Error {
  const { message, options } = alreadyExists(request.resource, name);
  return new ApiError(
    409,
    `${message}, the server was not able to generate a unique name for the object`,
    options,
  );
}
