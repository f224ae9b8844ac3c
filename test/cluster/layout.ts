import { join, resolve } from 'node:path';

/** Where everything of one running cluster lies. Pure names: nothing here touches the disk. */
export interface Layout {
  /** Absolute path of the cluster's directory. Also the working directory of its processes. */
  readonly dir: string;
  /** The file that says what runs: see state.ts. */
  readonly state: string;
  /** Held while the cluster starts, so two starts in one directory cannot mix. */
  readonly lock: string;
  readonly pki: string;
  readonly logs: string;
  /** What the guard could not do; outside `logs`, which is emptied after the guard has started. See guard.ts. */
  readonly guardLog: string;
  readonly etcdData: string;
  /** Kubeconfig of `admin` (system:masters). */
  readonly kubeconfig: string;
  /** Kubeconfig of `viewer`: see viewer.ts for what it may do. */
  readonly viewerKubeconfig: string;
  readonly adminToken: string;
  readonly viewerToken: string;
  /** The API server's own list of static tokens (CSV). */
  readonly tokenTable: string;
  /** What `kubectl logs` prints for every container; append lines to it to test following. */
  readonly podLog: string;
  readonly previousPodLog: string;
  /** kubectl's discovery cache; kept here because a later cluster may get the same port. */
  readonly kubectlCache: string;
  /** A shell script: kubectl of this version, talking to this cluster as admin. */
  readonly kubectlScript: string;
}

/** The layout of the cluster in `dir`, which need not exist. */
export function layoutOf(dir: string): Layout {
  const root = resolve(dir);
  const at = (...names: readonly string[]) => join(root, ...names);
  return {
    dir: root,
    state: at('cluster.json'),
    lock: at('up.lock'),
    pki: at('pki'),
    logs: at('logs'),
    guardLog: at('guard.log'),
    etcdData: at('etcd'),
    kubeconfig: at('kubeconfig'),
    viewerKubeconfig: at('kubeconfig-viewer'),
    adminToken: at('token-admin'),
    viewerToken: at('token-viewer'),
    tokenTable: at('pki', 'tokens.csv'),
    podLog: at('pod.log'),
    previousPodLog: at('pod-previous.log'),
    kubectlCache: at('kubectl-cache'),
    kubectlScript: at('kubectl'),
  };
}
