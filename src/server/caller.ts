import type { IncomingMessage } from 'node:http';
import { bearerIdentity, type Identity, KUBECONFIG_IDENTITY } from '../cluster/identity.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import type { AuthMode } from './options.ts';

/** Tokens are visible ASCII; a service account's has about a thousand characters. */
const BEARER = /^Bearer +([\x21-\x7e]{1,16384})$/i;

/**
 * Who a request acts as.
 *
 * In passthrough mode it is whoever holds the token in `Authorization`, and without one nothing goes upstream: throws
 * UNAUTHENTICATED. The gateway never falls back to credentials of its own.
 *
 * @param authorization the header's value, or null. Several headers arrive joined by a comma, which no token has.
 */
export function callerOf(mode: AuthMode, authorization: string | null): Identity {
  if (mode === 'kubeconfig') return KUBECONFIG_IDENTITY;
  const token = BEARER.exec(authorization?.trim() ?? '')?.[1];
  if (token === undefined || token.includes(',')) {
    throw new KubegraphError(
      'UNAUTHENTICATED',
      'send your Kubernetes token as "Authorization: Bearer TOKEN"',
    );
  }
  return bearerIdentity(token);
}

/** As the API server takes it from browsers. */
const BEARER_PROTOCOL = 'base64url.bearer.authorization.k8s.io.';

/**
 * Who a request acts as that may ask to be upgraded: browsers cannot set headers then, and hand over the token among the protocols.
 * Throws as `callerOf` does.
 */
export function upgradingCallerOf(mode: AuthMode, { headers }: Pick<IncomingMessage, 'headers'>): Identity {
  return callerOf(mode, headers.authorization ?? (headers.upgrade && authorizationIn(headers)) ?? null);
}

function authorizationIn({
  'sec-websocket-protocol': protocols = '',
}: IncomingMessage['headers']): string | undefined {
  const offered = protocols.split(',').map((protocol) => protocol.trim());
  const encoded = offered.find((protocol) => protocol.startsWith(BEARER_PROTOCOL));
  if (encoded === undefined) return undefined;
  return `Bearer ${Buffer.from(encoded.slice(BEARER_PROTOCOL.length), 'base64url').toString('latin1')}`;
}
