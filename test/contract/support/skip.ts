import { TestRunner } from 'vitest';
import { type ServerKind, serverUnderTest } from './context.ts';

/**
 * Skips the running test on one of the two servers. The reason stands in the list at the end of the run
 * (skips-reporter.ts).
 */
export function skipOn(kind: ServerKind, reason: string): void {
  if (serverUnderTest().kind !== kind) return;
  const test = TestRunner.getCurrentTest();
  if (test === undefined) throw new Error('only a running test can be skipped');
  test.context.skip(`on the ${kind} server: ${reason}`);
}
