import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inject } from 'vitest';
import { type DemoCluster, startDemo } from '../../../demo/start.ts';
import { layoutOf } from '../../cluster/layout.ts';
import { requireState } from '../../cluster/state.ts';

/** The demo cluster with the real kubectl pointed at its kubeconfig. */
export interface DemoWithKubectl {
  readonly demo: DemoCluster;
  /** What kubectl printed; rejects with what it complained about. */
  run(args: readonly string[], input?: string): Promise<string>;
  /** kubectl that goes on until it is ended. */
  follow(args: readonly string[]): Following;
  close(): Promise<void>;
}

export interface Following {
  /** All that it has printed, once that matches. */
  until(pattern: RegExp): Promise<string>;
  end(): Promise<void>;
}

export async function startDemoWithKubectl(): Promise<DemoWithKubectl> {
  const demo = await startDemo({ quiet: true });
  const directory = await mkdtemp(path.join(tmpdir(), 'kubegraph-demo-kubectl-'));
  const kubeconfig = await demo.writeKubeconfigs(directory);
  const { kubectl } = requireState(layoutOf(inject('clusterDir')));
  const start = (args: readonly string[]): ChildProcessWithoutNullStreams =>
    spawn(kubectl[0], [kubectl[1], ...args], {
      env: {
        ...process.env,
        KUBECONFIG: kubeconfig,
        KUBECACHEDIR: path.join(directory, 'cache'),
        KUBERC: 'off',
      },
    });
  return {
    demo,
    run: (args, input) => finished(start(args), args, input),
    follow: (args) => following(start(args)),
    close: async () => {
      await demo.close();
      await rm(directory, { recursive: true, force: true });
    },
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
    end: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
