import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApiServer, stopApiServer } from './api-server.ts';
import { down } from './down.ts';
import { runKubectl } from './kubectl.ts';
import { layoutOf } from './layout.ts';
import { requireState } from './state.ts';
import { upGuarded } from './up.ts';
import type { UpOptions } from './up.ts';

/** A running control plane. */
export interface Cluster {
  readonly dir: string;
  /** The API server's base URL, `https://127.0.0.1:PORT`. */
  readonly server: string;
  /** Path of the kubeconfig of `admin`, who may do everything. */
  readonly kubeconfig: string;
  /** Path of the kubeconfig of `viewer`, who may read pods and configmaps in `default`. */
  readonly viewerKubeconfig: string;
  /** Bearer tokens of the same two users. */
  readonly adminToken: string;
  readonly viewerToken: string;
  /** Path of the CA certificate (PEM) that signed the API server's. */
  readonly caFile: string;
  /** Path of the file that is every container's log; append `RFC3339 stdout F text` lines to it. */
  readonly podLog: string;
  /** Runs kubectl as admin; resolves to its output, rejects with its error output. */
  kubectl(args: readonly string[], input?: string): Promise<string>;
  /** Ends the API server's process: connections break and new ones are refused. */
  stopApiServer(): Promise<void>;
  /** Starts it again on the same port and data; resolves when it is ready. */
  startApiServer(): Promise<void>;
  restartApiServer(): Promise<void>;
  /** Ends all its processes. Safe to call twice. */
  stop(): Promise<void>;
}

export interface ClusterOptions extends Omit<UpOptions, 'dir'> {
  /** Directory of the cluster. Default: a fresh temporary one, which `stop` removes. */
  readonly dir?: string | undefined;
}

/**
 * Starts a real control plane and resolves when it is ready: 3 to 5 seconds, about 5 minutes more when the binaries
 * have to be built. It ends with `stop`, and also when this process ends without having called it.
 *
 *     const cluster = await startCluster({ pods: 20 });
 *     await cluster.kubectl(['get', 'pods', '-n', 'bench']);
 *     await cluster.stop();
 */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'kubegraph-cluster-')));
  // When this fails the directory stays, for the logs in it.
  const { guard } = await upGuarded({ ...options, dir });
  const cluster = await openCluster(dir);
  const stop = async () => {
    await cluster.stop();
    guard.dismiss();
    if (options.dir === undefined) await rm(dir, { recursive: true, force: true });
  };
  return { ...cluster, stop };
}

/** The cluster that already runs in `dir`, for instance one that `npm run cluster -- up` has started. */
export async function openCluster(dir: string): Promise<Cluster> {
  const layout = layoutOf(dir);
  const state = requireState(layout);
  const [adminToken, viewerToken] = await Promise.all([
    readFile(layout.adminToken, 'utf8'),
    readFile(layout.viewerToken, 'utf8'),
  ]);
  return {
    dir: layout.dir,
    server: state.server,
    kubeconfig: state.kubeconfig,
    viewerKubeconfig: state.viewerKubeconfig,
    adminToken,
    viewerToken,
    caFile: state.certificates.ca,
    podLog: state.podLog,
    kubectl: (args, input) => runKubectl(layout, state, args, input),
    stopApiServer: () => stopApiServer(layout),
    startApiServer: () => startApiServer(layout),
    restartApiServer: async () => {
      await stopApiServer(layout);
      await startApiServer(layout);
    },
    stop: () => down(layout.dir),
  };
}
