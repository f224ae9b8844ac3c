import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * User and system time that all threads of a process have used so far, in milliseconds. From the scheduler, which counts
 * nanoseconds: `/proc/PID/stat` has ticks of 10 ms. Linux only, as all of this file.
 */
export function cpuMs(pid: number): number {
  const nanoseconds = readdirSync(`/proc/${pid}/task`)
    .map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]))
    .reduce((sum, each) => sum + each, 0);
  return nanoseconds / 1e6;
}

/** Resident memory now, and the most since the start or the last `forgetPeak`. */
export function memoryMb(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name: string): number =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
  return { now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
}

/** Lets the peak of resident memory start again from what there is now. */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}
