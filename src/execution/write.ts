import type { GraphQLInputType } from 'graphql';
import { apiVersionOf, pathOf, type Resource } from '../catalog/resource.ts';
import { readWhole } from '../cluster/read.ts';
import type { UpstreamAnswer } from '../cluster/upstream.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import { isJsonObject, stringifyJson } from '../util/json.ts';
import { call, namespaceFor, type OperationContext, optionalText, pathSegment } from './call.ts';
import { kubernetesValue } from './request-body.ts';

type Args = Readonly<Record<string, unknown>>;

/** A mutation of one resource, as it is to be sent. */
interface Write {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly contentType: string;
  readonly content: unknown;
}

/** Who sets the fields when the caller does not say. Server-side apply insists on a name. */
const DEFAULT_FIELD_MANAGER = 'kubegraph';

const PATCH_CONTENT_TYPES: Readonly<Record<string, string>> = {
  MERGE: 'application/merge-patch+json',
  STRATEGIC: 'application/strategic-merge-patch+json',
  JSON: 'application/json-patch+json',
};

const FIELD_VALIDATION: Readonly<Record<string, string>> = {
  STRICT: 'Strict',
  WARN: 'Warn',
  IGNORE: 'Ignore',
};

export type WriteAction = 'create' | 'replace' | 'patch' | 'apply' | 'delete' | 'deleteCollection';

/**
 * Sends a mutation and answers the body of the API server's answer.
 *
 * @param inputType the type of the field's `input` argument, for the mutations that have one.
 */
export async function write(
  context: OperationContext,
  responseName: string,
  action: WriteAction,
  resource: Resource,
  args: Args,
  inputType: GraphQLInputType | undefined,
): Promise<Buffer> {
  const request = writeRequest(action, resource, args, inputType);
  const answer = await call(context, responseName, {
    method: request.method,
    path: request.path,
    query: request.query,
    body: { contentType: request.contentType, content: stringifyJson(request.content) },
  });
  return readBody(answer);
}

function readBody(answer: UpstreamAnswer): Promise<Buffer> {
  return readWhole(answer.body);
}

function writeRequest(
  action: WriteAction,
  resource: Resource,
  args: Args,
  inputType: GraphQLInputType | undefined,
): Write {
  switch (action) {
    case 'create':
      return createRequest(resource, args, inputObject(resource, args, inputType));
    case 'replace':
      return replaceRequest(resource, args, inputObject(resource, args, inputType));
    case 'apply':
      return applyRequest(resource, args, inputObject(resource, args, inputType));
    case 'patch':
      return patchRequest(resource, args);
    case 'delete':
      return deleteRequest(resource, args);
    case 'deleteCollection':
      return deleteCollectionRequest(resource, args);
  }
}

function createRequest(resource: Resource, args: Args, input: Args): Write {
  return {
    method: 'POST',
    path: pathOf(resource, namespaceFor(resource, args, metadataOf(input)['namespace'])),
    query: { ...writing(args), fieldValidation: fieldValidation(args) },
    contentType: 'application/json',
    content: input,
  };
}

function replaceRequest(resource: Resource, args: Args, input: Args): Write {
  const name = args['name'] ?? metadataOf(input)['name'];
  if (typeof name !== 'string')
    throw new KubegraphError('BAD_USER_INPUT', `say which ${resource.kind} to replace: "name" is missing`);
  return {
    method: 'PUT',
    path: pathOf(
      resource,
      namespaceFor(resource, args, metadataOf(input)['namespace']),
      pathSegment(name, 'name'),
    ),
    query: { ...writing(args), fieldValidation: fieldValidation(args) },
    contentType: 'application/json',
    content: { ...input, metadata: { name, ...metadataOf(input) } },
  };
}

function applyRequest(resource: Resource, args: Args, input: Args): Write {
  return {
    method: 'PATCH',
    path: objectPath(resource, args, metadataOf(input)['namespace']),
    query: {
      ...writing(args),
      fieldManager: optionalText(args, 'fieldManager') ?? DEFAULT_FIELD_MANAGER,
      force: args['force'] === true ? 'true' : undefined,
    },
    contentType: 'application/apply-patch+yaml',
    content: input,
  };
}

function patchRequest(resource: Resource, args: Args): Write {
  return {
    method: 'PATCH',
    path: objectPath(resource, args),
    query: { ...writing(args), fieldValidation: fieldValidation(args) },
    contentType: PATCH_CONTENT_TYPES[String(args['type'])] ?? 'application/merge-patch+json',
    content: args['patch'],
  };
}

function deleteRequest(resource: Resource, args: Args): Write {
  return {
    method: 'DELETE',
    path: objectPath(resource, args),
    query: {},
    contentType: 'application/json',
    content: deleteOptions(args),
  };
}

function deleteCollectionRequest(resource: Resource, args: Args): Write {
  const query = {
    labelSelector: optionalText(args, 'labelSelector'),
    fieldSelector: optionalText(args, 'fieldSelector'),
  };
  const hasSelector = Object.values(query).some((selector) => selector !== undefined && selector !== '');
  if (!hasSelector && args['all'] !== true) {
    throw new KubegraphError(
      'BAD_USER_INPUT',
      `without a selector every ${resource.kind} there would go: say "all: true" if that is meant`,
    );
  }
  return {
    method: 'DELETE',
    path: pathOf(resource, namespaceFor(resource, args)),
    query,
    contentType: 'application/json',
    content: deleteOptions(args),
  };
}

/** All of them in the body: the API server ignores the query, `dryRun` included, as soon as there is one. */
function deleteOptions(args: Args): unknown {
  return {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: args['propagationPolicy'] ?? undefined,
    gracePeriodSeconds: args['gracePeriodSeconds'] ?? undefined,
    preconditions: args['preconditions'] ?? undefined,
    dryRun: args['dryRun'] === true ? ['All'] : undefined,
  };
}

/** The input as the object it means. Custom resources are refused without apiVersion and kind, so both are filled in. */
function inputObject(resource: Resource, args: Args, inputType: GraphQLInputType | undefined): Args {
  const value = inputType === undefined ? args['input'] : kubernetesValue(args['input'], inputType);
  if (!isJsonObject(value)) throw new KubegraphError('BAD_USER_INPUT', '"input" must be an object');
  return { apiVersion: apiVersionOf(resource), kind: resource.kind, ...value };
}

function metadataOf(input: Args): Args {
  return isJsonObject(input['metadata']) ? input['metadata'] : {};
}

function objectPath(resource: Resource, args: Args, otherNamespace?: unknown): string {
  return pathOf(
    resource,
    namespaceFor(resource, args, otherNamespace),
    pathSegment(String(args['name']), 'name'),
  );
}

function writing(args: Args): Readonly<Record<string, string | undefined>> {
  return {
    dryRun: args['dryRun'] === true ? 'All' : undefined,
    fieldManager: optionalText(args, 'fieldManager') ?? DEFAULT_FIELD_MANAGER,
  };
}

function fieldValidation(args: Args): string {
  return FIELD_VALIDATION[String(args['fieldValidation'])] ?? 'Strict';
}
