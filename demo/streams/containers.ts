import type { KubeObject } from '../api/object.ts';
import { ApiError } from '../api/status.ts';

/**
 * The container that a request means: the only one, unless it is named.
 *
 * @throws ApiError 400 where the name is missing or wrong.
 */
export function chooseContainer(pod: KubeObject, wanted: string | undefined): string {
  const all = containerNames(pod);
  const own = namesIn(pod, 'containers');
  if (wanted !== undefined && wanted !== '') {
    if (all.includes(wanted)) return wanted;
    throw badRequest(`container ${wanted} is not valid for pod ${pod.metadata.name}`);
  }
  const only = own[0];
  if (all.length === 1 && only !== undefined) return only;
  throw badRequest(
    `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${all.join(' ')}]`,
  );
}

/** The node that a pod runs on; undefined while it waits for one. */
export function nodeOf(pod: KubeObject): string | undefined {
  const { nodeName } = (pod['spec'] ?? {}) as { readonly nodeName?: string };
  return nodeName === '' ? undefined : nodeName;
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, message, { reason: 'BadRequest' });
}

/** Init containers first, as the real server lists them. */
function containerNames(pod: KubeObject): readonly string[] {
  return [
    ...namesIn(pod, 'initContainers'),
    ...namesIn(pod, 'containers'),
    ...namesIn(pod, 'ephemeralContainers'),
  ];
}

function namesIn(pod: KubeObject, list: string): readonly string[] {
  // The schema has checked what was stored.
  const spec = (pod['spec'] ?? {}) as Readonly<
    Record<string, readonly { readonly name: string }[] | undefined>
  >;
  return (spec[list] ?? []).map(({ name }) => name);
}
