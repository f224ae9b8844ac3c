import { apiVersionOf } from '../api/resource.ts';
import { readObject } from './body.ts';
import { fieldInvalid, invalid, notFound } from './errors.ts';
import { liveObject } from './get.ts';
import { timestamp } from './identity.ts';
import { recordOf, textOf } from './json-errors.ts';
import { managersOfSpec } from './managers.ts';
import type { Cluster, Reply, ResourceRequest } from './request.ts';
import { readWriteOptions } from './write-options.ts';

const TOKEN_REQUEST = {
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'TokenRequest',
  isCustom: false,
};

const DEFAULT_SECONDS = 3600;
const MIN_SECONDS = 600;
const MAX_SECONDS = 2 ** 32;
const AUDIENCES = ['https://kubernetes.default.svc'];

/**
 * Issues a token of a service account. As from the real server, a dry run issues one too.
 *
 * @throws ApiError 404 for the account and the object that the token is bound to; 400, 422 for the body
 */
export async function issueToken(cluster: Cluster, request: ResourceRequest): Promise<Reply> {
  const { name, namespace = '' } = request;
  const options = readWriteOptions(request, 'CreateOptions');
  const account = liveObject(cluster, request);
  const { value } = readObject(cluster, request, TOKEN_REQUEST);
  const sentName = recordOf(value['metadata'])['name'];
  if (sentName !== undefined && sentName !== '' && sentName !== name) {
    const error = fieldInvalid('metadata.name', sentName, 'must match the service account name if specified');
    throw invalid(TOKEN_REQUEST, name, [error]);
  }
  const spec = recordOf(value['spec']);
  const seconds = lifetime(spec['expirationSeconds']);
  const bound = spec['boundObjectRef'] ?? null;
  if (bound !== null) checkBound(cluster, namespace, recordOf(bound));
  const audiences =
    Array.isArray(spec['audiences']) && spec['audiences'].length > 0 ? spec['audiences'] : AUDIENCES;
  const expiresAt = cluster.clock.now() + seconds * 1000;
  const { uid = '' } = account.metadata;
  const object = {
    kind: TOKEN_REQUEST.kind,
    apiVersion: apiVersionOf(TOKEN_REQUEST),
    metadata: {
      name,
      namespace,
      uid,
      creationTimestamp: timestamp(cluster.clock),
      ...managersOfSpec({ cluster, request, options }, TOKEN_REQUEST, {
        ...spec,
        expirationSeconds: seconds,
      }),
    },
    spec: { audiences, expirationSeconds: seconds, boundObjectRef: bound },
    status: {
      token: cluster.access.issueServiceAccountToken(namespace, name, expiresAt),
      expirationTimestamp: timestamp(cluster.clock, seconds),
    },
  };
  return { kind: 'object', status: 201, object };
}

/** @throws ApiError 422 */
function lifetime(value: unknown): number {
  const seconds = value ?? DEFAULT_SECONDS;
  const refuse = (why: string): Error =>
    invalid(TOKEN_REQUEST, '', [fieldInvalid('spec.expirationSeconds', seconds, why)]);
  if (typeof seconds !== 'number' || seconds < MIN_SECONDS)
    throw refuse('may not specify a duration less than 10 minutes');
  if (seconds > MAX_SECONDS) throw refuse('may not specify a duration larger than 2^32 seconds');
  return seconds;
}

function checkBound(
  { store, registry }: Cluster,
  namespace: string,
  reference: Readonly<Record<string, unknown>>,
): void {
  const { kind, apiVersion, name } = reference;
  const resource = registry.findKind(textOf(apiVersion) || 'v1', textOf(kind));
  const isBindable = resource !== undefined && ['Node', 'Pod', 'Secret'].includes(resource.kind);
  if (!isBindable) {
    const why = 'supported kinds: Pod, Secret, Node';
    throw invalid(TOKEN_REQUEST, '', [fieldInvalid('spec.boundObjectRef', textOf(kind), why)]);
  }
  const place = resource.namespaced ? namespace : undefined;
  if (store.get(resource.storageKey, place, textOf(name)) === undefined)
    throw notFound(resource, textOf(name));
}
