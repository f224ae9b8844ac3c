import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { graphQLClient, type GraphQLClient } from './graphql-client.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** The command line in a process of its own. */
export interface CliProcess extends GraphQLClient {
  /** What it printed when it was ready. */
  readonly greeting: string;
  /** What it wrote to standard error so far. */
  readonly log: () => string;
  /** Asks it to end, and answers its exit code. */
  readonly end: () => Promise<number | null>;
}

/** Bundles the command line as it is published. */
export async function buildCli(): Promise<void> {
  const build = spawn(process.execPath, ['build.mjs'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(build, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the build ended with ${code}`);
}

/**
 * Starts `kubegraph serve` from the bundle with an empty cache, on a free port, and resolves when it is ready.
 * It ends with the test.
 */
export async function startCli(kubeconfig: string, ...flags: readonly string[]): Promise<CliProcess> {
  const home = mkdtempSync(join(tmpdir(), 'kubegraph-home-'));
  const args = ['dist/cli.js', 'serve', '--kubeconfig', kubeconfig, '--port', '0', ...flags];
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, XDG_CACHE_HOME: join(home, 'cache') };
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const closed = once(child, 'close') as Promise<[number | null]>;
  const end = async () => {
    child.kill('SIGTERM');
    return (await closed)[0];
  };
  onTestFinished(async () => {
    await end();
    rmSync(home, { recursive: true, force: true });
  });
  for await (const greeting of createInterface(child.stdout)) {
    const url = /https?:\S+/.exec(greeting)?.[0];
    if (url !== undefined) return { ...graphQLClient(url), greeting, log: () => log, end };
  }
  throw new Error(`the command line ended before it was ready: ${log}`);
}
