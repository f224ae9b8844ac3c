import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { HarnessError } from './errors.ts';
import type { Layout } from './layout.ts';
import type { ProcessIdentity } from './process-identity.ts';

/** The programs of a cluster, in the order they are started. */
export type Program = 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'kwok';

export interface ProcessRecord extends ProcessIdentity {
  readonly name: Program;
}

export interface Ports {
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly apiServer: number;
  /** Where every node's kubelet answers: logs, exec, port-forward. */
  readonly kubelet: number;
  /** Where KWOK answers for what the kubelet leaves to it: logs. */
  readonly kwok: number;
}

export interface Binaries {
  /** One binary for everything but KWOK; its first argument names the program. */
  readonly controlPlane: string;
  readonly kwok: string;
}

/** What stands in DIR/cluster.json. All paths are absolute. */
export interface ClusterState {
  readonly version: 1;
  /** The API server's base URL. */
  readonly server: string;
  readonly ports: Ports;
  readonly binaries: Binaries;
  /** Command and first argument that run kubectl. */
  readonly kubectl: readonly [string, 'kubectl'];
  readonly kubeconfig: string;
  readonly viewerKubeconfig: string;
  /** Files holding the bearer tokens of the same two users. */
  readonly tokens: { readonly admin: string; readonly viewer: string };
  /** PEM files: the CA that signed the API server's and the clients' certificates, and the front proxy's CA. */
  readonly certificates: { readonly ca: string; readonly frontProxyCa: string };
  readonly podLog: string;
  readonly logs: string;
  /** Grows while the cluster starts, so an interrupted start can be taken down too. */
  readonly processes: readonly ProcessRecord[];
}

/** The state written in this directory, or undefined when there is none. */
export function readState(layout: Layout): ClusterState | undefined {
  if (!existsSync(layout.state)) return undefined;
  const value: unknown = JSON.parse(readFileSync(layout.state, 'utf8'));
  if (!isState(value))
    throw new HarnessError(`${layout.state} is not a cluster file of this version; delete it`);
  return value;
}

/** Like `readState`, for those who need a cluster to be there. */
export function requireState(layout: Layout): ClusterState {
  const state = readState(layout);
  if (state === undefined) throw new HarnessError(`no cluster in ${layout.dir}: run "up --dir" first`);
  return state;
}

/** Replaces the state. Synchronous and by rename: whoever dies right after a start has still recorded it. */
export function writeState(layout: Layout, state: ClusterState): void {
  const draft = `${layout.state}.new`;
  writeFileSync(draft, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(draft, layout.state);
}

function isState(value: unknown): value is ClusterState {
  // The version stands for the whole shape: only writeState makes these files.
  return typeof value === 'object' && value !== null && 'version' in value && value.version === 1;
}
