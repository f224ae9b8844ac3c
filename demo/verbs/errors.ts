import { ApiError, type StatusDetails } from '../api/status.ts';
import type { ServedResource } from '../api/resource.ts';
import type { FieldError } from '../schema/schema.ts';

type Named = Pick<ServedResource, 'group' | 'resource'>;
type Kinded = Pick<ServedResource, 'group' | 'kind'>;

/** What errors about access to namespaces and their kin name. */
export const NAMESPACES: Named = { group: '', resource: 'namespaces' };

export function badRequest(message: string): ApiError {
  return new ApiError(400, message, { reason: 'BadRequest' });
}

export function notFound(resource: Named, name: string): ApiError {
  const message = `${qualified(resource.resource, resource.group)} "${name}" not found`;
  return new ApiError(404, message, {
    reason: 'NotFound',
    details: details(resource.resource, resource.group, name),
  });
}

/** The answer to a path that has no handler. */
export function noSuchResource(): ApiError {
  const message = 'the server could not find the requested resource';
  return new ApiError(404, message, { reason: 'NotFound', details: {} });
}

export function methodNotAllowed(
  { group, resource, isCustom }: Named & { isCustom: boolean },
  verb: string,
): ApiError {
  if (isCustom) {
    const message = `${verb} is not supported on resources of kind "${qualified(resource, group)}"`;
    return new ApiError(405, message, { reason: 'MethodNotAllowed', details: details(resource, group, '') });
  }
  const message = 'the server does not allow this method on the requested resource';
  return new ApiError(405, message, { reason: 'MethodNotAllowed', details: {} });
}

export function alreadyExists(resource: Named, name: string, prefix = ''): ApiError {
  const message = `${prefix}${qualified(resource.resource, resource.group)} "${name}" already exists`;
  return new ApiError(409, message, {
    reason: 'AlreadyExists',
    details: details(resource.resource, resource.group, name),
  });
}

/** @param kind the plural in most cases; the kind for preconditions of a delete */
export function conflict(
  of: { readonly group: string; readonly kind: string },
  name: string,
  why: string,
): ApiError {
  const message = `Operation cannot be fulfilled on ${qualified(of.kind, of.group)} "${name}": ${why}`;
  return new ApiError(409, message, { reason: 'Conflict', details: details(of.kind, of.group, name) });
}

export function modified(resource: Named, name: string): ApiError {
  const why = 'the object has been modified; please apply your changes to the latest version and try again';
  return conflict({ group: resource.group, kind: resource.resource }, name, why);
}

export function forbidden(
  resource: Named,
  name: string,
  why: string,
  causes?: StatusDetails['causes'],
): ApiError {
  const message = `${qualified(resource.resource, resource.group)} "${name}" is forbidden: ${why}`;
  return new ApiError(403, message, {
    reason: 'Forbidden',
    details: {
      ...details(resource.resource, resource.group, name),
      ...(causes === undefined ? {} : { causes }),
    },
  });
}

/** @param of the kind; both may be empty, as for a patch that does not decode */
export function invalid(of: Kinded, name: string, errors: readonly FieldError[]): ApiError {
  const texts = distinct(errors.map(({ field, message }) => `${field}: ${message}`));
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const causes = errors.map(({ reason, message, field }) => ({ reason, message, field }));
  return new ApiError(422, `${qualified(of.kind, of.group)} "${name}" is invalid: ${list}`, {
    reason: 'Invalid',
    details: { ...details(of.kind, of.group, name), causes },
  });
}

export function expired(message: string, continueToken?: string): ApiError {
  return new ApiError(410, message, {
    reason: 'Expired',
    ...(continueToken === undefined ? {} : { continueToken }),
  });
}

export function tooLargeResourceVersion(wanted: number, current: number): ApiError {
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }];
  return new ApiError(504, `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    reason: 'Timeout',
    details: { causes, retryAfterSeconds: 1 },
  });
}

export function unsupportedMediaType(accepted: readonly string[]): ApiError {
  const list = accepted.join(', ');
  const message = `the body of the request was in an unknown format - accepted media types include: ${list}`;
  return new ApiError(415, message, { reason: 'UnsupportedMediaType' });
}

/** Something that a real server does and this one does not. */
export function notImplemented(what: string): ApiError {
  return new ApiError(501, `the demo cluster does not implement ${what}`, { reason: 'NotImplemented' });
}

export function fieldInvalid(field: string, value: unknown, why: string): FieldError {
  const shown = typeof value === 'string' || Array.isArray(value) ? JSON.stringify(value) : String(value);
  return { reason: 'FieldValueInvalid', field, message: `Invalid value: ${shown}: ${why}` };
}

export function fieldForbidden(field: string, why: string): FieldError {
  return { reason: 'FieldValueForbidden', field, message: `Forbidden: ${why}` };
}

export function fieldRequired(field: string, why: string): FieldError {
  return {
    reason: 'FieldValueRequired',
    field,
    message: why === '' ? 'Required value' : `Required value: ${why}`,
  };
}

/** @param shown the value as Go writes it */
export function fieldNotSupported(field: string, shown: string, supported: readonly string[]): FieldError {
  const list = supported.map((value) => `"${value}"`).join(', ');
  return {
    reason: 'FieldValueNotSupported',
    field,
    message: `Unsupported value: ${shown}: supported values: ${list}`,
  };
}

function details(kind: string, group: string, name: string): StatusDetails {
  return {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    ...(kind === '' ? {} : { kind }),
  };
}

function qualified(name: string, group: string): string {
  return group === '' ? name : `${name}.${group}`;
}

/** The message names each error once, although a cause may come twice. */
function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
