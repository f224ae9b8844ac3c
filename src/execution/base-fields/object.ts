import { apiVersionOf, type Resource } from '../../catalog/resource.ts';
import { pathOf } from '../../cluster/resource-path.ts';
import { KubegraphError } from '../../errors/kubegraph-error.ts';
import { pathSegment } from '../call.ts';
import { parseObjectId } from '../computed-fields.ts';
import { readOnce } from '../read-once.ts';
import type { BaseField } from './value.ts';

export const object: BaseField = async (context, responseName, args) => {
  const reference = parseObjectId(String(args['id']));
  const isMeant = (resource: Resource): boolean =>
    resource.group === reference.group &&
    resource.version === reference.version &&
    resource.resource === reference.resource;
  const resource = context.schema.names.resources.find(isMeant);
  if (resource === undefined) {
    throw new KubegraphError(
      'NOT_FOUND',
      `${reference.resource} of ${apiVersionOf(reference)} are not shown here, or no longer served`,
    );
  }
  const namespace = reference.namespace === '' ? undefined : pathSegment(reference.namespace, 'namespace');
  const path = pathOf(resource, namespace, pathSegment(reference.name, 'name'));
  const type = await context.schema.typeOf(resource, context.identity);
  const { body } = await readOnce(context, responseName, { path });
  return { json: body, type };
};
