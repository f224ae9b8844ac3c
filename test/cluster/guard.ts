import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Layout } from './layout.ts';

/** A process beside us that ends the cluster when we end without having dismissed it, however we end. */
export interface Guard {
  /** The cluster may stay, or has been ended: the guard goes without touching it. */
  dismiss(): void;
}

/**
 * Starts a guard for the cluster of this layout. It holds the other end of a pipe, which the system closes when this process
 * ends; so it also works after SIGKILL, where no handler of ours can run. (tsx, for one, kills a program that has not
 * reacted to Ctrl-C within 60 ms, and test runners kill workers that hang.)
 */
export function startGuard(layout: Layout): Guard {
  const script = fileURLToPath(new URL('guard-main.ts', import.meta.url));
  const log = openSync(layout.guardLog, 'w');
  const child = spawn(process.execPath, ['--import', 'tsx', script, layout.dir], {
    // Node looks for tsx from the working directory.
    cwd: import.meta.dirname,
    detached: true,
    stdio: ['pipe', log, log],
  });
  closeSync(log);
  child.unref();
  // A child's pipe is a socket and is there, as `stdio` above asks for one; the declared type says neither.
  const pipe = child.stdin as Socket;
  pipe.unref();
  // The guard may be gone already when the system shuts down; then there is nobody to tell.
  pipe.on('error', () => {});
  return { dismiss: () => pipe.end(DISMISSAL) };
}

/** What a guard reads when it is to go without ending the cluster. */
export const DISMISSAL = 'dismissed';
