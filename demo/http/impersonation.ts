import type { ApiError } from '../api/status.ts';
import type { Access } from '../verbs/authorization.ts';
import type { User } from '../verbs/request.ts';
import { FilterError, forbidden } from './refusals.ts';
import type { RequestInfo } from './request-info.ts';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * The user that a request wants to be taken for: the sender, unless `Impersonate-User` says otherwise and the sender may
 * `impersonate` that user and those groups. Uid and extra are not looked at.
 *
 * @throws ApiError 400 for groups without a user, 403.
 */
export function effectiveUser(access: Access, sender: User, headers: Headers, info: RequestInfo): User {
  const name = textsOf(headers['impersonate-user'])[0] ?? '';
  const groups = textsOf(headers['impersonate-group']);
  if (name === '' && groups.length === 0) return sender;
  if (name === '') throw new FilterError(400, nobody(groups), { reason: 'BadRequest' });
  const isAllowed =
    mayImpersonate(access, sender, 'users', name) &&
    groups.every((group) => mayImpersonate(access, sender, 'groups', group));
  if (!isAllowed) throw refusal(sender, info);
  const isAnonymous = name === 'system:anonymous';
  return {
    name,
    groups: [...new Set([...groups, isAnonymous ? 'system:unauthenticated' : 'system:authenticated'])],
  };
}

/** The real server prints its own type here. */
function nobody(groups: readonly string[]): string {
  const list = groups.map((group) => JSON.stringify(group)).join(', ');
  return `requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string{${list}}, Extra:map[string][]string(nil)} without impersonating a user name`;
}

function mayImpersonate(access: Access, sender: User, resource: 'users' | 'groups', name: string): boolean {
  const attributes = {
    verb: 'impersonate',
    group: '',
    version: 'v1',
    resource,
    subresource: '',
    namespace: '',
    name,
  };
  return access.authorize(sender, { kind: 'resource', ...attributes }).allowed;
}

/** Since 1.36 it names the verb that would allow just this request. */
function refusal(sender: User, info: RequestInfo): ApiError {
  return forbidden(sender, info, `impersonate-on:user-info:${info.verb}`);
}

/** Node joins repeated headers of most names with a comma. */
function textsOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  const texts = typeof value === 'string' ? value.split(',') : value;
  return texts.map((each) => each.trim()).filter((each) => each !== '');
}
