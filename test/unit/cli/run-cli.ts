import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished, vi } from 'vitest';
import { testDirectory } from '../cluster/support/directory.ts';

const MAIN = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export interface CliResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliProcess {
  /** The first line that it says. */
  readonly greeting: () => Promise<string>;
  /** Asks it to end, and waits until it has. */
  readonly stop: (signal: NodeJS.Signals) => Promise<CliResult>;
  readonly ended: Promise<CliResult>;
}

/**
 * A process of the command line, in an environment with a home and nothing else. It ends with the test.
 *
 * @param home default: one of its own.
 */
export function startCli(args: readonly string[], home = testDirectory().path): CliProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  const firstLine = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString('utf8');
      if (stdout.includes('\n')) resolve(stdout.slice(0, stdout.indexOf('\n')));
    });
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  const ended = once(child, 'close').then(([code]) => ({ exitCode: code as number | null, stdout, stderr }));
  return {
    ended,
    greeting: () => Promise.race([firstLine, ended.then(({ stderr }) => stderr)]),
    stop: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

/**
 * A run of the command line in this process, for what ends by itself: a process takes a second to start.
 *
 * The environment is a home of its own and nothing else that the command line looks at.
 */
export async function runCli(args: readonly string[]): Promise<CliResult> {
  const written = { stdout: '', stderr: '' };
  const { argv, exitCode } = process;
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk, ...rest: readonly unknown[]) => {
      written[name] += String(chunk);
      const done = rest.at(-1);
      if (typeof done === 'function') done();
      return true;
    }),
  );
  vi.stubEnv('HOME', testDirectory().path);
  vi.stubEnv('KUBECONFIG', undefined);
  process.argv = ['node', 'kubegraph', ...args];
  try {
    // The entry runs when it is loaded.
    vi.resetModules();
    const { ended } = await import('../../../src/cli/main.ts');
    await ended;
    return { exitCode: Number(process.exitCode), ...written };
  } finally {
    process.argv = argv;
    process.exitCode = exitCode;
    for (const spy of spies) spy.mockRestore();
    vi.unstubAllEnvs();
  }
}
