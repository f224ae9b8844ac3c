import { type KubeconfigOptions, readKubeconfigs } from './files.ts';

export interface ContextSummary {
  readonly name: string;
  readonly isCurrent: boolean;
  readonly namespace: string;
  /** Host and port of its API server; undefined where the context names no usable cluster. */
  readonly serverHost: string | undefined;
}

/**
 * The contexts there are, in file order, for people to choose from. Says nothing about whether they can be used.
 *
 * @throws KubegraphError KUBECONFIG_INVALID when a file cannot be read.
 */
export function listContexts(options: KubeconfigOptions): readonly ContextSummary[] {
  const { config } = readKubeconfigs(options);
  return [...config.contexts].map(([name, context]) => ({
    name,
    isCurrent: name === config.currentContext,
    namespace: context.namespace || 'default',
    serverHost: hostOf(config.clusters.get(context.cluster)?.server ?? ''),
  }));
}

function hostOf(server: string): string | undefined {
  return (URL.canParse(server) ? new URL(server).host : '') || undefined;
}
