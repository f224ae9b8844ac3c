import type { ClusterOptions } from './cluster-connection.ts';
import { type Flags, type FlagSpec, textOf } from './command.ts';

/** The flags that choose a cluster. */
export const CLUSTER_FLAGS: Readonly<Record<string, FlagSpec>> = {
  kubeconfig: {
    type: 'string',
    value: 'FILE',
    description: 'Default: $KUBECONFIG, then ~/.kube/config, then the service account of the pod.',
  },
  context: { type: 'string', value: 'NAME', description: 'Default: the current context.' },
};

/** The flags that say what may be done with the kubeconfig that chooses it. */
export const PLUGIN_FLAGS: Readonly<Record<string, FlagSpec>> = {
  'no-exec': {
    type: 'boolean',
    description: 'Do not run the credential plugins that the kubeconfig names.',
  },
};

export function readClusterFlags(
  flags: Flags,
): Pick<ClusterOptions, 'kubeconfig' | 'context' | 'execPolicy'> {
  return {
    kubeconfig: textOf(flags, 'kubeconfig'),
    context: textOf(flags, 'context'),
    execPolicy: flags['no-exec'] === true ? 'deny' : 'allow',
  };
}
