import type { ServedResource } from '../api/resource.ts';
import { metaDefinition, operationGroupVersion, referenceTo, tagOf } from './names.ts';
import { type Action, type Parameter, parametersOf } from './parameters.ts';

export type Operation = Readonly<Record<string, unknown>> & { readonly parameters: readonly Parameter[] };

export interface OperationOptions {
  readonly action: Action;
  readonly path: string;
  /** The part of the id behind verb and group-version: `NamespacedPodStatus`. */
  readonly subject: string;
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  /** The definition of what is sent and answered; undefined for text. */
  readonly definition: string | undefined;
  /** Of connecting operations, whose ids have it. */
  readonly method?: string;
  readonly subresource?: string;
}

const PREFIXES: Readonly<Record<Action, string>> = {
  list: 'list',
  post: 'create',
  deletecollection: 'delete',
  get: 'read',
  put: 'replace',
  delete: 'delete',
  patch: 'patch',
  connect: 'connect',
};

/** One operation of a document, with all its parameters. */
export function operationOf(resource: ServedResource, options: OperationOptions): Operation {
  const { action, subject, kind, method = '' } = options;
  return {
    tags: [tagOf(resource)],
    operationId: `${PREFIXES[action]}${operationGroupVersion(resource)}${method}${subject}`,
    parameters: parametersOf(action, { isCustom: resource.isCustom, ...options }),
    ...requestBody(resource, options),
    responses: { ...responses(resource, options), ...unauthorized },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group: kind.group, version: kind.version, kind: kind.kind },
  };
}

const BUILT_IN_TYPES = ['application/json', 'application/vnd.kubernetes.protobuf', 'application/yaml'];
const CUSTOM_TYPES = ['application/json', 'application/yaml'];
const LIST_TYPES = [
  'application/json',
  'application/json;stream=watch',
  'application/vnd.kubernetes.protobuf',
  'application/vnd.kubernetes.protobuf;stream=watch',
  'application/yaml',
];

function requestBody(
  { isCustom }: ServedResource,
  { action, definition }: OperationOptions,
): Readonly<Record<string, unknown>> {
  const types = isCustom ? CUSTOM_TYPES : ['*/*'];
  switch (action) {
    case 'post':
    case 'put':
      return { requestBody: { content: content(types, definition), required: true } };
    case 'patch':
      return {
        requestBody: { content: content(patchTypes(isCustom), metaDefinition('Patch')), required: true },
      };
    case 'delete':
      return { requestBody: { content: content(types, metaDefinition('DeleteOptions')) } };
    case 'deletecollection':
      // The real documents of custom resources have none.
      return isCustom ? {} : { requestBody: { content: content(types, metaDefinition('DeleteOptions')) } };
    default:
      return {};
  }
}

function patchTypes(isCustom: boolean): readonly string[] {
  const all = ['apply-patch+yaml', 'json-patch+json', 'merge-patch+json', 'strategic-merge-patch+json'];
  return (isCustom ? all.slice(0, 3) : all).map((type) => `application/${type}`);
}

function responses(
  { isCustom }: ServedResource,
  { action, definition }: OperationOptions,
): Readonly<Record<string, unknown>> {
  if (action === 'connect') return response(200, ['*/*'], undefined);
  if (definition === undefined) return response(200, [...BUILT_IN_TYPES, 'text/plain'], undefined);
  const builtIn = action === 'list' ? LIST_TYPES : BUILT_IN_TYPES;
  const answered = codesOf(action, isCustom).map((code) =>
    response(code, isCustom ? CUSTOM_TYPES : builtIn, definition),
  );
  return Object.assign({}, ...answered) as Readonly<Record<string, unknown>>;
}

function codesOf(action: Action, isCustom: boolean): readonly number[] {
  switch (action) {
    case 'post':
      return [200, 201, 202];
    case 'put':
      return [200, 201];
    case 'patch':
      return isCustom ? [200] : [200, 201];
    case 'delete':
      return [200, 202];
    default:
      return [200];
  }
}

const CODE_TEXTS: Readonly<Record<number, string>> = { 200: 'OK', 201: 'Created', 202: 'Accepted' };

const unauthorized = { '401': { description: 'Unauthorized' } };

function response(
  code: number,
  types: readonly string[],
  definition: string | undefined,
): Readonly<Record<string, unknown>> {
  return { [code]: { description: CODE_TEXTS[code], content: content(types, definition) } };
}

function content(
  types: readonly string[],
  definition: string | undefined,
): Readonly<Record<string, unknown>> {
  const schema = definition === undefined ? { type: 'string' } : { $ref: referenceTo(definition) };
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}

/** `GET /apis/GROUP/VERSION/`. */
export function resourceListOperation(of: { readonly group: string; readonly version: string }): Operation {
  return {
    tags: [tagOf(of)],
    operationId: `get${operationGroupVersion(of)}APIResources`,
    parameters: [],
    responses: { ...response(200, BUILT_IN_TYPES, metaDefinition('APIResourceList')), ...unauthorized },
  };
}
