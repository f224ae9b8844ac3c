import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { end, endWithUs, environment } from './children.ts';
import { cpuMs, memoryMb } from './usage.ts';

/** A gateway in a process of its own, as users run it. Linux only: figures come from /proc. */
export interface BenchedGateway {
  readonly url: string;
  readonly pid: number;
  /** The body of the answer, as text. */
  query(document: string): Promise<string>;
  cpuMs(): number;
  /** Whole megabytes. */
  memoryMb(): { readonly now: number; readonly peak: number };
  stop(): Promise<void>;
}

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

/**
 * Starts `dist/cli.js serve`. Without `cacheDirectory` nothing is cached on disk before it starts.
 *
 * @param cli another build's `cli.js`.
 */
export async function startGateway(
  kubeconfig: string,
  cacheDirectory?: string,
  cli: string = CLI,
): Promise<BenchedGateway> {
  const cache = cacheDirectory ?? mkdtempSync(path.join(tmpdir(), 'kubegraph-bench-'));
  const child = spawn(process.execPath, [cli, 'serve', '--kubeconfig', kubeconfig, '--port', '0'], {
    env: { ...environment(), XDG_CACHE_HOME: cache },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  endWithUs(child);
  const url = await listeningUrl(child);
  const pool = new Pool(new URL(url).origin);
  const pid = child.pid as number;
  return {
    url,
    pid,
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
    memoryMb: () => {
      const { now, peak } = memoryMb(pid);
      return { now: Math.round(now), peak: Math.round(peak) };
    },
    stop: async () => {
      await pool.close();
      await end(child);
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
