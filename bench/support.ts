import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
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

/** The build as it is at the start: a run takes minutes, and somebody may build meanwhile. Answers its `cli.js`. */
export function keptBuild(directory: string): string {
  const kept = path.join(directory, 'dist');
  cpSync(path.dirname(CLI), kept, { recursive: true });
  return path.join(kept, 'cli.js');
}

/**
 * Starts `dist/cli.js serve`. Without `cacheDirectory` nothing is cached on disk before it starts.
 *
 * @param cli another build's `cli.js`.
 * @param nodeArgs what Node itself is started with. Default nothing.
 */
export async function startGateway(
  kubeconfig: string,
  cacheDirectory?: string,
  cli: string = CLI,
  nodeArgs: readonly string[] = [],
): Promise<BenchedGateway> {
  const cache = cacheDirectory ?? mkdtempSync(path.join(tmpdir(), 'kubegraph-bench-'));
  const args = [...nodeArgs, cli, 'serve', '--kubeconfig', kubeconfig, '--port', '0'];
  const child = spawn(process.execPath, args, {
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

/** Says on the error output where a run is, and how long it has taken. */
export function progress(step: string): void {
  process.stderr.write(`${(performance.now() / 1000).toFixed(1).padStart(7)} s  ${step}\n`);
}

/** A folder for what a run leaves. It goes when this process does, as does what was started, whatever the reason. */
export function ownDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'kubegraph-bench-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  return directory;
}

/** Runs a bench and ends this process: with 1 and one line on the error output for what it throws. */
export async function runToEnd(main: () => Promise<void>): Promise<never> {
  try {
    await main();
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  }
  // What failed while it started may have left something open that would keep this process.
  process.exit();
}
