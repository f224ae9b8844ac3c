import { apiVersionOf, type ServedResource, type ServedSubresource } from '../api/resource.ts';
import { capitalized, metaDefinition } from './names.ts';
import { type Operation, operationOf, resourceListOperation } from './operation.ts';
import type { Action, Parameter } from './parameters.ts';
import { definitionName } from './unpack.ts';

export type PathItem = Readonly<Record<string, unknown>>;
type Paths = readonly (readonly [string, PathItem])[];
type Methods = readonly (readonly [string, Operation])[];

/**
 * The `paths` of a group-version's document: the operations, ids, actions and kinds of the real server's, without
 * descriptions and without the deprecated `/watch/` paths.
 */
export function pathsOf(
  groupVersion: { readonly group: string; readonly version: string },
  resources: readonly ServedResource[],
): Readonly<Record<string, PathItem>> {
  const root = `${groupVersion.group === '' ? '/api' : '/apis'}/${apiVersionOf(groupVersion)}`;
  // The real documents of custom resources have no path for their resource list.
  const isCustom = resources.some((resource) => resource.isCustom);
  const own: Paths = isCustom
    ? []
    : [[`${root}/`, { get: withoutParameters(resourceListOperation(groupVersion)) }]];
  const all = [...own, ...resources.flatMap((resource) => pathsOfResource(root, resource))];
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function pathsOfResource(root: string, resource: ServedResource): Paths {
  const collection = `${root}${resource.namespaced ? '/namespaces/{namespace}' : ''}/${resource.resource}`;
  const named = `${collection}/{name}`;
  const everywhere = `${root}/${resource.resource}`;
  const all: Paths = [
    [collection, pathItem(methods(resource, collection, COLLECTION_ACTIONS))],
    [named, pathItem(methods(resource, named, OBJECT_ACTIONS))],
    ...(resource.namespaced ? [[everywhere, pathItem(listEverywhere(resource, everywhere))] as const] : []),
    ...resource.subresources.map((subresource) => {
      const path = `${named}/${subresource.name}`;
      return [path, pathItem(subresourceMethods(resource, subresource, path))] as const;
    }),
  ];
  return all.filter(([, item]) => Object.keys(item).length > 0);
}

type Actions = readonly (readonly [discoveryVerb: string, action: Action, method: string])[];

const COLLECTION_ACTIONS: Actions = [
  ['list', 'list', 'get'],
  ['create', 'post', 'post'],
  ['deletecollection', 'deletecollection', 'delete'],
];

const OBJECT_ACTIONS: Actions = [
  ['get', 'get', 'get'],
  ['update', 'put', 'put'],
  ['delete', 'delete', 'delete'],
  ['patch', 'patch', 'patch'],
];

function methods(resource: ServedResource, path: string, actions: Actions): Methods {
  return actions
    .filter(([verb]) => isPublished(resource, verb))
    .map(([, action, method]) => {
      const subject = `${action === 'deletecollection' ? 'Collection' : ''}${scoped(resource)}${resource.kind}`;
      const definition = answerTo(action, resource);
      return [method, operationOf(resource, { action, path, subject, kind: resource, definition })];
    });
}

/** The real documents of custom resources have all operations, also when the definition is going away. */
function isPublished({ isCustom, verbs }: ServedResource, verb: string): boolean {
  return isCustom || verbs.includes(verb);
}

function listEverywhere(resource: ServedResource, path: string): Methods {
  if (!isPublished(resource, 'list')) return [];
  const subject = `${resource.kind}ForAllNamespaces`;
  const definition = answerTo('list', resource);
  return [['get', operationOf(resource, { action: 'list', path, subject, kind: resource, definition })]];
}

function subresourceMethods(
  resource: ServedResource,
  { name, kind, verbs }: ServedSubresource,
  path: string,
): Methods {
  const subject = `${scoped(resource)}${resource.kind}${capitalized(name)}`;
  if (CONNECTS.has(name)) {
    return (['Get', 'Post'] as const).map((method) => [
      method.toLowerCase(),
      operationOf(resource, {
        action: 'connect',
        path,
        subject,
        kind,
        definition: undefined,
        method,
        subresource: name,
      }),
    ]);
  }
  const definition = name === 'log' ? undefined : (definitionName(kind) ?? resource.definition);
  return [...OBJECT_ACTIONS, ...COLLECTION_ACTIONS]
    .filter(([verb]) => verbs.includes(verb))
    .map(([, action, method]) => [
      method,
      // A custom resource's scale has the resource's own kind here, other than in discovery.
      operationOf(resource, {
        action,
        path,
        subject,
        kind: resource.isCustom ? resource : kind,
        definition,
        subresource: name,
      }),
    ]);
}

/** What a connection is upgraded for. */
const CONNECTS: ReadonlySet<string> = new Set(['attach', 'exec', 'portforward']);

function scoped({ namespaced }: ServedResource): string {
  return namespaced ? 'Namespaced' : '';
}

function answerTo(action: Action, { definition }: ServedResource): string {
  if (action === 'list') return `${definition}List`;
  if (action === 'deletecollection') return metaDefinition('Status');
  if (action === 'delete' && !ANSWERED_WHEN_DELETED.has(definition)) return metaDefinition('Status');
  return definition;
}

/** What the documents promise; a real answer to a delete is a Status or the object, by finalizers and grace. */
const ANSWERED_WHEN_DELETED: ReadonlySet<string> = new Set([
  'io.k8s.api.core.v1.PersistentVolume',
  'io.k8s.api.core.v1.PersistentVolumeClaim',
  'io.k8s.api.core.v1.Pod',
  'io.k8s.api.core.v1.PodTemplate',
  'io.k8s.api.core.v1.ResourceQuota',
  'io.k8s.api.core.v1.Service',
  'io.k8s.api.core.v1.ServiceAccount',
  'io.k8s.api.storage.v1.CSIDriver',
  'io.k8s.api.storage.v1.CSINode',
  'io.k8s.api.storage.v1.StorageClass',
  'io.k8s.api.storage.v1.VolumeAttachment',
  'io.k8s.api.storage.v1.VolumeAttributesClass',
]);

/** Parameters that all operations of a path have are written once, at the path. */
function pathItem(operations: Methods): PathItem {
  const [first, ...others] = operations.map(([, { parameters }]) => parameters);
  if (first === undefined) return {};
  const shared = first.filter(({ name }) => others.every((parameters) => hasParameter(parameters, name)));
  return {
    ...Object.fromEntries(
      operations.map(([method, { parameters, ...operation }]) => {
        const own = parameters.filter(({ name }) => !hasParameter(shared, name));
        return [method, own.length === 0 ? operation : { ...operation, parameters: own }];
      }),
    ),
    parameters: shared,
  };
}

function hasParameter(parameters: readonly Parameter[], name: string): boolean {
  return parameters.some((parameter) => parameter.name === name);
}

function withoutParameters({ parameters, ...operation }: Operation): Readonly<Record<string, unknown>> {
  void parameters;
  return operation;
}
