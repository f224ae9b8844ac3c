import type { User } from '../verbs/request.ts';
import type { ServerContext } from './context.ts';
import { effectiveUser } from './impersonation.ts';
import { forbidden, unauthorized } from './refusals.ts';
import type { RequestInfo } from './request-info.ts';
import type { Credentials } from './users.ts';

export interface Visitor {
  readonly info: RequestInfo;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly certificate: Credentials['certificate'];
}

/**
 * Finds out who sends a request, and whether that user may do what is asked.
 *
 * @throws ApiError 401, 403, and 400 for impersonation that makes no sense.
 */
export function admit({ access, clock }: ServerContext, { certificate, headers, info }: Visitor): User {
  const authorization = typeof headers['authorization'] === 'string' ? headers['authorization'] : undefined;
  const sender = access.users.authenticate({ authorization, certificate }, clock.now());
  if (sender === undefined) throw unauthorized();
  const user = effectiveUser(access, sender, headers, info);
  if (!mayDo(access, user, info)) throw forbidden(user, info);
  return user;
}

/** @param verb where it is not the request's own. */
export function mayDo(
  access: ServerContext['access'],
  user: User,
  info: RequestInfo,
  verb = info.verb,
): boolean {
  return access.authorize(user, { ...info, verb }).allowed;
}
