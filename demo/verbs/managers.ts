import type { KubeObject, ManagedFieldsEntry } from '../api/object.ts';
import { apiVersionOf } from '../api/resource.ts';
import type { FieldWrite } from '../fields/fields.ts';
import type { BodyKind } from './body.ts';
import { timestamp } from './identity.ts';
import type { Cluster, ResourceRequest } from './request.ts';
import type { WriteOptions } from './write-options.ts';

/** A write on its way, whatever its verb. */
export interface Write {
  readonly cluster: Cluster;
  readonly request: ResourceRequest;
  readonly options: WriteOptions;
  /** An apply has already settled who manages which field. */
  readonly isApply?: boolean;
}

/**
 * Who writes what, for the managed fields.
 *
 * @param of the kind that is written. Default: that of the request's resource
 */
export function fieldWrite(
  { cluster, request, options }: Write,
  of: BodyKind = request.resource,
): FieldWrite {
  const { subresource } = request;
  return {
    source: cluster.schemas,
    schema: cluster.schemas.schemaOf(of),
    apiVersion: apiVersionOf(of),
    manager: options.manager,
    time: timestamp(cluster.clock),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

/** The managed fields of an answer that is not stored: its spec is the client's. */
export function managersOfSpec(
  write: Write,
  of: BodyKind,
  spec: Readonly<Record<string, unknown>>,
): { readonly managedFields?: readonly ManagedFieldsEntry[] } {
  const next: KubeObject = { apiVersion: apiVersionOf(of), kind: of.kind, metadata: { name: '' }, spec };
  const { managedFields } = write.cluster.fields.update({
    ...fieldWrite(write, of),
    live: undefined,
    next,
  }).metadata;
  return managedFields === undefined ? {} : { managedFields };
}
