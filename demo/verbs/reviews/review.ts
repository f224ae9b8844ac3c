import { apiVersionOf, type ServedResource } from '../../api/resource.ts';
import type { FieldError } from '../../schema/schema.ts';
import { invalid } from '../errors.ts';
import type { Reply, User } from '../request.ts';

/** The answer to a question that is asked by creating an object; nothing is stored. */
export function reviewReply(resource: ServedResource, members: Readonly<Record<string, unknown>>): Reply {
  const object = { kind: resource.kind, apiVersion: apiVersionOf(resource), metadata: {}, ...members };
  return { kind: 'object', status: 201, object };
}

/** As reviews show a user. */
export function userInfo({ name, groups, uid = name, extra }: User): Readonly<Record<string, unknown>> {
  return { username: name, uid, groups, ...(extra === undefined ? {} : { extra }) };
}

/** @throws ApiError 422; the real server names the group and no kind */
export function refuse({ group }: ServedResource, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid({ group, kind: '' }, '', errors);
}
