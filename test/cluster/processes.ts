import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Component } from './components.ts';
import { HarnessError, systemErrorCode } from './errors.ts';
import type { Layout } from './layout.ts';
import { identify, isAlive } from './process-identity.ts';
import type { ProcessRecord } from './state.ts';
import { waitUntil } from './wait.ts';

/** The log file of a program; a restarted program appends to it. */
function logFile(layout: Layout, name: string): string {
  return join(layout.logs, `${name}.log`);
}

/**
 * Starts a program that outlives us, with its output in its log file. `onExit` is called when it ends while we still
 * run; the watching does not keep us alive.
 */
export function start(component: Component, layout: Layout, onExit: (error: Error) => void): ProcessRecord {
  mkdirSync(layout.logs, { recursive: true });
  const log = openSync(logFile(layout, component.name), 'a');
  const child = spawn(component.command, component.args, {
    cwd: layout.dir,
    // A home of its own keeps the user's configuration of kwok, kubectl and etcd out.
    env: { PATH: process.env['PATH'] ?? '', HOME: layout.dir },
    // A group of its own: Ctrl-C in our terminal must not reach it, and `end` reaches what it started itself.
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.once('error', onExit);
  child.once('exit', (code, signal) => onExit(endedEarly(component, layout, code ?? signal)));
  child.unref();
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity === undefined) throw new HarnessError(`${component.name} did not start: ${component.command}`);
  return { name: component.name, ...identity };
}

function endedEarly(component: Component, layout: Layout, how: number | string | null): HarnessError {
  const path = logFile(layout, component.name);
  // We may be told of the end after `stop` has removed the directory.
  const log = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const lastLine = log.trimEnd().split('\n').at(-1) ?? '';
  return new HarnessError(`${component.name} ended with ${how}: ${lastLine.slice(0, 300)} (log: ${path})`);
}

/** How long a program may take to end by itself, in milliseconds. */
const GRACE_MS = 8_000;

/** Ends these processes: TERM, then KILL for those that are left after the grace period. Those gone are no error. */
export async function end(processes: readonly ProcessRecord[]): Promise<void> {
  signalAll(processes, 'SIGTERM');
  try {
    await waitUntil('processes end', () => stillRunning(processes), { timeoutMs: GRACE_MS, intervalMs: 20 });
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    signalAll(processes, 'SIGKILL');
    await waitUntil('processes end after KILL', () => stillRunning(processes), { timeoutMs: GRACE_MS });
  }
}

async function stillRunning(processes: readonly ProcessRecord[]): Promise<string | undefined> {
  const left = processes.filter(isAlive);
  return left.length === 0 ? undefined : `${left.map(({ name }) => name).join(', ')} still running`;
}

function signalAll(processes: readonly ProcessRecord[], signal: NodeJS.Signals): void {
  for (const record of processes) {
    // Only a process with the recorded start time is ours; the pid alone may belong to a stranger by now.
    if (!isAlive(record)) continue;
    try {
      process.kill(-record.pid, signal);
    } catch (error) {
      // It ended between the check and the signal.
      if (systemErrorCode(error) !== 'ESRCH') throw error;
    }
  }
}
