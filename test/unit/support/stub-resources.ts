/** A resource that the stub API server serves. */
export interface StubResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly StubSubresource[];
  /** Custom resources have their own order of keys in lists, and items that say what they are. */
  readonly isCustom: boolean;
}

export interface StubSubresource {
  readonly name: string;
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly verbs: readonly string[];
}

/** One version of one group, in the order in which the server prefers them. */
export interface StubGroupVersion {
  readonly group: string;
  readonly version: string;
  /** The aggregated API behind it does not answer. */
  readonly stale?: boolean;
  readonly resources: readonly StubResource[];
  /** The text of its OpenAPI document; absent where the server has none. */
  readonly openApi?: string;
}

const ALL_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** A namespaced core resource with all verbs, unless said otherwise. */
export function stubResource(
  of: Partial<StubResource> & Pick<StubResource, 'kind' | 'plural'>,
): StubResource {
  const group = of.group ?? '';
  return {
    group,
    version: 'v1',
    singular: of.kind.toLowerCase(),
    namespaced: true,
    verbs: ALL_VERBS,
    shortNames: [],
    categories: [],
    subresources: [],
    isCustom: group.includes('.') && !group.endsWith('.k8s.io'),
    ...of,
  };
}

/** A group-version of the resources with these kinds and plurals. */
export function stubGroupVersion(
  group: string,
  version: string,
  kinds: Readonly<Record<string, string>>,
  more: Partial<StubGroupVersion> = {},
): StubGroupVersion {
  const resources = Object.entries(kinds).map(([kind, plural]) =>
    stubResource({ group, version, kind, plural }),
  );
  return { group, version, resources, ...more };
}

/** `/api/v1`, `/apis/apps/v1`. */
export function stubBasePath(of: { readonly group: string; readonly version: string }): string {
  return of.group === '' ? `/api/${of.version}` : `/apis/${of.group}/${of.version}`;
}

export function stubApiVersion(of: { readonly group: string; readonly version: string }): string {
  return of.group === '' ? of.version : `${of.group}/${of.version}`;
}
