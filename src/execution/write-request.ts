import type { GraphQLInputType } from 'graphql';
import { apiVersionOf, type Resource, type Subresource } from '../catalog/resource.ts';
import { pathOf } from '../cluster/resource-path.ts';
import type { Method } from '../cluster/upstream.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import type { ResourceAction } from '../mapping/bindings.ts';
import { isJsonObject } from '../util/json.ts';
import { type Args, namespaceFor, optionalText, pathSegment } from './call.ts';
import { kubernetesValue } from './request-body.ts';

export type WriteAction = Exclude<ResourceAction, 'get' | 'list' | 'watch' | 'live'>;

/** What is written: a resource's object or collection, or a subresource of an object. */
export interface WriteTarget {
  readonly resource: Resource;
  readonly subresource: Subresource | undefined;
  /** The type of the field's `input` argument, for the mutations that have one. */
  readonly inputType: GraphQLInputType | undefined;
}

/** A mutation as it is to be sent. */
export interface WriteRequest {
  readonly method: Method;
  readonly path: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly contentType: string;
  /** To be printed as JSON. */
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

/** Throws BAD_USER_INPUT for arguments that no request could be made of. */
export function writeRequest(action: WriteAction, target: WriteTarget, args: Args): WriteRequest {
  switch (action) {
    case 'create':
      return createRequest(target, args, inputObject(target, args));
    case 'replace':
      return replaceRequest(target, args, inputObject(target, args));
    case 'apply':
      return applyRequest(target, args, inputObject(target, args));
    case 'patch':
      return patchRequest(target, args);
    case 'scale':
      return scaleRequest(target, args);
    case 'delete':
      return deleteRequest(target, args);
    case 'deleteCollection':
      return deleteCollectionRequest(target, args);
  }
}

function createRequest(target: WriteTarget, args: Args, input: Args): WriteRequest {
  const { resource, subresource } = target;
  return {
    method: 'POST',
    path:
      subresource === undefined
        ? pathOf(resource, namespaceFor(resource, args, metadataOf(input)['namespace']))
        : objectPath(target, args),
    query: { ...writing(args), fieldValidation: fieldValidation(args) },
    contentType: 'application/json',
    // An eviction or a binding says in its body, too, which pod it is about.
    content: subresource === undefined ? input : named(input, args['name']),
  };
}

function replaceRequest(target: WriteTarget, args: Args, input: Args): WriteRequest {
  const name = args['name'] ?? metadataOf(input)['name'];
  if (typeof name !== 'string') {
    throw new KubegraphError(
      'BAD_USER_INPUT',
      `say which ${target.resource.kind} to replace: "name" is missing`,
    );
  }
  return {
    method: 'PUT',
    path: objectPath(target, { ...args, name }, metadataOf(input)['namespace']),
    query: { ...writing(args), fieldValidation: fieldValidation(args) },
    contentType: 'application/json',
    content: named(input, name),
  };
}

function applyRequest(target: WriteTarget, args: Args, input: Args): WriteRequest {
  return {
    method: 'PATCH',
    path: objectPath(target, args, metadataOf(input)['namespace']),
    query: { ...writing(args), force: args['force'] === true ? 'true' : undefined },
    contentType: 'application/apply-patch+yaml',
    // The name in the path is not enough for an apply that creates.
    content: named(input, args['name']),
  };
}

function patchRequest(target: WriteTarget, args: Args): WriteRequest {
  return {
    method: 'PATCH',
    path: objectPath(target, args),
    query: { ...writing(args), fieldValidation: fieldValidation(args) },
    contentType: PATCH_CONTENT_TYPES[String(args['type'])] ?? 'application/merge-patch+json',
    content: args['patch'],
  };
}

/** A merge patch, which both built-in and custom resources take on their scale. */
function scaleRequest(target: WriteTarget, args: Args): WriteRequest {
  return {
    method: 'PATCH',
    path: objectPath(target, args),
    query: writing(args),
    contentType: 'application/merge-patch+json',
    content: { spec: { replicas: args['replicas'] } },
  };
}

function deleteRequest(target: WriteTarget, args: Args): WriteRequest {
  return {
    method: 'DELETE',
    path: objectPath(target, args),
    query: {},
    contentType: 'application/json',
    content: deleteOptions(args),
  };
}

function deleteCollectionRequest({ resource }: WriteTarget, args: Args): WriteRequest {
  const query = {
    labelSelector: optionalText(args, 'labelSelector'),
    fieldSelector: optionalText(args, 'fieldSelector'),
  };
  // The API server takes blanks and lone commas for a selector that everything matches.
  const hasSelector = Object.values(query).some(
    (selector) => selector !== undefined && /[^\s,]/.test(selector),
  );
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

/**
 * The input as the object it means. Custom resources are refused without apiVersion and kind, so both are filled in; `null`
 * is what some clients send for all that they do not set.
 */
function inputObject({ resource, subresource, inputType }: WriteTarget, args: Args): Args {
  const given = args['input'] ?? {};
  const value = inputType === undefined ? given : kubernetesValue(given, inputType);
  if (!isJsonObject(value)) throw new KubegraphError('BAD_USER_INPUT', '"input" must be an object');
  const kind = subresource?.kind ?? resource;
  const { apiVersion, kind: kindName, ...rest } = value;
  return { apiVersion: apiVersion ?? apiVersionOf(kind), kind: kindName ?? kind.kind, ...rest };
}

function named(input: Args, name: unknown): Args {
  const metadata = metadataOf(input);
  return { ...input, metadata: { ...metadata, name: metadata['name'] ?? name } };
}

function metadataOf(input: Args): Args {
  return isJsonObject(input['metadata']) ? input['metadata'] : {};
}

function objectPath({ resource, subresource }: WriteTarget, args: Args, otherNamespace?: unknown): string {
  const namespace = namespaceFor(resource, args, otherNamespace);
  return pathOf(resource, namespace, pathSegment(String(args['name']), 'name'), subresource?.name);
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
