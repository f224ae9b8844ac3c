import { at, listAt, textAt } from './exact-json.ts';
import type { Kubectl } from './kubectl.ts';

/** One resource of one group-version, as `kubectl get --raw /apis/GROUP/VERSION` lists it. */
export interface ServedResource {
  /** Empty for core. */
  readonly group: string;
  readonly version: string;
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** Every resource of every version of every group: what kubectl's own table shortens to the preferred versions. */
export async function servedResources(kubectl: Kubectl): Promise<readonly ServedResource[]> {
  const groups = listAt(await kubectl.raw('/apis'), 'groups');
  const versions = groups.flatMap((group) =>
    listAt(group, 'versions').map((version) => `/apis/${textAt(version, 'groupVersion')}`),
  );
  const lists = await Promise.all(['/api/v1', ...versions].map((path) => resourcesAt(kubectl, path)));
  return lists.flat();
}

async function resourcesAt(kubectl: Kubectl, path: string): Promise<readonly ServedResource[]> {
  const [, , group = '', version = 'v1'] = path === '/api/v1' ? [] : path.split('/');
  return listAt(await kubectl.raw(path), 'resources')
    .map((resource) => ({
      group,
      version,
      name: textAt(resource, 'name'),
      kind: textAt(resource, 'kind'),
      namespaced: at(resource, 'namespaced') === true,
      verbs: listAt(resource, 'verbs').map(String),
    }))
    .filter(({ name }) => !name.includes('/'));
}

/** `/api/v1/namespaces/NAMESPACE/pods/NAME`, as far as it goes. */
export function pathOf(
  { group, version, name: plural }: ServedResource,
  namespace?: string,
  name?: string,
): string {
  const base = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const inNamespace = namespace === undefined ? '' : `/namespaces/${namespace}`;
  return `${base}${inNamespace}/${plural}${name === undefined ? '' : `/${name}`}`;
}

/** `v1`, `apps/v1`. */
export function apiVersionOf({ group, version }: ServedResource): string {
  return group === '' ? version : `${group}/${version}`;
}
