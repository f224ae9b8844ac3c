import { isJsonObject, tryParseJson } from '../util/json.ts';
import type { Code } from './codes.ts';
import { KubegraphError, type KubernetesFailure } from './kubegraph-error.ts';
import { safeDetails, safeMessage } from './redact.ts';

/** Text bodies (a dead aggregated API, a mux 404, a proxy's HTML) are cut to this many characters. */
const MAX_TEXT_LENGTH = 2048;

/** Reasons that decide the code whatever the HTTP status. ServerTimeout, for one, comes as 500. */
const CODE_BY_REASON: Readonly<Record<string, Code>> = {
  Unauthorized: 'UNAUTHENTICATED',
  Forbidden: 'FORBIDDEN',
  NotFound: 'NOT_FOUND',
  AlreadyExists: 'ALREADY_EXISTS',
  Conflict: 'CONFLICT',
  Gone: 'EXPIRED',
  Expired: 'EXPIRED',
  Invalid: 'INVALID',
  ServerTimeout: 'UNAVAILABLE',
  Timeout: 'TIMEOUT',
  TooManyRequests: 'TOO_MANY_REQUESTS',
  BadRequest: 'BAD_REQUEST',
  MethodNotAllowed: 'METHOD_NOT_ALLOWED',
  UnsupportedMediaType: 'UNSUPPORTED_MEDIA_TYPE',
  RequestEntityTooLarge: 'REQUEST_TOO_LARGE',
  ServiceUnavailable: 'UNAVAILABLE',
};

const CODE_BY_STATUS: Readonly<Record<number, Code>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  409: 'CONFLICT',
  410: 'EXPIRED',
  413: 'REQUEST_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  422: 'INVALID',
  429: 'TOO_MANY_REQUESTS',
  503: 'UNAVAILABLE',
  504: 'TIMEOUT',
};

/** Apply answers these as 500 without a reason, though only the caller can mend them. */
const USER_ERROR_IN_500 =
  /failed to create (?:typed patch object|manager for existing fields)|failed to convert new object|field not declared in schema/;

/**
 * The error for an answer of the API server whose status is not 2xx.
 *
 * @param body the whole body as text; a `Status` in JSON, or any other text.
 */
export function errorFromAnswer(status: number, body: string, retryAfter?: string): KubegraphError {
  const parsed = tryParseJson(body);
  if (isJsonObject(parsed) && parsed['kind'] === 'Status') return errorFromStatus(parsed, status, retryAfter);
  const text = body.trim().slice(0, MAX_TEXT_LENGTH);
  const isPlain = text !== '' && !text.startsWith('<') && !text.startsWith('{');
  const message = isPlain ? text : `the API server answered ${status}`;
  return new KubegraphError(codeFor(undefined, status, message), message, {
    kubernetes: { code: status, ...retryAfterMember(undefined, retryAfter) },
  });
}

/**
 * The error for a `Status` object, which comes as a body or inside a watch stream.
 *
 * @param httpStatus used when the Status has no `code` of its own.
 */
export function errorFromStatus(
  status: Readonly<Record<string, unknown>>,
  httpStatus = 500,
  retryAfter?: string,
): KubegraphError {
  const httpCode = typeof status['code'] === 'number' ? status['code'] : httpStatus;
  const reason =
    typeof status['reason'] === 'string' && status['reason'] !== '' ? status['reason'] : undefined;
  const original = typeof status['message'] === 'string' ? status['message'] : '';
  const details = isJsonObject(status['details']) ? status['details'] : undefined;
  const kubernetes: KubernetesFailure = {
    ...(reason === undefined ? {} : { reason }),
    code: httpCode,
    ...(details === undefined ? {} : { details: safeDetails(details) }),
    ...retryAfterMember(details?.['retryAfterSeconds'], retryAfter),
  };
  const message = safeMessage(original, details) || `the API server answered ${httpCode}`;
  return new KubegraphError(codeFor(reason, httpCode, original), message, { kubernetes });
}

function codeFor(reason: string | undefined, status: number, message: string): Code {
  const byReason = reason === undefined ? undefined : CODE_BY_REASON[reason];
  if (byReason !== undefined) return byReason;
  if (status === 500 && USER_ERROR_IN_500.test(message)) return 'INVALID';
  return CODE_BY_STATUS[status] ?? (status >= 400 && status < 500 ? 'BAD_REQUEST' : 'UPSTREAM_ERROR');
}

function retryAfterMember(inDetails: unknown, header: string | undefined): { retryAfterSeconds?: number } {
  const seconds = typeof inDetails === 'number' && inDetails > 0 ? inDetails : Number(header ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? { retryAfterSeconds: seconds } : {};
}
