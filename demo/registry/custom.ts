import type { ServedResource, ServedSubresource } from '../api/resource.ts';
import type { Definition, DefinitionVersion } from '../schema/definition.ts';
import { customDefinitionName } from '../schema/names.ts';
import { compareVersions } from './versions.ts';

/** Where CustomResourceDefinitions are stored. */
export const DEFINITIONS = 'apiextensions.k8s.io/customresourcedefinitions';

/** What a CustomResourceDefinition makes served: nothing until it is established. Versions in the order of preference. */
export function customResources(definition: Definition): readonly ServedResource[] {
  if (!hasCondition(definition, 'Established')) return [];
  return definition.spec.versions
    .filter(({ served }) => served)
    .toSorted((a, b) => compareVersions(a.name, b.name))
    .map((version) => resourceOf(definition, version));
}

function hasCondition({ status }: Definition, type: string): boolean {
  return (
    status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') === true
  );
}

function resourceOf(definition: Definition, version: DefinitionVersion): ServedResource {
  const { group, scope } = definition.spec;
  const names = { ...definition.spec.names, ...definition.status?.acceptedNames };
  const kind = { group, version: version.name, kind: names.kind };
  return {
    ...kind,
    resource: names.plural,
    singular: names.singular ?? names.kind.toLowerCase(),
    namespaced: scope === 'Namespaced',
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    verbs: hasCondition(definition, 'Terminating') ? VERBS_WHEN_TERMINATING : VERBS,
    subresources: subresourcesOf(kind, version),
    storageKey: `${group}/${names.plural}`,
    isCustom: true,
    definition: customDefinitionName(kind),
    printerColumns: version.additionalPrinterColumns ?? [],
    selectableFields: (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath.replace(/^\./, '')),
    ...deprecation(kind, version),
  };
}

/** In the real server's order. */
const VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
const VERBS_WHEN_TERMINATING = ['delete', 'deletecollection', 'get', 'list', 'watch'];

const SUBRESOURCE_VERBS = ['get', 'patch', 'update'];

function subresourcesOf(
  kind: ServedSubresource['kind'],
  { subresources }: DefinitionVersion,
): readonly ServedSubresource[] {
  const scale = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
  return [
    ...(subresources?.status === undefined ? [] : [{ name: 'status', kind, verbs: SUBRESOURCE_VERBS }]),
    ...(subresources?.scale === undefined ? [] : [{ name: 'scale', kind: scale, verbs: SUBRESOURCE_VERBS }]),
  ];
}

function deprecation(
  { group, version, kind }: ServedSubresource['kind'],
  { deprecated, deprecationWarning }: DefinitionVersion,
): Pick<ServedResource, 'deprecationWarning'> {
  if (deprecated !== true) return {};
  return { deprecationWarning: deprecationWarning ?? `${group}/${version} ${kind} is deprecated` };
}
