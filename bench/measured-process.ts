import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';

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
    env: { ...inherited(), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const answer = way === 'output' ? await line(child) : await post(urlIn(await line(child)), way.post);
    const ms = performance.now() - started;
    const used = usageOf(child.pid as number);
    if (!answer.includes(expected)) throw new Error(`${args.join(' ')} answered ${answer.slice(0, 300)}`);
    return { ms, ...used };
  } finally {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  }
}

/** Without the certificates that a sandbox adds to every Node: version 20 takes 33 ms to read them. */
function inherited(): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  return env;
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

function usageOf(pid: number): Pick<FirstAnswer, 'cpuMs' | 'memoryMb'> {
  const nanoseconds = readdirSync(`/proc/${pid}/task`)
    .map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]))
    .reduce((sum, each) => sum + each, 0);
  const resident = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { cpuMs: nanoseconds / 1e6, memoryMb: Number(resident) / 1024 };
}
