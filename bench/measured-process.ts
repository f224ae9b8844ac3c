import { type ChildProcess, spawn } from 'node:child_process';
import { request } from 'node:http';
import { end, endWithUs, environment } from './children.ts';
import { cpuMs, memoryMb } from './usage.ts';

/** What one process took from its start until somebody had its first answer. */
export interface FirstAnswer {
  readonly ms: number;
  /** Of all its threads, until then. */
  readonly cpuMs: number;
  /** Resident then. */
  readonly memoryMb: number;
}

/** How a process answers: by saying where it listens, or at once on its output, ended by a line feed. */
export type Way = { readonly post: string } | 'output';

export interface Measured {
  readonly args: readonly string[];
  readonly way: Way;
  /** What the answer must contain. */
  readonly expected: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs Node with `args` and ends it once it has answered. The clock starts before the process does and stops when this
 * process has read the last byte of the answer; nothing is polled. Linux only: figures come from /proc.
 */
export async function firstAnswer({ args, way, expected, env = {} }: Measured): Promise<FirstAnswer> {
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    env: { ...environment(), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  endWithUs(child);
  try {
    const answer = way === 'output' ? await line(child) : await post(urlIn(await line(child)), way.post);
    const ms = performance.now() - started;
    const pid = child.pid as number;
    const used = { cpuMs: cpuMs(pid), memoryMb: memoryMb(pid).now };
    if (!answer.includes(expected)) throw new Error(`${args.join(' ')} answered ${answer.slice(0, 300)}`);
    return { ms, ...used };
  } finally {
    await end(child);
  }
}

function line(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.endsWith('\n')) resolve(text);
    });
    child.once('exit', () => reject(new Error('the process ended before it answered')));
  });
}

function urlIn(greeting: string): string {
  const url = /http:\/\/\S+/.exec(greeting)?.[0];
  if (url === undefined) throw new Error(`no URL in ${greeting}`);
  return url;
}

function post(url: string, query: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const call = request(url, { method: 'POST', headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve(text));
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end(JSON.stringify({ query }));
  });
}
