import { printJson } from '../../api/json.ts';
import { readObject } from '../body.ts';
import type { AccessAttributes } from '../authorization.ts';
import { fieldInvalid } from '../errors.ts';
import { isRecord, recordOf, textOf } from '../json-errors.ts';
import { managersOfSpec } from '../managers.ts';
import { readWriteOptions } from '../write-options.ts';
import type { Cluster, Reply, ResourceRequest, User } from '../request.ts';
import type { FieldError } from '../../schema/schema.ts';
import { refuse, reviewReply } from './review.ts';

/** Whether the client may do something. @throws ApiError 400, 422 */
export function selfSubjectAccessReview(cluster: Cluster, request: ResourceRequest): Reply {
  return accessReview(cluster, request, () => request.user);
}

/** Whether somebody else may do something. @throws ApiError 400, 422 */
export function subjectAccessReview(cluster: Cluster, request: ResourceRequest): Reply {
  return accessReview(cluster, request, (spec) => {
    const groups = Array.isArray(spec['groups']) ? spec['groups'].map(String) : [];
    return { name: textOf(spec['user']), groups };
  });
}

function accessReview(
  cluster: Cluster,
  request: ResourceRequest,
  subjectOf: (spec: Readonly<Record<string, unknown>>) => User,
): Reply {
  const { resource, namespace } = request;
  const options = readWriteOptions(request, 'CreateOptions');
  const { value } = readObject(cluster, request, resource);
  const spec = recordOf(value['spec']);
  const subject = subjectOf(spec);
  refuse(resource, [
    ...attributeErrors(spec),
    ...(subject.name === '' && subject.groups.length === 0
      ? [fieldInvalid('spec.user', '', 'at least one of user or group must be specified')]
      : []),
    ...metadataErrors(recordOf(value['metadata']), namespace),
    ...namespaceErrors(spec, namespace),
  ]);
  const decision = cluster.access.authorize(subject, attributesOf(spec));
  const managers = managersOfSpec({ cluster, request, options }, resource, spec);
  const metadata = { ...(namespace === undefined ? {} : { namespace }), ...managers };
  return reviewReply(resource, { metadata, spec, status: decision });
}

function attributeErrors({
  resourceAttributes,
  nonResourceAttributes,
}: Readonly<Record<string, unknown>>): readonly FieldError[] {
  if (isRecord(resourceAttributes) && isRecord(nonResourceAttributes)) {
    // Shown as the server's own type has it, with its field names.
    const { path = '', verb = '' } = nonResourceAttributes;
    const shown = printJson({ Path: path, Verb: verb });
    const message = `Invalid value: ${shown}: cannot be specified in combination with resourceAttributes`;
    return [{ reason: 'FieldValueInvalid', field: 'spec.nonResourceAttributes', message }];
  }
  if (isRecord(resourceAttributes) || isRecord(nonResourceAttributes)) return [];
  const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
  return [fieldInvalid('spec.resourceAttributes', null, why)];
}

function metadataErrors(
  sent: Readonly<Record<string, unknown>>,
  namespace: string | undefined,
): readonly FieldError[] {
  const metadata = Object.fromEntries(Object.entries(sent).filter(([key]) => key !== 'namespace'));
  if (Object.keys(metadata).length === 0) return [];
  const except = namespace === undefined ? '' : ' except for namespace';
  const message = `Invalid value: ${printJson(metadata)}: must be empty${except}`;
  return [{ reason: 'FieldValueInvalid', field: 'metadata', message }];
}

/** A local review is about its own namespace. */
function namespaceErrors(
  spec: Readonly<Record<string, unknown>>,
  namespace: string | undefined,
): readonly FieldError[] {
  if (namespace === undefined || !isRecord(spec['resourceAttributes'])) return [];
  const asked = spec['resourceAttributes']['namespace'] ?? '';
  if (asked === namespace) return [];
  return [fieldInvalid('spec.resourceAttributes.namespace', asked, 'must match metadata.namespace')];
}

function attributesOf(spec: Readonly<Record<string, unknown>>): AccessAttributes {
  if (isRecord(spec['nonResourceAttributes'])) {
    const { verb, path } = spec['nonResourceAttributes'];
    return { kind: 'path', verb: textOf(verb), path: textOf(path) };
  }
  const { verb, group, version, resource, subresource, namespace, name } = recordOf(
    spec['resourceAttributes'],
  );
  return {
    kind: 'resource',
    verb: textOf(verb),
    group: textOf(group),
    version: textOf(version),
    resource: textOf(resource),
    subresource: textOf(subresource),
    namespace: textOf(namespace),
    name: textOf(name),
  };
}
