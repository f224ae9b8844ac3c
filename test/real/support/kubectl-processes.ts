import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { inject } from 'vitest';
import { layoutOf } from '../../cluster/layout.ts';
import { requireState } from '../../cluster/state.ts';

/** The real kubectl, pointed at a kubeconfig. */
export interface KubectlProcesses {
  /** What kubectl printed; rejects with what it complained about. */
  run(args: readonly string[], input?: string): Promise<string>;
  /** kubectl that goes on until it is ended. */
  follow(args: readonly string[]): Following;
}

export interface Following {
  /** All that it has printed, once that matches. */
  until(pattern: RegExp): Promise<string>;
  /** Writes to its standard input. */
  write(text: string): void;
  end(): Promise<void>;
}

/**
 * @param cache where kubectl keeps what it has learned of the server.
 * @param settings more of its environment.
 */
export function kubectlProcesses(
  kubeconfig: string,
  cache: string,
  settings: Readonly<Record<string, string>> = {},
): KubectlProcesses {
  const { kubectl } = requireState(layoutOf(inject('clusterDir')));
  const env = { ...process.env, KUBECONFIG: kubeconfig, KUBECACHEDIR: cache, KUBERC: 'off', ...settings };
  const start = (args: readonly string[]): ChildProcessWithoutNullStreams =>
    spawn(kubectl[0], [kubectl[1], ...args], { env });
  return {
    run: (args, input) => finished(start(args), args, input),
    follow: (args) => following(start(args)),
  };
}

async function finished(
  child: ChildProcessWithoutNullStreams,
  args: readonly string[],
  input = '',
): Promise<string> {
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr || `exit code ${code}`}`);
  return stdout;
}

function following(child: ChildProcessWithoutNullStreams): Following {
  let output = '';
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const look of waiting) look();
  };
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
    wake();
  });
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const ended = once(child, 'close');
  return {
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!pattern.test(output)) return;
          waiting.delete(look);
          resolve(output);
        };
        waiting.add(look);
        void ended.then(() => reject(new Error(`kubectl ended and had only printed: ${output}`)));
        look();
      }),
    write: (text) => void child.stdin.write(text),
    end: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
