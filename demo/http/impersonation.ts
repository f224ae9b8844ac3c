import type { ApiError } from '../api/status.ts';
import type { Access } from '../verbs/authorization.ts';
import type { User } from '../verbs/request.ts';
import { FilterError, forbidden } from './refusals.ts';
import type { RequestInfo } from './request-info.ts';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Whom a request wants to be taken for. */
interface Wanted {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/**
 * The user that a request wants to be taken for: the sender, unless `Impersonate-*` headers say otherwise and the sender may
 * `impersonate` that user, those groups, that uid and those extra values.
 *
 * @throws ApiError 400 for anything without a user, 403.
 */
export function effectiveUser(access: Access, sender: User, headers: Headers, info: RequestInfo): User {
  const wanted = wantedUser(headers);
  const { name, uid, groups, extra } = wanted;
  if (name === '') {
    if (groups.length === 0 && uid === '' && Object.keys(extra).length === 0) return sender;
    throw new FilterError(400, nobody(wanted), { reason: 'BadRequest' });
  }
  if (!mayImpersonate(access, sender, wanted)) throw refusal(sender, info);
  const isAnonymous = name === 'system:anonymous';
  return {
    name,
    groups: [...new Set([...groups, isAnonymous ? 'system:unauthenticated' : 'system:authenticated'])],
    ...(uid === '' ? {} : { uid }),
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  };
}

const EXTRA = 'impersonate-extra-';

function wantedUser(headers: Headers): Wanted {
  const extra = Object.entries(headers).flatMap(([header, value]) =>
    header.startsWith(EXTRA) ? [[decoded(header.slice(EXTRA.length)), textsOf(value)] as const] : [],
  );
  return {
    name: textsOf(headers['impersonate-user'])[0] ?? '',
    uid: textsOf(headers['impersonate-uid'])[0] ?? '',
    groups: textsOf(headers['impersonate-group']),
    extra: Object.fromEntries(extra),
  };
}

/** Names of headers cannot have a slash. */
function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** The real server prints its own type here. */
function nobody({ uid, groups, extra }: Wanted): string {
  const all = Object.entries(extra).map(([key, values]) => `${JSON.stringify(key)}:${goList(values)}`);
  const map = all.length === 0 ? '(nil)' : `{${all.join(', ')}}`;
  return `requested &user.DefaultInfo{Name:"", UID:${JSON.stringify(uid)}, Groups:${goList(groups)}, Extra:map[string][]string${map}} without impersonating a user name`;
}

function goList(texts: readonly string[]): string {
  if (texts.length === 0) return '[]string(nil)';
  return `[]string{${texts.map((each) => JSON.stringify(each)).join(', ')}}`;
}

function mayImpersonate(access: Access, sender: User, { name, uid, groups, extra }: Wanted): boolean {
  const may = (resource: string, of: string, group = '', subresource = ''): boolean => {
    const attributes = { verb: 'impersonate', version: 'v1', namespace: '', resource, group, subresource };
    return access.authorize(sender, { kind: 'resource', ...attributes, name: of }).allowed;
  };
  return (
    may('users', name) &&
    groups.every((group) => may('groups', group)) &&
    (uid === '' || may('uids', uid, AUTHENTICATION)) &&
    Object.entries(extra).every(([key, values]) =>
      values.every((value) => may('userextras', value, AUTHENTICATION, key)),
    )
  );
}

const AUTHENTICATION = 'authentication.k8s.io';

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
