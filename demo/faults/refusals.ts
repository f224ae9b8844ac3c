import { ApiError } from '../api/status.ts';
import { textAnswer, type Answer } from '../http/answer.ts';

type Code = 410 | 429 | 500 | 503;

/** What a real server says with these codes. */
const STATUSES: Readonly<Record<Code, { readonly reason: string; readonly message: string }>> = {
  410: { reason: 'Expired', message: 'The resourceVersion for the provided watch is too old.' },
  429: { reason: 'TooManyRequests', message: 'Too many requests, please try again later.' },
  500: { reason: 'InternalError', message: 'Internal error occurred: etcdserver: leader changed' },
  503: { reason: 'ServiceUnavailable', message: 'apiserver is shutting down' },
};

/** What stands in front of a real server says, and what its filters say before there is a Status. */
const TEXTS: Readonly<Record<Code, string>> = {
  410: 'Gone\n',
  429: 'Too many requests, please try again later.\n',
  500: 'This request caused apiserver to panic. Look in the logs for details.\n',
  503: 'upstream connect error or disconnect/reset before headers. reset reason: connection termination',
};

export interface Refusal {
  readonly code: Code;
  readonly as?: 'status' | 'text';
  readonly retryAfterSeconds?: number;
}

export function refusalAnswer({ code, as = 'status', retryAfterSeconds }: Refusal): Answer {
  const retryAfter = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  if (as === 'text') {
    const answer = textAnswer(code, TEXTS[code]);
    return { ...answer, headers: { ...answer.headers, ...retryAfter } };
  }
  return {
    status: code,
    headers: { 'content-type': 'application/json', ...retryAfter },
    body: Buffer.from(`${JSON.stringify(statusOf(code, retryAfterSeconds))}\n`),
  };
}

/** The line of an ERROR event. */
export function errorLine(code: Code): Buffer {
  return eventLine(statusOf(code));
}

/** How a watch answers from a server that has not got to its position. */
export function behindLine(position: string): Buffer {
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }];
  const details = { causes, retryAfterSeconds: 1 };
  const message = `Timeout: Too large resource version: ${position}, current: 1`;
  return eventLine(new ApiError(504, message, { reason: 'Timeout', details }).toStatus());
}

function statusOf(code: Code, retryAfterSeconds?: number): Readonly<Record<string, unknown>> {
  const { message, reason } = STATUSES[code];
  const details = retryAfterSeconds === undefined ? {} : { details: { retryAfterSeconds } };
  return new ApiError(code, message, { reason, ...details }).toStatus();
}

function eventLine(status: Readonly<Record<string, unknown>>): Buffer {
  return Buffer.from(`${JSON.stringify({ type: 'ERROR', object: status })}\n`);
}
