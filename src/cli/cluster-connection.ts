import { homedir } from 'node:os';
import { defaultCacheDirectory, diskCache, type DocumentCache, noCache } from '../catalog/document-cache.ts';
import { pruneDiskCache } from '../catalog/prune-cache.ts';
import type { ClusterTarget } from '../cluster/kubeconfig/target.ts';
import { userKeyOf } from '../cluster/kubeconfig/user-key.ts';
import { type ClusterUpstream, createUpstream } from '../cluster/transport/create.ts';
import type { AuthMode } from '../server/options.ts';
import { backgroundClock, type Clock } from '../util/clock.ts';
import type { Log } from '../util/log.ts';
import { readTarget } from './cluster-target.ts';

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
  readonly upstream: ClusterUpstream;
  readonly cache: DocumentCache;
}

/** The cache on disk is pruned so long after a start, in milliseconds: first answers have the disk to themselves. */
const PRUNE_AFTER_MS = 30_000;

/** Throws CommandFailure when there is no kubeconfig, or one that cannot be used. */
export function connectCluster(
  options: ClusterOptions,
  log: Log,
  clock: Clock = backgroundClock,
): ClusterConnection {
  const target = readTarget(options);
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
  return { target, upstream, cache: useCache ? cacheFor(target, clock) : noCache };
}

function cacheFor(target: ClusterTarget, clock: Clock): DocumentCache {
  const directory = defaultCacheDirectory(process.env, homedir());
  if (directory === undefined) return noCache;
  clock.schedule(PRUNE_AFTER_MS, () => void pruneDiskCache(directory));
  const { origin, pathPrefix } = target.server;
  return diskCache(directory, origin + pathPrefix, userKeyOf(target));
}
