import type { KubeObject } from '../api/object.ts';
import { openLog } from '../streams/log.ts';
import type { ResourceRequest, User } from '../verbs/request.ts';
import type { Answer } from './answer.ts';
import { readBody } from './body.ts';
import type { ServerContext } from './context.ts';
import { deadlineOf, within } from './deadline.ts';
import { negotiate, negotiateWatch, requireMediaType, type Wishes } from './negotiation.ts';
import { pathAnswer } from './paths.ts';
import { PROTOBUF_TYPE, protobufToJson } from './protobuf/decode.ts';
import { badRequest, methodNotAllowed, objectMissing } from './refusals.ts';
import { renderReply } from './render.ts';
import type { RequestInfo, ResourceInfo } from './request-info.ts';
import { routeOf, type Route } from './route.ts';
import { Warnings } from './warnings.ts';

/** A request of a known user who may do what it asks. */
export interface AdmittedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: AsyncIterable<unknown>;
  readonly info: RequestInfo;
  readonly user: User;
  readonly wishes: Wishes;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
}

/**
 * Answers an admitted request.
 *
 * @throws ApiError, PlainTextError.
 */
export async function respond(context: ServerContext, request: AdmittedRequest): Promise<Answer> {
  const { info, query, signal } = request;
  const late = new AbortController();
  const deadline = deadlineOf(info, query);
  const bounded = {
    ...request,
    signal: deadline === undefined ? signal : AbortSignal.any([signal, late.signal]),
  };
  const work = info.kind === 'path' ? answerPath(context, bounded) : answerResource(context, bounded, info);
  return within(context.clock, deadline, () => late.abort(), work);
}

async function answerPath(context: ServerContext, request: AdmittedRequest): Promise<Answer> {
  const { method, path, wishes } = request;
  const server = { documents: context.documents, registry: context.cluster.registry };
  const knownEtag = textOf(request.headers['if-none-match']);
  return pathAnswer(server, { method, path, wishes, knownEtag, now: context.clock.now() });
}

const READS_MANY = new Set(['list', 'watch']);

const UPGRADES = new Set(['exec', 'attach', 'portforward']);

async function answerResource(
  context: ServerContext,
  request: AdmittedRequest,
  info: ResourceInfo,
): Promise<Answer> {
  if (request.method === 'HEAD') throw methodNotAllowed();
  const route = routeOf(context.cluster.registry, info);
  if (route.subresource === 'log') return answerLog(context, request, route);
  if (route.subresource !== undefined && UPGRADES.has(route.subresource)) {
    storedPod(context, route);
    throw badRequest('Upgrade request required');
  }
  if (!route.resource.isCustom)
    requireMediaType(request.wishes, READS_MANY.has(route.verb) ? 'collection' : 'object');
  const representation = route.verb === 'watch' ? negotiateWatch(request.wishes) : negotiate(request.wishes);
  const { answer: warned, resourceRequest } = await resourceRequestOf(request, info, route);
  const reply = await context.handle(context.cluster, resourceRequest);
  const { resource, subresource } = route;
  const { query } = request;
  const acceptsGzip = /\bgzip\b/.test(textOf(request.headers['accept-encoding']) ?? '');
  const now = (): number => context.clock.now();
  return warned(renderReply(reply, { representation, resource, subresource, query, acceptsGzip, now }));
}

async function resourceRequestOf(
  request: AdmittedRequest,
  info: ResourceInfo,
  route: Route,
): Promise<{ resourceRequest: ResourceRequest; answer: (answer: Answer) => Answer }> {
  const warnings = new Warnings();
  const { deprecationWarning } = route.resource;
  if (deprecationWarning !== undefined) warnings.add(deprecationWarning);
  const resourceRequest: ResourceRequest = {
    ...route,
    ...asJson(textOf(request.headers['content-type']) ?? '', await readBody(request.body)),
    query: queryOf(request, info),
    user: request.user,
    userAgent: managerOf(request.wishes.userAgent),
    signal: request.signal,
    warn: (text) => warnings.add(text),
  };
  const answer = (plain: Answer): Answer => ({
    ...plain,
    headers: { ...plain.headers, ...warnings.headers },
  });
  return { resourceRequest, answer };
}

/** JSON and YAML are read behind; protobuf is a matter of the transport. */
function asJson(contentType: string, body: Buffer): Pick<ResourceRequest, 'contentType' | 'body'> {
  if (body.length === 0 || !contentType.startsWith(PROTOBUF_TYPE)) return { contentType, body };
  return { contentType: 'application/json', body: protobufToJson(body) };
}

/** The old form of a watch, `/watch/…/NAME`, is a watch of the collection with a selector. */
function queryOf({ query }: AdmittedRequest, { isNamed, name, verb }: ResourceInfo): URLSearchParams {
  if (verb !== 'watch' || !isNamed) return query;
  const own = new URLSearchParams(query);
  own.set('fieldSelector', `metadata.name=${name}`);
  return own;
}

function managerOf(userAgent: string | undefined): string {
  const name = userAgent?.split('/')[0] ?? '';
  return name === '' ? 'unknown' : name;
}

function answerLog(context: ServerContext, request: AdmittedRequest, route: Route): Answer {
  requireMediaType(request.wishes, 'log');
  negotiate(request.wishes, ['object']);
  const pod = storedPod(context, route);
  const { query, signal } = request;
  const body = openLog({ pod, query, source: context.logs, now: context.clock.now(), signal });
  if (body === undefined) return { status: 204, headers: {}, body: Buffer.alloc(0) };
  return { status: 200, headers: { 'content-type': 'text/plain' }, body };
}

/** @throws ApiError 404. */
export function storedPod({ cluster }: ServerContext, { name, namespace, resource }: Route): KubeObject {
  const pod = cluster.store.get(resource.storageKey, namespace, name);
  if (pod === undefined) throw objectMissing(resource, name);
  return pod;
}

function textOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.join(',');
}
