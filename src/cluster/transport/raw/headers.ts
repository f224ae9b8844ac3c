import type { IncomingHttpHeaders } from 'node:http';
import { KubegraphError } from '../../../errors/kubegraph-error.ts';
import type { Credential } from '../../credentials/credential.ts';
import type { Impersonation } from '../../kubeconfig/target.ts';
import type { RawHeaders, RawRequest } from '../../raw.ts';
import { identityHeaders, type RequestHeaders, USER_AGENT } from '../headers.ts';

/** What a caller may say to the API server: what the request is about, and not whose it is or on which connection. */
const FROM_CALLER = [
  'accept',
  'content-encoding',
  'content-type',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-unmodified-since',
  'kubectl-command',
  'kubectl-session',
  'range',
  'x-stream-protocol-version',
] as const;

/** Only where the connection goes on in another protocol. */
const FROM_UPGRADER = ['sec-websocket-extensions', 'sec-websocket-key', 'sec-websocket-version'] as const;

/** What the API server may say to a caller. */
const TO_CALLER = new Set([
  'accept-ranges',
  'allow',
  'audit-id',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'date',
  'etag',
  'last-modified',
  'location',
  'retry-after',
  'sec-websocket-accept',
  'sec-websocket-extensions',
  'sec-websocket-protocol',
  'vary',
  'warning',
  'x-accepted-stream-protocol-versions',
  'x-content-type-options',
  'x-kubernetes-pf-flowschema-uid',
  'x-kubernetes-pf-prioritylevel-uid',
  'x-stream-protocol-version',
]);

/** A protocol by which browsers hand over a token: it is whose call it is. */
const TOKEN_PROTOCOL = /^base64url\.bearer\.authorization\.k8s\.io\./;

/** A token of RFC 9110, or `SPDY/3.1+portforward.k8s.io`. The API server trims more than we do: UTF-8's blanks, too. */
const PROTOCOL = /^[!#$%&'*+\-.^_`|~0-9A-Za-z/]+$/;

/** @throws KubegraphError BAD_USER_INPUT for a value that is not one header value. */
export function rawRequestHeaders(
  { headers, body }: RawRequest,
  credential: Credential,
  impersonation: Impersonation | undefined,
): RequestHeaders {
  const agent = headers['user-agent'];
  return {
    ...allowed(headers, FROM_CALLER),
    // Whoever does not say what it can decode gets what it was sent.
    'accept-encoding': checked(headers['accept-encoding'] ?? 'identity'),
    'user-agent': agent === undefined ? USER_AGENT : `${checked(agent)} ${USER_AGENT}`,
    ...lengthOf(headers, body !== undefined),
    ...identityHeaders(credential, impersonation),
  };
}

/**
 * Those of a request for another protocol.
 *
 * @param origin of the API server: it does not let a watch be read over WebSocket by somebody without one.
 */
export function upgradeHeaders(
  request: RawRequest,
  origin: string,
  credential: Credential,
  impersonation: Impersonation | undefined,
): RequestHeaders {
  const { headers } = request;
  const offered = protocolsIn(headers['sec-websocket-protocol']);
  return {
    ...rawRequestHeaders(request, credential, impersonation),
    ...allowed(headers, FROM_UPGRADER),
    ...(offered.length === 0 ? {} : { 'sec-websocket-protocol': offered.join(', ') }),
    origin,
  };
}

export function rawAnswerHeaders(headers: IncomingHttpHeaders): RawHeaders {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value !== undefined && TO_CALLER.has(name) ? [[name, value]] : [],
    ),
  );
}

function allowed(
  headers: IncomingHttpHeaders,
  names: readonly string[],
): Readonly<Record<string, string | string[]>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name];
      if (value === undefined) return [];
      return [[name, Array.isArray(value) ? value.map(checked) : checked(value)]];
    }),
  );
}

function lengthOf(
  { 'content-length': length }: IncomingHttpHeaders,
  hasBody: boolean,
): { readonly 'content-length'?: string } {
  return hasBody && length !== undefined && /^\d{1,15}$/.test(length) ? { 'content-length': length } : {};
}

function protocolsIn(header: string | undefined): readonly string[] {
  const names = (header ?? '').split(',').map((name) => name.trim());
  const offered = names.filter((name) => name !== '');
  if (!offered.every((name) => PROTOCOL.test(name)))
    throw new KubegraphError('BAD_USER_INPUT', 'a protocol has characters that no protocol has');
  return offered.filter((name) => !TOKEN_PROTOCOL.test(name));
}

function checked(value: string): string {
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return value;
  throw new KubegraphError('BAD_USER_INPUT', 'a header value has line breaks or other control characters');
}
