import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

/** Ends a process with the test, and waits until it has: it might still write into a directory that goes with the test. */
export function endsWithTest<T extends ChildProcess>(child: T): T {
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return child;
}
