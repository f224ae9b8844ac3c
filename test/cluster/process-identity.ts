import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process that can still be recognised after its pid was given to another one. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process started, in the operating system's own notation: compare it, do not read it. */
  readonly startTime: string;
}

/** The identity of the process that has `pid` now, or undefined when there is none or it has ended already. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startTime = process.platform === 'linux' ? linuxStartTime(pid) : posixStartTime(pid);
  return startTime === undefined ? undefined : { pid, startTime };
}

/** Whether this very process still runs; a different process under the same pid does not count. */
export function isAlive(process: ProcessIdentity): boolean {
  return identify(process.pid)?.startTime === process.startTime;
}

function linuxStartTime(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The second field is the program's name in brackets and may itself hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  // A zombie has ended; it only waits for its parent, which in a container may never come.
  return state === 'Z' || state === 'X' ? undefined : fields[19];
}

function posixStartTime(pid: number): string | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
  } catch {
    return undefined;
  }
}
