import { homedir } from 'node:os';
import { loadKubeconfig } from '../cluster/kubeconfig/load.ts';
import type { ClusterTarget } from '../cluster/kubeconfig/target.ts';
import type { Code } from '../errors/codes.ts';
import { isKubegraphError } from '../errors/kubegraph-error.ts';
import { CommandFailure } from './command.ts';

/** The cluster that flags choose. Throws CommandFailure when there is no kubeconfig, or one that cannot be used. */
export function readTarget(options: {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
}): ClusterTarget {
  const { kubeconfig, context } = options;
  try {
    return loadKubeconfig({
      env: process.env,
      homeDir: homedir(),
      ...(kubeconfig === undefined ? {} : { path: kubeconfig }),
      ...(context === undefined ? {} : { context }),
    });
  } catch (error) {
    if (!isKubegraphError(error, 'KUBECONFIG_INVALID')) throw error;
    // The message begins with the file's path. An empty name is none.
    throw new CommandFailure(`${kubeconfig ? '--kubeconfig ' : ''}${error.message}`, { cause: error });
  }
}

/**
 * A failure with the server's URL before it where nobody, or no API server, answered. For the command line's own words
 * only: clients of a gateway are not told where its API server is.
 */
export function namingServer(error: unknown, { server }: ClusterTarget): unknown {
  if (!isKubegraphError(error) || !UNANSWERED.has(error.code)) return error;
  return new CommandFailure(`${server.origin}${server.pathPrefix}: ${error.message}`, { cause: error });
}

const UNANSWERED: ReadonlySet<Code> = new Set<Code>(['UNREACHABLE', 'TIMEOUT', 'UPSTREAM_ERROR']);
