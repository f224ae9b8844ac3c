import { KubegraphError } from '../../errors/kubegraph-error.ts';
import { printable } from '../printable.ts';
import { checkCluster } from './cluster.ts';
import { isExplicit, type KubeconfigOptions, type MergedConfig, readKubeconfigs } from './files.ts';
import { inClusterTarget, isInCluster, SERVICE_ACCOUNT_DIR } from './in-cluster.ts';
import type { RawCluster, RawConfig, RawContext } from './raw.ts';
import { listOfNames, refusal } from './refusal.ts';
import type { ClusterTarget } from './target.ts';
import { checkUser, NO_CREDENTIALS } from './user.ts';

export interface LoadOptions extends KubeconfigOptions {
  /** Default: the current-context. */
  readonly context?: string;
  /** Where a pod's service account is mounted. Default: where every kubelet mounts it. */
  readonly serviceAccountDir?: string;
}

const DNS_LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

/**
 * The cluster that kubectl would talk to from the same place, with the same files and environment.
 *
 * Looks at `path` alone; else at the files in $KUBECONFIG, merged; else at `~/.kube/config`; and, where none of them
 * chooses a cluster and nothing was asked for by name, at the pod's service account. Reads files, runs nothing.
 *
 * @throws KubegraphError KUBECONFIG_INVALID, one line that names file, entry and field, and what to do.
 */
export function loadKubeconfig(options: LoadOptions): ClusterTarget {
  const merged = readKubeconfigs(options);
  const name = options.context || merged.config.currentContext;
  if (name === '') return withoutContext(merged, options);
  const context = merged.config.contexts.get(name);
  if (context === undefined) throw unknownContext(name, merged);
  const cluster = clusterOf(context, merged.config);
  const way = checkCluster(cluster, options.env);
  return {
    source: 'kubeconfig',
    contextName: name,
    namespace: namespaceOf(context),
    ...way,
    ...userOf(context, merged.config, cluster, way.server.isTls),
  };
}

function withoutContext(merged: MergedConfig, options: LoadOptions): ClusterTarget {
  const directory = options.serviceAccountDir ?? SERVICE_ACCOUNT_DIR;
  if (!isExplicit(options) && isInCluster(options.env, directory))
    return inClusterTarget(options.env, directory);
  const { config, files, candidates } = merged;
  if (files.length === 0) {
    throw new KubegraphError(
      'KUBECONFIG_INVALID',
      printable(
        `no kubeconfig: ${candidates.join(', ') || '$KUBECONFIG names no file'} (not there), and this is not a pod`,
      ),
    );
  }
  throw refusal(
    { file: files.join(', ') },
    'field "current-context"',
    `is not set; set it or choose a context: ${listOfNames([...config.contexts.keys()])}`,
  );
}

function unknownContext(name: string, { config, files, candidates }: MergedConfig): KubegraphError {
  const place = { file: files.join(', ') || candidates.join(', ') };
  return refusal(
    place,
    `context ${JSON.stringify(name)}`,
    `does not exist; there are: ${listOfNames([...config.contexts.keys()])}`,
  );
}

function namespaceOf(context: RawContext): string {
  if (context.namespace === '' || DNS_LABEL.test(context.namespace)) return context.namespace || 'default';
  throw refusal(
    context.place,
    'field "namespace"',
    `${JSON.stringify(context.namespace)} is not a name that a namespace can have`,
  );
}

function clusterOf(context: RawContext, config: RawConfig): RawCluster {
  if (context.cluster === '') throw refusal(context.place, 'field "cluster"', 'is missing; name a cluster');
  const cluster = config.clusters.get(context.cluster);
  if (cluster !== undefined) return cluster;
  const known = listOfNames([...config.clusters.keys()]);
  throw refusal(
    context.place,
    'field "cluster"',
    `${JSON.stringify(context.cluster)} does not exist; there are: ${known}`,
  );
}

/** A context without a user is anonymous. One that names a user who is not there is refused: kubectl goes on anonymously. */
function userOf(
  context: RawContext,
  config: RawConfig,
  cluster: RawCluster,
  isTls: boolean,
): Pick<ClusterTarget, 'credentials' | 'impersonation'> {
  if (context.user === '') return { credentials: NO_CREDENTIALS, impersonation: undefined };
  const user = config.users.get(context.user);
  if (user !== undefined) return checkUser(user, cluster, isTls);
  const known = listOfNames([...config.users.keys()]);
  throw refusal(
    context.place,
    'field "user"',
    `${JSON.stringify(context.user)} does not exist; there are: ${known}`,
  );
}
