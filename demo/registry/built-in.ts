import type { ServedResource, ServedSubresource } from '../api/resource.ts';
import { builtIn, type CapturedGroup, type CapturedResource, definitionName } from '../schema/unpack.ts';
import { SELECTABLE_FIELDS } from './selectable-fields.ts';

/** The others are not served: ephemeralcontainers, proxy, resize. Attach and portforward are, and refuse. */
const SUBRESOURCES: ReadonlySet<string> = new Set([
  'attach',
  'binding',
  'eviction',
  'exec',
  'finalize',
  'log',
  'portforward',
  'scale',
  'status',
  'token',
]);

/** `GROUP/PLURAL`. Scheduling by hand and a list of components that nobody asks for any more. */
const NOT_SERVED: ReadonlySet<string> = new Set(['/bindings', '/componentstatuses']);

/** Two names for the same objects. */
const STORED_ELSEWHERE: Readonly<Record<string, string>> = { 'events.k8s.io/events': '/events' };

const DEPRECATED: Readonly<Record<string, string>> = {
  '/endpoints': 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
};

let served: readonly ServedResource[] | undefined;

/** The built-in resources in the order of discovery. */
export function builtInResources(): readonly ServedResource[] {
  served ??= builtIn().groups.flatMap(resourcesOf);
  return served;
}

function resourcesOf({ group, versions }: CapturedGroup): readonly ServedResource[] {
  return versions.flatMap(({ version, resources }) =>
    resources
      .filter(({ resource }) => !NOT_SERVED.has(`${group}/${resource}`))
      .map((resource) => resourceOf(group, version, resource)),
  );
}

function resourceOf(group: string, version: string, captured: CapturedResource): ServedResource {
  const { resource } = captured;
  const { kind } = captured.responseKind;
  const key = `${group}/${resource}`;
  const deprecationWarning = DEPRECATED[key];
  return {
    group,
    version,
    resource,
    singular: captured.singularResource,
    kind,
    namespaced: captured.scope === 'Namespaced',
    shortNames: captured.shortNames ?? [],
    categories: captured.categories ?? [],
    verbs: captured.verbs,
    subresources: subresourcesOf(group, version, captured),
    storageKey: STORED_ELSEWHERE[key] ?? key,
    isCustom: false,
    definition: definitionName({ group, version, kind }) ?? '',
    printerColumns: [],
    selectableFields: SELECTABLE_FIELDS[key] ?? [],
    ...(deprecationWarning === undefined ? {} : { deprecationWarning }),
  };
}

function subresourcesOf(
  group: string,
  version: string,
  { subresources = [] }: CapturedResource,
): readonly ServedSubresource[] {
  return subresources
    .filter(({ subresource }) => SUBRESOURCES.has(subresource))
    .map(({ subresource, responseKind, verbs }) => ({
      name: subresource,
      kind: responseKind.version === '' ? { group, version, kind: responseKind.kind } : responseKind,
      verbs,
    }));
}
