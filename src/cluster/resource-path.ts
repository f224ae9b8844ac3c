/** A resource by the names that are in its paths. */
interface NamedResource {
  readonly group: string;
  readonly version: string;
  /** The plural, as in `pods`. */
  readonly resource: string;
}

/** `/api/v1` for core, `/apis/apps/v1` elsewhere. */
export function basePathOf(of: Pick<NamedResource, 'group' | 'version'>): string {
  return of.group === '' ? `/api/${of.version}` : `/apis/${of.group}/${of.version}`;
}

/** The path of a collection (without `name`) or of one object. Segments are percent-encoded. */
export function pathOf(
  resource: NamedResource,
  namespace: string | undefined,
  name?: string,
  subresource?: string,
): string {
  const segments = [
    basePathOf(resource),
    ...(namespace === undefined ? [] : ['namespaces', encodeURIComponent(namespace)]),
    resource.resource,
    ...(name === undefined ? [] : [encodeURIComponent(name)]),
    ...(subresource === undefined ? [] : [subresource]),
  ];
  return segments.join('/');
}

/** The path of a namespace's pods, of one of them, or of what there is to it: its log, a way into it. */
export function podPath(namespace: string, name?: string, subresource?: string): string {
  return pathOf(PODS, namespace, name, subresource);
}

const PODS: NamedResource = { group: '', version: 'v1', resource: 'pods' };
