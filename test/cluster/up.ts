import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from './api.ts';
import { createApiClient } from './api.ts';
import { waitUntilReady } from './api-server.ts';
import { buildBinaries } from './build.ts';
import { writeCredentials } from './certificates.ts';
import { createCrds } from './crds.ts';
import { down } from './down.ts';
import { HarnessError } from './errors.ts';
import { startGuard } from './guard.ts';
import type { Guard } from './guard.ts';
import { writeKubeconfigs } from './kubeconfig.ts';
import { writeKubectlScript } from './kubectl.ts';
import type { Layout } from './layout.ts';
import { layoutOf } from './layout.ts';
import { withLock } from './lock.ts';
import type { CrdManifest } from './manifests.ts';
import { readCrds } from './manifests.ts';
import { createNodes } from './nodes.ts';
import { createPods } from './pods.ts';
import { freePorts } from './ports.ts';
import { isAlive } from './process-identity.ts';
import { startRecorded } from './recorded-start.ts';
import type { Binaries, ClusterState, Program } from './state.ts';
import { readState, writeState } from './state.ts';
import { grantViewer } from './viewer.ts';

export interface UpOptions {
  /** Directory of the cluster; made when missing. */
  readonly dir: string;
  /** Files with CustomResourceDefinitions to create: see manifests.ts for the formats. Default none. */
  readonly crdFiles?: readonly string[] | undefined;
  /** Two-container pods to create in the namespace `bench`. Default 0. Needs at least one node. */
  readonly pods?: number | undefined;
  /** Simulated nodes. Default 3. */
  readonly nodes?: number | undefined;
  /** Abort to give up; everything started is ended before the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Told about each step as it begins. */
  readonly onProgress?: ((message: string) => void) | undefined;
}

/**
 * Starts a control plane in `dir` and fills it. The processes outlive the caller: `down` ends them. When anything
 * fails, everything that was started is ended and the reason is thrown. Refuses a directory whose cluster runs.
 */
export async function up(options: UpOptions): Promise<ClusterState> {
  const { state, guard } = await upGuarded(options);
  guard.dismiss();
  return state;
}

/** Like `up`, but the cluster ends with this process unless the guard is dismissed. */
export async function upGuarded(options: UpOptions): Promise<{ state: ClusterState; guard: Guard }> {
  const layout = layoutOf(options.dir);
  if ((options.pods ?? 0) > 0 && options.nodes === 0) throw new HarnessError('pods need at least one node');
  // Read first: a mistyped file name should not cost a build and a start.
  const crds = await readCrds(options.crdFiles ?? []);
  const binaries = await buildBinaries(options);
  return withLock(layout.lock, { timeoutMs: 60_000, signal: options.signal }, async () => {
    refuseRunning(layout);
    const guard = startGuard(layout);
    try {
      return { state: await startAndFill(layout, binaries, crds, options), guard };
    } catch (error) {
      await down(layout.dir);
      guard.dismiss();
      throw error;
    }
  });
}

function refuseRunning(layout: Layout): void {
  const running = readState(layout)?.processes.find(isAlive);
  if (!running) return;
  const which = `${running.name}, pid ${running.pid}`;
  throw new HarnessError(
    `a cluster runs in ${layout.dir} already (${which}): end it with "down --dir" first`,
  );
}

async function startAndFill(
  layout: Layout,
  binaries: Binaries,
  crds: readonly CrdManifest[],
  options: UpOptions,
): Promise<ClusterState> {
  const progress = options.onProgress ?? (() => {});
  // A program that ends during the start ends the start, with its own last words as the reason.
  const failure = new AbortController();
  const signal = AbortSignal.any([failure.signal, ...(options.signal ? [options.signal] : [])]);
  const launch = (names: readonly Program[]) => startRecorded(layout, names, (error) => failure.abort(error));

  progress('starting etcd and the API server');
  const { server, ports } = await prepare(layout, binaries);
  launch(['etcd', 'kube-apiserver']);
  const api = await createApiClient(layout, server);
  try {
    await waitUntilReady(api, signal);
    progress('starting controllers, scheduler and nodes');
    const state = launch(['kube-controller-manager', 'kube-scheduler', 'kwok']);
    await Promise.all([grantViewer(api, signal), createNodes(api, options.nodes ?? 3, ports, signal)]);
    await fill(api, crds, options.pods ?? 0, signal, progress);
    return state;
  } catch (error) {
    // A request that failed because a program ended matters less than why that ended, which we are told a moment later.
    await sleep(200);
    signal.throwIfAborted();
    throw error;
  } finally {
    api.close();
  }
}

type FivePorts = [number, number, number, number, number];

/** Everything that programs need before they start. Removes what an earlier cluster in this directory left. */
async function prepare(layout: Layout, binaries: Binaries): Promise<ClusterState> {
  const [etcd, etcdPeer, apiServer, kubelet, kwok] = (await freePorts(5)) as FivePorts;
  const state: ClusterState = {
    version: 1,
    server: `https://127.0.0.1:${apiServer}`,
    ports: { etcd, etcdPeer, apiServer, kubelet, kwok },
    binaries,
    kubectl: [binaries.controlPlane, 'kubectl'],
    kubeconfig: layout.kubeconfig,
    viewerKubeconfig: layout.viewerKubeconfig,
    tokens: { admin: layout.adminToken, viewer: layout.viewerToken },
    certificates: { ca: join(layout.pki, 'ca.crt'), frontProxyCa: join(layout.pki, 'front-proxy-ca.crt') },
    podLog: layout.podLog,
    logs: layout.logs,
    processes: [],
  };
  const leftovers = [layout.etcdData, layout.logs, layout.kubectlCache];
  await Promise.all(leftovers.map((path) => rm(path, { recursive: true, force: true })));
  await mkdir(layout.dir, { recursive: true });
  await writeCredentials(layout, binaries);
  await Promise.all([
    writeKubeconfigs(layout, state.server),
    writeKubectlScript(layout, state),
    writePodLogs(layout),
  ]);
  writeState(layout, state);
  return state;
}

async function writePodLogs(layout: Layout): Promise<void> {
  const lines = (text: string) =>
    [1, 2, 3].map((n) => `2026-01-01T00:00:0${n}.000000000Z stdout F ${text} ${n}\n`).join('');
  await writeFile(layout.podLog, lines('log line'));
  await writeFile(layout.previousPodLog, lines('log line of the previous container'));
}

async function fill(
  api: ApiClient,
  crds: readonly CrdManifest[],
  pods: number,
  signal: AbortSignal,
  progress: (message: string) => void,
): Promise<void> {
  if (crds.length > 0) {
    progress(`creating ${crds.length} custom resource definitions`);
    await createCrds(api, crds, signal);
  }
  if (pods > 0) {
    progress(`creating ${pods} pods`);
    await createPods(api, pods, signal);
  }
}
