import { pinnedName, type WatchScope } from '../scope.ts';

/** `spec.resourceAttributes` of an access review: who may watch what `scope` says. */
export interface ResourceAttributes {
  readonly verb: 'watch';
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  /** Absent means all of them, as for cluster-scoped resources. */
  readonly namespace?: string;
  readonly name?: string;
  /** Since Kubernetes 1.32 a permission may depend on the selectors; servers before it ignore them here. */
  readonly labelSelector?: { readonly rawSelector: string };
  readonly fieldSelector?: { readonly rawSelector: string };
}

/** What the API server checks when a watch of `scope` starts; undefined for a path that is no collection. */
export function watchAttributes(scope: WatchScope): ResourceAttributes | undefined {
  const collection = collectionOf(scope.path);
  if (collection === undefined) return undefined;
  const name = pinnedName(scope);
  return {
    verb: 'watch',
    ...collection,
    ...(name === undefined ? {} : { name }),
    ...(scope.labelSelector ? { labelSelector: { rawSelector: scope.labelSelector } } : {}),
    ...(scope.fieldSelector ? { fieldSelector: { rawSelector: scope.fieldSelector } } : {}),
  };
}

type Collection = Pick<ResourceAttributes, 'group' | 'version' | 'resource' | 'namespace'>;

function collectionOf(path: string): Collection | undefined {
  const [root, ...segments] = path.split('/').slice(1).map(decodeURIComponent);
  const group = root === 'apis' ? segments.shift() : '';
  const [version, ...rest] = segments;
  if ((root !== 'api' && root !== 'apis') || group === undefined || version === undefined) return undefined;
  const [first, namespace, resource] = rest;
  // The namespaces themselves are a collection, too.
  if (rest.length === 1 && first !== undefined) return { group, version, resource: first };
  if (rest.length !== 3 || first !== 'namespaces' || namespace === undefined || resource === undefined)
    return undefined;
  return { group, version, resource, namespace };
}
