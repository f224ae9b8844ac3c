import { bind } from './binding.ts';
import { create } from './create.ts';
import { remove } from './delete.ts';
import { removeCollection } from './delete-collection.ts';
import { badRequest, methodNotAllowed, noSuchResource, notFound, notImplemented } from './errors.ts';
import { evict } from './eviction.ts';
import { get } from './get.ts';
import { list } from './list.ts';
import { patch } from './patch.ts';
import type { HandleResource, ResourceRequest } from './request.ts';
import { reviewOf } from './reviews/reviews.ts';
import { scale } from './scale.ts';
import { issueToken } from './token.ts';
import { update } from './update.ts';
import { watch } from './watch.ts';

const VERBS: Readonly<Record<ResourceRequest['verb'], HandleResource>> = {
  get,
  list,
  watch,
  create,
  update,
  patch,
  delete: remove,
  deletecollection: removeCollection,
};

type SubresourceVerbs = Partial<Readonly<Record<ResourceRequest['verb'], HandleResource>>>;

const SUBRESOURCES: Readonly<Record<string, SubresourceVerbs>> = {
  status: { get, update, patch },
  scale: { get: scale, update: scale, patch: scale },
  eviction: { create: evict },
  binding: { create: bind },
  token: { create: issueToken },
  finalize: { update },
};

/**
 * Answers a request for a resource, in the real server's way.
 *
 * @throws ApiError for everything that is answered with a failed Status; 501 for what only a real server does
 */
export const handleResource: HandleResource = async (cluster, request) => {
  const { subresource, verb } = request;
  const handle = subresource === undefined ? verbHandler(request) : subresourceHandler(request, subresource);
  const review = reviewOf(request);
  if (review !== undefined && verb === 'create') return review(cluster, request);
  return handle(cluster, request);
};

/** Verbs that are for one object. */
const NAMED: ReadonlySet<string> = new Set(['delete', 'get', 'patch', 'update']);

function verbHandler({ resource, verb, namespace, name }: ResourceRequest): HandleResource {
  const needsNamespace = verb === 'create' || verb === 'deletecollection';
  const isEverywhere = resource.namespaced && namespace === undefined;
  // Custom resources take a name in the path of a creation, and look at the one in the body.
  const isMisnamed = verb === 'create' && name !== '' && !resource.isCustom;
  // Those of a custom resource are looked at behind, where they say why they are not allowed.
  const isUnknown = !resource.isCustom && !resource.verbs.includes(verb);
  if (isUnknown || (needsNamespace && isEverywhere) || isMisnamed) throw methodNotAllowed(resource, verb);
  if (NAMED.has(verb) && name === '') {
    throw resource.isCustom ? badRequest('name must be provided') : methodNotAllowed(resource, verb);
  }
  return VERBS[verb];
}

function subresourceHandler({ resource, verb, name: object }: ResourceRequest, name: string): HandleResource {
  const served = resource.subresources.find((subresource) => subresource.name === name);
  // Custom resources say that of the object.
  if (served === undefined) throw resource.isCustom ? notFound(resource, object) : noSuchResource();
  if (!served.verbs.includes(verb)) throw methodNotAllowed(resource, verb);
  const handle = SUBRESOURCES[name]?.[verb];
  if (handle === undefined) throw notImplemented(`${verb} of ${resource.resource}/${name}`);
  return handle;
}
