import type { Deprecations } from '../catalog/deprecations/deprecations.ts';
import type { Discovery, Resource } from '../catalog/resource.ts';
import { basePathOf } from '../cluster/resource-path.ts';
import type { Upstream } from '../cluster/upstream.ts';

/** `upstream`, with `deprecations` told of every warning about a resource of `discovery`. */
export function observedUpstream(
  upstream: Upstream,
  discovery: Discovery,
  deprecations: Deprecations,
): Upstream {
  return {
    send: async (request) => {
      const answer = await upstream.send(request);
      // Most answers warn of nothing, and then the path is not looked at.
      const resource = answer.warnings.length === 0 ? undefined : resourceAt(discovery, request.path);
      if (resource !== undefined) deprecations.observe(resource, answer.warnings, request.method === 'GET');
      return answer;
    },
    close: () => upstream.close(),
  };
}

/** The resource that a collection or an object at `path` belongs to; undefined for subresources and all other paths. */
function resourceAt(discovery: Discovery, path: string): Resource | undefined {
  const versions = discovery.groups.flatMap((group) => group.versions);
  const version = versions.find((of) => path.startsWith(`${basePathOf(of)}/`));
  if (version === undefined) return undefined;
  const segments = path.slice(basePathOf(version).length + 1).split('/');
  const isInNamespace = segments[0] === 'namespaces' && segments.length > 2;
  const [plural, , ...below] = isInNamespace ? segments.slice(2) : segments;
  return below.length > 0 ? undefined : version.resources.find(({ resource }) => resource === plural);
}
