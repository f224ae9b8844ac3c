import { RETRIES } from '../timeouts.ts';
import type { FailureKind } from './failures.ts';

/** How one attempt ended. */
export type Attempt =
  | { readonly kind: 'answer'; readonly status: number; readonly retryAfter: string | undefined }
  | {
      readonly kind: 'failure';
      readonly failure: FailureKind;
      /** Whether anything of the request may have reached the server. */
      readonly isSent: boolean;
    };

export interface RetryContext {
  readonly isRead: boolean;
  /** An eviction's 429 is a decision about pods, not about load. */
  readonly isEviction: boolean;
  /** How many attempts there have been; at least 1. */
  readonly attempts: number;
  readonly remainingMs: number;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: number;
}

/**
 * How long to wait before the next attempt, in milliseconds; undefined to leave it at this one.
 *
 *                                    read                  write
 *   429 with Retry-After             again                 again
 *   503, 504 with Retry-After        again                 leave
 *   no connection (refused, reset)   again, backing off    again, backing off
 *   connection lost after sending    again, backing off    leave: it may have worked
 *   everything else                  leave                 leave
 *
 * A wait that does not fit into the deadline is not begun.
 */
export function waitBeforeRetry(attempt: Attempt, context: RetryContext): number | undefined {
  if (context.attempts >= RETRIES.maxAttempts) return undefined;
  const wait =
    attempt.kind === 'answer' ? waitAfterAnswer(attempt, context) : waitAfterFailure(attempt, context);
  return wait !== undefined && wait < context.remainingMs ? wait : undefined;
}

function waitAfterAnswer(
  { status, retryAfter }: Extract<Attempt, { kind: 'answer' }>,
  { isRead, isEviction }: RetryContext,
): number | undefined {
  const isInvited = (status === 429 && !isEviction) || (isRead && (status === 503 || status === 504));
  // Kubernetes writes seconds, never a date.
  if (!isInvited || retryAfter === undefined || !/^\d{1,6}$/.test(retryAfter)) return undefined;
  const wait = Number(retryAfter) * 1000;
  return wait <= RETRIES.maxRetryAfterMs ? wait : undefined;
}

function waitAfterFailure(
  { failure, isSent }: Extract<Attempt, { kind: 'failure' }>,
  { isRead, attempts, random }: RetryContext,
): number | undefined {
  if (failure !== 'connection' || (isSent && !isRead)) return undefined;
  return random * Math.min(RETRIES.capMs, RETRIES.baseMs * 2 ** attempts);
}
