import { homedir } from 'node:os';
import { defaultCacheDirectory, diskCache, type DocumentCache, noCache } from '../catalog/document-cache.ts';
import { loadKubeconfig } from '../cluster/kubeconfig/load.ts';
import type { ClusterTarget } from '../cluster/kubeconfig/target.ts';
import { userKeyOf } from '../cluster/kubeconfig/user-key.ts';
import { createUpstream } from '../cluster/transport/create.ts';
import type { Upstream } from '../cluster/upstream.ts';
import type { AuthMode } from '../server/options.ts';
import type { Log } from '../util/log.ts';

/** Which cluster, and how it is talked to. */
export interface ClusterOptions {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly mode: AuthMode;
  readonly readOnly: boolean;
  readonly execPolicy: 'allow' | 'deny';
  readonly useCache: boolean;
}

/** A cluster to be talked to; nothing is connected before the first call. */
export interface ClusterConnection {
  readonly target: ClusterTarget;
  readonly upstream: Upstream;
  readonly cache: DocumentCache;
}

/** Throws KubegraphError KUBECONFIG_INVALID when there is no kubeconfig, or one that cannot be used. */
export function connectCluster(options: ClusterOptions, log: Log): ClusterConnection {
  const target = loadKubeconfig({
    env: process.env,
    homeDir: homedir(),
    ...(options.kubeconfig === undefined ? {} : { path: options.kubeconfig }),
    ...(options.context === undefined ? {} : { context: options.context }),
  });
  if (target.tls.insecureSkipVerify) {
    log.warn(
      "the kubeconfig skips verification of the API server's certificate: whoever is on the way can read and change everything",
    );
  }
  const { mode, readOnly, execPolicy, useCache } = options;
  const upstream = createUpstream({
    target,
    mode,
    readOnly,
    execPolicy,
    onWarning: (message) => log.warn(message),
  });
  return { target, upstream, cache: useCache ? cacheFor(target) : noCache };
}

function cacheFor(target: ClusterTarget): DocumentCache {
  const directory = defaultCacheDirectory(process.env, homedir());
  const { origin, pathPrefix } = target.server;
  return directory === undefined ? noCache : diskCache(directory, origin + pathPrefix, userKeyOf(target));
}
