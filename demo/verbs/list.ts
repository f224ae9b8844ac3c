import type { KubeObject } from '../api/object.ts';
import type { Snapshot } from '../storage/store.ts';
import { objectKey } from '../storage/memory-store.ts';
import { decodeContinueToken, encodeContinueToken, type Position, successor } from './continue-token.ts';
import { toServed } from './convert.ts';
import { badRequest, expired } from './errors.ts';
import { type ListOptions, readListOptions } from './list-options.ts';
import type { Cluster, ListMetadata, Reply, ResourceRequest } from './request.ts';
import { listRevision, waitForRevision } from './revisions.ts';
import { type Selection, selectionOf } from './selection.ts';

/** A page of a list: the objects as they are stored. */
export interface Page {
  readonly objects: readonly KubeObject[];
  readonly metadata: ListMetadata;
}

/**
 * Answers a list, or a page of one.
 *
 * @throws ApiError 400 and 422 for parameters; 410 for a revision that is forgotten; 504 for one that does not come
 */
export async function list(cluster: Cluster, request: ResourceRequest): Promise<Reply> {
  const { objects, metadata } = await readPage(cluster, request);
  const { resource } = request;
  return { kind: 'list', resource, objects: objects.map((object) => toServed(object, resource)), metadata };
}

export async function readPage(cluster: Cluster, request: ResourceRequest): Promise<Page> {
  const options = readListOptions(request.query, false);
  const selection = selectionOf(request.query, request.resource);
  const position = options.continueToken === '' ? undefined : decodeContinueToken(options.continueToken);
  const snapshot = await (position === undefined
    ? firstSnapshot(cluster, request, options)
    : nextSnapshot(cluster, request, options, position));
  // The real server serves revision 0 from its cache, whole.
  const limit = options.resourceVersion === '0' ? 0 : options.limit;
  return pageOf(snapshot, { request, selection, limit, start: position?.start ?? '' });
}

async function firstSnapshot(
  cluster: Cluster,
  request: ResourceRequest,
  options: ListOptions,
): Promise<Snapshot> {
  const { storageKey } = request.resource;
  const { resourceVersion, match, limit } = options;
  const revision = resourceVersion === '' ? 0 : listRevision(resourceVersion);
  // A limit turns "not older than" into "exactly", unless the match says otherwise: the real server's old trap.
  const isExact = revision !== 0 && (match === 'Exact' || (match === '' && limit > 0));
  if (isExact) return snapshotAt(cluster, request, revision, expiredList);
  await waitForRevision(cluster, revision);
  return cluster.store.snapshot(storageKey, request.namespace);
}

async function nextSnapshot(
  cluster: Cluster,
  request: ResourceRequest,
  { resourceVersion }: ListOptions,
  { revision, start }: Position,
): Promise<Snapshot> {
  if (resourceVersion !== '' && resourceVersion !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  if (revision < 0) return cluster.store.snapshot(request.resource.storageKey, request.namespace);
  return snapshotAt(cluster, request, revision, () => expiredPage(start));
}

async function snapshotAt(
  cluster: Cluster,
  { resource, namespace }: ResourceRequest,
  revision: number,
  whenExpired: () => Error,
): Promise<Snapshot> {
  await waitForRevision(cluster, revision);
  const snapshot = cluster.store.snapshotAt(resource.storageKey, namespace, revision);
  if (snapshot === undefined) throw whenExpired();
  return snapshot;
}

function expiredList(): Error {
  return expired('The resourceVersion for the provided list is too old.');
}

function expiredPage(start: string): Error {
  return expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    encodeContinueToken({ revision: -1, start }),
  );
}

interface Cut {
  readonly request: ResourceRequest;
  readonly selection: Selection;
  /** 0 for all. */
  readonly limit: number;
  /** The first key that may come. */
  readonly start: string;
}

function pageOf({ objects, revision }: Snapshot, { request, selection, limit, start }: Cut): Page {
  const { resource, namespace } = request;
  const keyOf = ({ metadata }: KubeObject): string =>
    objectKey(namespace === undefined ? metadata.namespace : undefined, metadata.name);
  const rest = start === '' ? objects : objects.filter((object) => keyOf(object) >= start);
  const selected: KubeObject[] = [];
  let seen = 0;
  for (const object of rest) {
    if (limit > 0 && selected.length >= limit) break;
    seen++;
    if (selection.matches(toServed(object, resource))) selected.push(object);
  }
  // What is left may hold nothing that is selected: the next page is then empty.
  const left = rest.length - seen;
  const last = selected.at(-1);
  const hasMore = left > 0 && last !== undefined;
  return {
    objects: selected,
    metadata: {
      resourceVersion: String(revision),
      ...(hasMore ? { continueToken: encodeContinueToken({ revision, start: successor(keyOf(last)) }) } : {}),
      ...(hasMore && selection.isEverything ? { remainingItemCount: left } : {}),
      // Lists of custom resources always have the member.
      ...(!hasMore && resource.isCustom ? { continueToken: '' } : {}),
    },
  };
}
