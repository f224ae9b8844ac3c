import type { Resource, Subresource } from '../../catalog/resource.ts';
import { kindKey } from '../../catalog/openapi/shapes.ts';
import { basePathOf } from '../../cluster/resource-path.ts';
import type { ResourceAction } from '../bindings.ts';
import type { FieldDefinition, TypeRef } from './definitions.ts';
import { deprecationIn } from './deprecation.ts';
import type { GroupVersionTypes } from './group-version-types.ts';
import { isAnsweredByStatus } from './reached-shapes.ts';
import { rootArguments } from './root-arguments.ts';
import type { RootField } from '../names/resource-fields.ts';

/**
 * A root field's definition.
 *
 * @param types of the resource's group-version.
 * @param warning what the API server says of the resource's deprecation, if it has.
 */
export function rootFieldDefinition(
  types: GroupVersionTypes,
  field: RootField,
  warning: string | undefined,
): FieldDefinition {
  const { name, resource, action, subresource } = field;
  return {
    name,
    type:
      subresource === undefined
        ? resourceType(types, resource, action)
        : subresourceType(types, resource, subresource, action),
    args: rootArguments(field, types.inputName(subresource?.kind ?? resource)),
    description: describe(field),
    deprecated: warning ?? deprecationIn(types.description(resource)),
    root: { kind: 'resource', action, resource, subresource },
  };
}

function resourceType(types: GroupVersionTypes, resource: Resource, action: ResourceAction): TypeRef {
  switch (action) {
    case 'list':
    case 'deleteCollection':
      return types.surroundingName(resource, 'Connection');
    case 'watch':
      return `${types.surroundingName(resource, 'Event')}!`;
    case 'live':
      return `${types.surroundingName(resource, 'Live')}!`;
    case 'delete':
      return types.surroundingName(resource, 'Deletion');
    default:
      return types.kindName(resource);
  }
}

function subresourceType(
  types: GroupVersionTypes,
  resource: Resource,
  subresource: Subresource,
  action: ResourceAction,
): TypeRef {
  if (isAnsweredByStatus(subresource, action)) return 'Status';
  const { kind } = subresource;
  const isOwn = kind === undefined || kindKey(kind) === kindKey(resource);
  return isOwn ? types.kindName(resource) : (types.subresourceName(kind) ?? 'JSON');
}

const SUMMARIES: Readonly<Record<ResourceAction, (resource: Resource) => string>> = {
  get: ({ kind }) => `One ${kind}; null with NOT_FOUND where there is none.`,
  list: ({ kind, namespaced }) =>
    namespaced ? `All ${kind} objects of a namespace, or of all namespaces.` : `All ${kind} objects.`,
  watch: ({ kind }) => `Every ${kind} as ADDED, then SYNCED, then each change.`,
  live: ({ kind }) => `A sorted list of ${kind} objects that keeps itself current: a snapshot, then patches.`,
  create: ({ kind }) => `Creates ${article(kind)}.`,
  replace: ({ kind }) => `Replaces ${article(kind)} as a whole: what the input lacks is removed.`,
  patch: ({ kind }) => `Changes parts of ${article(kind)}.`,
  apply: ({ kind }) =>
    `Server-side apply: creates ${article(kind)}, or sets the fields that the input names.`,
  delete: ({ kind }) => `Deletes ${article(kind)}.`,
  scale: ({ kind }) => `Sets how many replicas ${article(kind)} has.`,
  deleteCollection: ({ kind }) => `Deletes all ${kind} objects that match; answers what was deleted.`,
};

/** `a Pod`, `an APIService`. */
function article(kind: string): string {
  return `${/^[AEIO]/.test(kind) ? 'an' : 'a'} ${kind}`;
}

const METHODS: Readonly<Record<ResourceAction, string>> = {
  get: 'GET',
  list: 'GET',
  watch: 'GET',
  live: 'GET',
  create: 'POST',
  replace: 'PUT',
  patch: 'PATCH',
  apply: 'PATCH',
  delete: 'DELETE',
  deleteCollection: 'DELETE',
  scale: 'PATCH',
};

function describe(field: RootField): string {
  const { action, resource, subresource } = field;
  const summary =
    subresource === undefined || action === 'scale'
      ? SUMMARIES[action](resource)
      : `The \`${subresource.name}\` subresource of ${article(resource.kind)}.`;
  const path = `${METHODS[action]} ${pathTemplate(field, resource.namespaced)}`;
  const across =
    resource.namespaced && ACROSS_NAMESPACES.has(action)
      ? `, or \`${pathTemplate(field, false)}\` across namespaces`
      : '';
  return `${summary} HTTP path: \`${path}\`${across}`;
}

/** What goes without a namespace, too. */
const ACROSS_NAMESPACES: ReadonlySet<ResourceAction> = new Set(['list', 'watch', 'live']);

function pathTemplate({ action, resource, subresource }: RootField, isInNamespace: boolean): string {
  const namespace = isInNamespace ? '/namespaces/{namespace}' : '';
  const collection = `${basePathOf(resource)}${namespace}/${resource.resource}`;
  if (subresource !== undefined) return `${collection}/{name}/${subresource.name}`;
  if (action === 'watch' || action === 'live') return `${collection}?watch=1`;
  return ['list', 'create', 'deleteCollection'].includes(action) ? collection : `${collection}/{name}`;
}
