import { KubegraphError } from '../../errors/kubegraph-error.ts';
import { version } from '../../util/version.ts';
import type { Credential } from '../credentials/credential.ts';
import type { Impersonation } from '../kubeconfig/target.ts';
import type { UpstreamRequest } from '../upstream.ts';

/** Headers as undici takes them: a list means that the header is sent once for each value. */
export type RequestHeaders = Readonly<Record<string, string | string[]>>;

export const USER_AGENT = `kubegraph/${version}`;

/**
 * All headers of a request: a list of ours, to which the caller contributes values but never names.
 *
 * @throws KubegraphError BAD_USER_INPUT for a value that is not one header value.
 */
export function requestHeaders(
  request: UpstreamRequest,
  credential: Credential,
  impersonation: Impersonation | undefined,
  acceptGzip: boolean,
): RequestHeaders {
  const ifNoneMatch = request.headers?.['if-none-match'];
  return {
    accept: checked(request.accept ?? 'application/json'),
    'user-agent': USER_AGENT,
    ...(acceptGzip ? { 'accept-encoding': 'gzip' } : {}),
    ...(request.body === undefined ? {} : { 'content-type': checked(request.body.contentType) }),
    ...(ifNoneMatch === undefined ? {} : { 'if-none-match': checked(ifNoneMatch) }),
    ...identityHeaders(credential, impersonation),
  };
}

/** Those that say whose request it is. */
export function identityHeaders(
  { authorization }: Credential,
  impersonation: Impersonation | undefined,
): RequestHeaders {
  return {
    ...(authorization === undefined ? {} : { authorization: authorization.reveal() }),
    ...(impersonation === undefined ? {} : impersonationHeaders(impersonation)),
  };
}

/**
 * Whether these headers can go over HTTP/2: undici joins the values of a header with commas there, and `a, b` would be
 * one group.
 */
export function fitsHttp2(impersonation: Impersonation | undefined): boolean {
  if (impersonation === undefined) return true;
  return (
    impersonation.groups.length <= 1 &&
    [...impersonation.extra.values()].every((values) => values.length <= 1)
  );
}

function impersonationHeaders({ user, uid, groups, extra }: Impersonation): RequestHeaders {
  return {
    'impersonate-user': asBytes(user),
    ...(uid === undefined ? {} : { 'impersonate-uid': asBytes(uid) }),
    ...(groups.length === 0 ? {} : { 'impersonate-group': groups.map(asBytes) }),
    ...Object.fromEntries(
      [...extra]
        .filter(([, values]) => values.length > 0)
        .map(([key, values]) => [`impersonate-extra-${escapeKey(key)}`, values.map(asBytes)]),
    ),
  };
}

/** The API server reads UTF-8; Node writes each character of a header as one byte. */
function asBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Percent-encodes every byte that a header name cannot have, and `%` itself: the API server decodes it. */
function escapeKey(key: string): string {
  return [...Buffer.from(key, 'utf8')]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9!#$&'*+\-.^_`|~]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

function checked(value: string): string {
  if (/^[\x20-\x7e]+$/.test(value)) return value;
  throw new KubegraphError('BAD_USER_INPUT', 'a header value has line breaks or characters outside ASCII');
}
