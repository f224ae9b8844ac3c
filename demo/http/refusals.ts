import type { ServedResource } from '../api/resource.ts';
import { ApiError, type StatusDetails } from '../api/status.ts';
import type { User } from '../verbs/request.ts';
import type { RequestInfo } from './request-info.ts';

/** Errors of the layers in front of the resources, in the real server's words. */

/** A refusal of who may do what, whose answer must not be taken for a page: it has `nosniff`. */
export class FilterError extends ApiError {}

export function unauthorized(): ApiError {
  return new ApiError(401, 'Unauthorized', { reason: 'Unauthorized' });
}

/** @param verb where it is not the request's own. */
export function forbidden(user: User, info: RequestInfo, verb: string = info.verb): ApiError {
  if (info.kind === 'path') {
    const message = `forbidden: User "${user.name}" cannot ${verb} path "${info.path}"`;
    return new FilterError(403, message, { reason: 'Forbidden', details: {} });
  }
  const { group, name, namespace, resource, subresource } = info;
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const object = `${qualified(resource, group)}${name === '' ? '' : ` "${name}"`}`;
  const message = `${object} is forbidden: User "${user.name}" cannot ${verb} resource "${what}" in API group "${group}" ${where}`;
  return new FilterError(403, message, {
    reason: 'Forbidden',
    details: { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind: resource },
  });
}

export function qualified(resource: string, group: string): string {
  return group === '' ? resource : `${resource}.${group}`;
}

export function noSuchResource(): ApiError {
  const message = 'the server could not find the requested resource';
  return new ApiError(404, message, { reason: 'NotFound', details: {} });
}

export function objectMissing({ group, resource }: ServedResource, name: string): ApiError {
  const details = { name, ...(group === '' ? {} : { group }), kind: resource };
  return new ApiError(404, `${qualified(resource, group)} "${name}" not found`, {
    reason: 'NotFound',
    details,
  });
}

export function methodNotAllowed(): ApiError {
  const message = 'the server does not allow this method on the requested resource';
  return new ApiError(405, message, { reason: 'MethodNotAllowed', details: {} });
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, message, { reason: 'BadRequest' });
}

export function tooLarge(limit: number): ApiError {
  const message = `Request entity too large: limit is ${limit}`;
  return new ApiError(413, message, { reason: 'RequestEntityTooLarge' });
}

export function timedOut(): ApiError {
  const message = 'Timeout: request did not complete within requested timeout - context deadline exceeded';
  return new ApiError(504, message, { reason: 'Timeout', details: {} });
}

export function notAcceptable(message: string, details?: StatusDetails): ApiError {
  return new ApiError(406, message, {
    reason: 'NotAcceptable',
    ...(details === undefined ? {} : { details }),
  });
}
