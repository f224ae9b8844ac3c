import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';

/** A gateway in a process of its own, as users run it. Linux only: figures come from /proc. */
export interface BenchedGateway {
  readonly url: string;
  /** Milliseconds from the start of the process until it listened. */
  readonly listeningAfterMs: number;
  /** The body of the answer, as text. */
  query(document: string): Promise<string>;
  cpuMs(): number;
  memoryMb(): { readonly now: number; readonly peak: number };
  stop(): Promise<void>;
}

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

/** Starts `dist/cli.js serve`. Without `cacheDirectory` nothing is cached on disk before it starts. */
export async function startGateway(kubeconfig: string, cacheDirectory?: string): Promise<BenchedGateway> {
  const cache = cacheDirectory ?? mkdtempSync(path.join(tmpdir(), 'kubegraph-bench-'));
  const started = performance.now();
  const child = spawn(process.execPath, [CLI, 'serve', '--kubeconfig', kubeconfig, '--port', '0'], {
    env: { ...process.env, XDG_CACHE_HOME: cache },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await listeningUrl(child);
  const listeningAfterMs = performance.now() - started;
  const pool = new Pool(new URL(url).origin);
  const pid = child.pid as number;
  return {
    url,
    listeningAfterMs,
    query: async (document) => {
      const answer = await pool.request({
        path: '/graphql',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: document }),
      });
      return answer.body.text();
    },
    cpuMs: () => cpuMs(pid),
    memoryMb: () => memoryMb(pid),
    stop: async () => {
      await pool.close();
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('exit', resolve));
      if (cacheDirectory === undefined) rmSync(cache, { recursive: true, force: true });
    },
  };
}

function listeningUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the gateway ended before it listened')));
    child.stdout?.on('data', (chunk: Buffer) => {
      const url = /http:\/\/\S+/.exec(chunk.toString('utf8'))?.[0];
      if (url !== undefined) resolve(url);
    });
  });
}

/** User and system time that a process has used so far. */
export function cpuMs(pid: number): number {
  const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1] as string;
  const fields = afterName.split(' ');
  const ticksPerSecond = 100;
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}

function memoryMb(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]);
  return { now: Math.round(kilobytes('VmRSS') / 1024), peak: Math.round(kilobytes('VmHWM') / 1024) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

/** The value of a `--name VALUE` on the command line. */
export function argument(name: string, fallback?: string): string {
  const index = process.argv.indexOf(`--${name}`);
  const value = index < 0 ? fallback : process.argv[index + 1];
  if (value === undefined) throw new Error(`--${name} is missing`);
  return value;
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
