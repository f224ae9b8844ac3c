import { podPath } from '../cluster/resource-path.ts';
import { isKubegraphError } from '../errors/kubegraph-error.ts';
import { readPod } from './pod.ts';

/**
 * The container that people mean who name none: the one that the pod's annotation names, or the first, as to kubectl. Undefined where
 * that is for the API server to say. Rejects as `read` does, but for FORBIDDEN.
 *
 * @param read the JSON at a path of the API server.
 */
export async function defaultContainer(
  namespace: string,
  pod: string,
  read: (path: string) => Promise<Buffer>,
): Promise<string | undefined> {
  try {
    return readPod(await read(podPath(namespace, pod)))?.defaultContainer;
  } catch (error) {
    // Whoever may read logs, or run commands, need not be one who may read pods.
    if (isKubegraphError(error, 'FORBIDDEN')) return undefined;
    throw error;
  }
}
