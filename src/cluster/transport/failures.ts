import { KubegraphError } from '../../errors/kubegraph-error.ts';
import { DEADLINES } from '../timeouts.ts';

/**
 * What went wrong before there was an answer.
 *
 *   connection   refused, reset or closed: may work at once on another connection
 *   unreachable  no way to the server, for a while at least
 *   tls          a handshake that fails again every time
 *   protocol     what came back is not HTTP
 *   defect       the request itself cannot be sent: a defect of ours
 */
export type FailureKind = 'connection' | 'unreachable' | 'tls' | 'protocol' | 'defect';

interface Failure {
  readonly kind: FailureKind;
  /** For people; without addresses. */
  readonly hint: string;
}

const CONNECTION: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused; check that the API server runs',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  UND_ERR_SOCKET: 'the connection was closed',
  // The agents were replaced between the choice of one and its use.
  UND_ERR_CLOSED: 'the connection was closed',
  UND_ERR_DESTROYED: 'the connection was closed',
  // HTTP/2: the stream was refused or the session went away.
  UND_ERR_INFO: 'the connection was closed',
  ERR_HTTP2_STREAM_ERROR: 'the connection was closed',
  ERR_HTTP2_SESSION_ERROR: 'the connection was closed',
  ERR_HTTP2_GOAWAY_SESSION: 'the connection was closed',
  ERR_HTTP2_INVALID_SESSION: 'the connection was closed',
};

const UNREACHABLE: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its host name does not resolve; check `server` in the kubeconfig',
  EAI_AGAIN: 'its host name cannot be resolved at the moment',
  ENETUNREACH: 'there is no route to its network',
  EHOSTUNREACH: 'there is no route to its host',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: `no connection within ${DEADLINES.connectMs / 1000} s; check network, VPN and proxy`,
};

const UNKNOWN_AUTHORITY =
  "the server's certificate is not signed by the certificate authority in the kubeconfig";

const TLS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "the server's certificate has expired",
  CERT_NOT_YET_VALID: "the server's certificate is not valid yet; check the clocks",
  ERR_TLS_CERT_ALTNAME_INVALID:
    "the server's certificate is for another name; set tls-server-name in the kubeconfig to one it has",
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS on this port; check `server` in the kubeconfig',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS on this port; check `server` in the kubeconfig',
};

/** What kind of failure an error of undici, Node's sockets or OpenSSL is. */
export function classify(error: unknown): Failure {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : '';
  if (code in CONNECTION) return { kind: 'connection', hint: CONNECTION[code] ?? '' };
  if (code in UNREACHABLE) return { kind: 'unreachable', hint: UNREACHABLE[code] ?? '' };
  if (code in TLS) return { kind: 'tls', hint: TLS[code] ?? '' };
  // undici says how a proxy answered CONNECT in words only.
  const proxyStatus = /^Proxy response \((\d{3})\)/.exec(message)?.[1];
  if (proxyStatus !== undefined) return { kind: 'unreachable', hint: `the proxy answered ${proxyStatus}` };
  if (/alert|ALERT/.test(code)) return { kind: 'tls', hint: alertHint(code) };
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code === 'EPROTO') {
    return { kind: 'tls', hint: 'the TLS handshake failed' };
  }
  if (
    isParserError(error) ||
    code === 'UND_ERR_HEADERS_OVERFLOW' ||
    code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'
  ) {
    return { kind: 'protocol', hint: 'what it sent is not a sound HTTP answer' };
  }
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') return { kind: 'defect', hint: '' };
  return { kind: 'unreachable', hint: 'the connection failed' };
}

/**
 * What may go into a log: undici's parser errors hold the bytes that they failed at, which may be anybody's Secret.
 */
export function withoutContent(error: unknown): unknown {
  return isParserError(error) ? new Error(`${error.name}: ${error.message}`) : error;
}

function isParserError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'HTTPParserError';
}

/** The error for a call that ends without an answer. */
export function failedCall(
  error: unknown,
  { isRead, isSent }: { isRead: boolean; isSent: boolean },
): KubegraphError {
  if (error instanceof KubegraphError) {
    const isOpen = error.code === 'TIMEOUT' && isSent && !isRead;
    return isOpen ? outcomeUnknown(error) : error;
  }
  const { kind, hint } = classify(error);
  if (kind === 'defect')
    return new KubegraphError('INTERNAL_ERROR', 'the request cannot be sent', { cause: error });
  // A server that ends the handshake has not read what came behind it.
  if (isSent && !isRead && kind !== 'tls') return outcomeUnknown(withoutContent(error));
  if (kind === 'protocol')
    return new KubegraphError('UPSTREAM_ERROR', `the API server failed: ${hint}`, { cause: error });
  return new KubegraphError('UNREACHABLE', `the API server is not reachable: ${hint}`, { cause: error });
}

function outcomeUnknown(cause: unknown): KubegraphError {
  return new KubegraphError(
    'OUTCOME_UNKNOWN',
    'the write was sent, but its answer got lost: it may or may not have happened. Read the object before trying again',
    { cause },
  );
}

function alertHint(code: string): string {
  if (code.includes('EXPIRED')) return 'the server says that the client certificate has expired';
  if (/UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_(?:UNKNOWN|REQUIRED|REVOKED)/.test(code)) {
    return 'the server does not accept the client certificate';
  }
  return 'the server ended the TLS handshake';
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  // Several addresses were tried: the first failure stands for all.
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return codeOf(error.cause);
}
