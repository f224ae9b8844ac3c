import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DemoCluster } from '../../demo/start.ts';
import { describeError, type Log } from '../util/log.ts';
import { CommandFailure, UsageError } from './command.ts';
import { writeProblem } from './file-problem.ts';

export interface DemoClusterOptions {
  readonly seed: number;
  readonly quiet: boolean;
  /** Where the API server listens. Default: a free port. */
  readonly port?: number;
  /** Where the kubeconfigs are written. Default: a temporary folder, removed at the end. */
  readonly directory?: string;
}

/** Starts a demo cluster, hands it over with the path of its kubeconfig, and ends it after `use`, whose result it is. */
export async function withDemoCluster<T>(
  { directory, ...options }: DemoClusterOptions,
  log: Log,
  use: (cluster: DemoCluster, kubeconfig: string) => Promise<T>,
): Promise<T> {
  // Only what needs the cluster loads it.
  const { startDemo } = await import('../../demo/start.ts');
  const onError = (error: unknown): void =>
    log.error('a controller of the demo cluster failed', describeError(error));
  const cluster = await startDemo({ ...options, onError }).catch((error: unknown) => {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw isTaken
      ? new CommandFailure(`port ${options.port} is taken: choose another with --cluster-port`)
      : error;
  });
  const folder = directory ?? (await mkdtemp(path.join(tmpdir(), 'kubegraph-demo-')));
  try {
    const kubeconfig = await cluster.writeKubeconfigs(folder).catch((error: unknown) => {
      throw new UsageError(`--directory ${folder} cannot be written to: ${writeProblem(error)}`);
    });
    return await use(cluster, kubeconfig);
  } finally {
    await cluster.close();
    if (directory === undefined) await rm(folder, { recursive: true, force: true });
  }
}
