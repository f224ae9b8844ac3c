import { type GraphQLFieldConfig, GraphQLNonNull, type GraphQLOutputType } from 'graphql';
import { basePathOf, type Resource, type Subresource } from '../catalog/resource.ts';
import type { ResourceAction } from './bindings.ts';
import { kindTypeName } from './naming.ts';
import { rootArguments } from './root-arguments.ts';
import type { RootField } from './root-names.ts';
import type { ShapeTypes } from './shape-types.ts';
import { SurroundingTypes } from './surrounding-types.ts';

/** Subresources that are asked for something instead of being changed. */
const ANSWERED_BY_STATUS: ReadonlySet<string> = new Set(['binding', 'eviction']);

/** A root field's definition. The resource's group-version must be loaded. */
export function rootFieldConfig(types: ShapeTypes, field: RootField): GraphQLFieldConfig<unknown, unknown> {
  const { resource, action, subresource } = field;
  return {
    type:
      subresource === undefined
        ? resourceType(types, resource, action)
        : subresourceType(types, resource, subresource, action),
    args: rootArguments(types, field),
    description: describe(field),
    extensions: { root: { kind: 'resource', action, resource, subresource } },
  };
}

function resourceType(types: ShapeTypes, resource: Resource, action: ResourceAction): GraphQLOutputType {
  const around = new SurroundingTypes(types);
  switch (action) {
    case 'list':
    case 'deleteCollection':
      return around.connection(resource);
    case 'watch':
      return new GraphQLNonNull(around.event(resource));
    case 'delete':
      return around.deletion(resource);
    default:
      return types.kind(resource);
  }
}

function subresourceType(
  types: ShapeTypes,
  resource: Resource,
  subresource: Subresource,
  action: ResourceAction,
): GraphQLOutputType {
  // OpenAPI says that these answer what they are given; the API server answers a Status.
  if (action === 'create' && ANSWERED_BY_STATUS.has(subresource.name)) return types.base('Status');
  const kind = subresource.kind;
  const isOwn = kind === undefined || kindTypeName(kind) === kindTypeName(resource);
  if (isOwn) return types.kind(resource);
  return types.subresourceKind(resource, kind) ?? types.base('JSON');
}

const SUMMARIES: Readonly<Record<ResourceAction, (resource: Resource) => string>> = {
  get: ({ kind }) => `One ${kind}; null with NOT_FOUND where there is none.`,
  list: ({ kind, namespaced }) =>
    namespaced ? `All ${kind} objects of a namespace, or of all namespaces.` : `All ${kind} objects.`,
  watch: ({ kind }) => `Every ${kind} as ADDED, then SYNCED, then each change.`,
  create: ({ kind }) => `Creates a ${kind}.`,
  replace: ({ kind }) => `Replaces a ${kind} as a whole: what the input lacks is removed.`,
  patch: ({ kind }) => `Changes parts of a ${kind}.`,
  apply: ({ kind }) => `Server-side apply: creates a ${kind}, or sets the fields that the input names.`,
  delete: ({ kind }) => `Deletes a ${kind}.`,
  scale: ({ kind }) => `Sets how many replicas a ${kind} has.`,
  deleteCollection: ({ kind }) => `Deletes all ${kind} objects that match; answers what was deleted.`,
};

const METHODS: Readonly<Record<ResourceAction, string>> = {
  get: 'GET',
  list: 'GET',
  watch: 'GET',
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
      : `The \`${subresource.name}\` subresource of a ${resource.kind}.`;
  return `${summary} HTTP path: \`${METHODS[action]} ${pathTemplate(field)}\``;
}

function pathTemplate({ action, resource, subresource }: RootField): string {
  const namespace = resource.namespaced ? '/namespaces/{namespace}' : '';
  const collection = `${basePathOf(resource)}${namespace}/${resource.resource}`;
  if (subresource !== undefined) return `${collection}/{name}/${subresource.name}`;
  if (action === 'watch') return `${collection}?watch=1`;
  return ['list', 'create', 'deleteCollection'].includes(action) ? collection : `${collection}/{name}`;
}
