import { describe, expect, test } from 'vitest';
import { type Attempt, type RetryContext, waitBeforeRetry } from '../../../src/cluster/transport/retry.ts';

const READ: RetryContext = { isRead: true, isEviction: false, attempts: 1, remainingMs: 30_000, random: 0.5 };
const WRITE: RetryContext = { ...READ, isRead: false };

function answer(status: number, retryAfter?: string): Attempt {
  return { kind: 'answer', status, retryAfter };
}

function failure(
  kind: 'connection' | 'unreachable' | 'tls' | 'protocol' | 'defect',
  isSent: boolean,
): Attempt {
  return { kind: 'failure', failure: kind, isSent };
}

describe('after an answer', () => {
  test.each([
    [429, '1', 1000, 1000],
    [429, '0', 0, 0],
    [429, undefined, undefined, undefined],
    [503, '1', 1000, undefined],
    [504, '1', 1000, undefined],
    [503, undefined, undefined, undefined],
    [500, '1', undefined, undefined],
    [502, '1', undefined, undefined],
    [200, '1', undefined, undefined],
    [409, '1', undefined, undefined],
    [429, '11', undefined, undefined],
    [429, '10', 10_000, 10_000],
    [429, '-1', undefined, undefined],
    [429, 'Wed, 21 Oct 2015 07:28:00 GMT', undefined, undefined],
  ])('%i with Retry-After %s waits %s for a read and %s for a write', (status, retryAfter, read, write) => {
    expect(waitBeforeRetry(answer(status, retryAfter), READ)).toBe(read);
    expect(waitBeforeRetry(answer(status, retryAfter), WRITE)).toBe(write);
  });

  test('the 429 of an eviction is an answer, not an invitation', () => {
    expect(waitBeforeRetry(answer(429, '1'), { ...WRITE, isEviction: true })).toBeUndefined();
  });
});

describe('after a failure', () => {
  test.each([
    ['connection', false, true, true],
    ['connection', true, true, false],
    ['unreachable', false, false, false],
    ['tls', false, false, false],
    ['protocol', true, false, false],
    ['defect', false, false, false],
  ] as const)('%s, sent: %s, reads go again: %s, writes: %s', (kind, isSent, read, write) => {
    expect(waitBeforeRetry(failure(kind, isSent), READ) !== undefined).toBe(read);
    expect(waitBeforeRetry(failure(kind, isSent), WRITE) !== undefined).toBe(write);
  });

  test('the wait doubles with full jitter up to its cap', () => {
    const waits = [1, 2, 3].map((attempts) =>
      waitBeforeRetry(failure('connection', false), { ...READ, attempts }),
    );
    expect(waits).toEqual([100, 200, 400]);
    expect(waitBeforeRetry(failure('connection', false), { ...READ, random: 0 })).toBe(0);
  });
});

describe('in any case', () => {
  test('the fourth attempt is the last', () => {
    expect(waitBeforeRetry(answer(429, '1'), { ...READ, attempts: 3 })).toBe(1000);
    expect(waitBeforeRetry(answer(429, '1'), { ...READ, attempts: 4 })).toBeUndefined();
    expect(waitBeforeRetry(failure('connection', false), { ...READ, attempts: 4 })).toBeUndefined();
  });

  test('a wait that does not fit into the deadline is not begun', () => {
    expect(waitBeforeRetry(answer(429, '5'), { ...READ, remainingMs: 5000 })).toBeUndefined();
    expect(waitBeforeRetry(answer(429, '5'), { ...READ, remainingMs: 5001 })).toBe(5000);
  });
});
