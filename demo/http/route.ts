import type { Registry, ServedResource } from '../api/resource.ts';
import { ApiError, PlainTextError } from '../api/status.ts';
import type { ResourceRequest } from '../verbs/request.ts';
import { badRequest, methodNotAllowed, noSuchResource, objectMissing, qualified } from './refusals.ts';
import type { ResourceInfo } from './request-info.ts';

type Verb = ResourceRequest['verb'];

/** A request for a resource that is there, with a method that it takes. */
export interface Route {
  readonly verb: Verb;
  readonly resource: ServedResource;
  readonly subresource: string | undefined;
  readonly namespace: string | undefined;
  /** Empty for collections, also where a field selector names one object. */
  readonly name: string;
}

/**
 * Finds what a request is for.
 *
 * Built-in resources have one handler per path and method, so a path is unknown (404 Status) or lacks the method (405).
 * All custom resources share one handler, and what it does not know falls through to the router (404 text).
 */
export function routeOf(registry: Registry, info: ResourceInfo): Route {
  if (!registry.groupVersions.some(({ group }) => group === info.group)) throw pageMissing();
  const resource = registry.find(info.group, info.version, info.resource);
  if (resource === undefined) throw isCustomGroup(registry, info.group) ? pageMissing() : noSuchResource();
  if (!isInScope(resource, info)) throw resource.isCustom ? pageMissing() : noSuchResource();
  if (resource.isCustom) refuseCustom(resource, info);
  else refuseBuiltIn(resource, info);
  return {
    // One of them: methods without a verb have been refused.
    verb: info.verb as Verb,
    resource,
    subresource: info.subresource === '' ? undefined : info.subresource,
    namespace: resource.namespaced && info.namespace !== '' ? info.namespace : undefined,
    name: info.isNamed ? info.name : '',
  };
}

function isInScope(resource: ServedResource, { namespace, isNamed, verb }: ResourceInfo): boolean {
  // The path of one namespace reads like one inside it.
  if (!resource.namespaced) return namespace === '' || isNamespaceResource(resource);
  if (namespace !== '') return true;
  // Across all namespaces there are only lists and watches. The path exists, so that a built-in answers 405 to the rest.
  return !isNamed && (!resource.isCustom || verb === 'list' || verb === 'watch');
}

function isNamespaceResource({ group, resource }: ServedResource): boolean {
  return group === '' && resource === 'namespaces';
}

function refuseBuiltIn(resource: ServedResource, info: ResourceInfo): void {
  if (info.subresource !== '') {
    const subresource = resource.subresources.find(({ name }) => name === info.subresource);
    if (subresource === undefined || info.rest.length > 0) throw noSuchResource();
    if (!subresource.verbs.includes(info.verb)) throw methodNotAllowed();
    return;
  }
  const isAcross = resource.namespaced && info.namespace === '';
  const isReading = info.verb === 'list' || info.verb === 'watch';
  if (isAcross && !isReading) throw methodNotAllowed();
  if (info.isNamed && info.verb === 'create') throw methodNotAllowed();
  if (!info.isNamed && (info.verb === 'update' || info.verb === 'patch')) throw methodNotAllowed();
  if (!resource.verbs.includes(info.verb)) throw methodNotAllowed();
}

function refuseCustom(resource: ServedResource, info: ResourceInfo): void {
  const { group, resource: plural, name, verb } = info;
  if (info.rest.length > 0) throw pageMissing();
  const kind = qualified(plural, group);
  if (info.subresource !== '') {
    const isServed = resource.subresources.some((each) => each.name === info.subresource);
    if (!isServed) throw objectMissing(resource, name);
  } else if (!info.isNamed && (verb === 'update' || verb === 'patch')) {
    throw badRequest('name must be provided');
  }
  const isKnown = info.subresource === '' ? CUSTOM_VERBS.has(verb) : SUBRESOURCE_VERBS.has(verb);
  if (isKnown) return;
  const message = `${verb} is not supported on resources of kind "${kind}"`;
  throw new ApiError(405, message, { reason: 'MethodNotAllowed', details: { group, kind: plural } });
}

/** Not the verbs that discovery has: a custom resource on its way out says itself why it takes no more writes. */
const CUSTOM_VERBS = new Set([
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
]);
const SUBRESOURCE_VERBS = new Set(['get', 'update', 'patch']);

/** Whether a group has custom resources and nothing else. */
export function isCustomGroup(registry: Registry, group: string): boolean {
  const resources = registry.resources.filter((resource) => resource.group === group);
  return resources.length > 0 && resources.every(({ isCustom }) => isCustom);
}

function pageMissing(): PlainTextError {
  return new PlainTextError(404, '404 page not found\n');
}
