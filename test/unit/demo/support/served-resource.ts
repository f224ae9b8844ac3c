import type { ServedResource, ServedSubresource } from '../../../../demo/api/resource.ts';

export const ALL_VERBS = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
] as const;

/** A namespaced resource of version v1 that can do everything and has nothing special. */
export function servedResource(
  resource: string,
  kind: string,
  rest: Partial<ServedResource> = {},
): ServedResource {
  const { group = '' } = rest;
  return {
    group,
    version: 'v1',
    resource,
    singular: kind.toLowerCase(),
    kind,
    namespaced: true,
    shortNames: [],
    categories: [],
    verbs: ALL_VERBS,
    subresources: [],
    storageKey: `${group}/${resource}`,
    isCustom: false,
    definition: kind,
    printerColumns: [],
    selectableFields: [],
    ...rest,
  };
}

/** A subresource that answers some core kind. */
export function subresource(name: string, verbs: readonly string[]): ServedSubresource {
  return { name, kind: { group: '', version: 'v1', kind: 'Pod' }, verbs };
}
