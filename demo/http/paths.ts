import type { Registry } from '../api/resource.ts';
import { pageNotFound, type Answer } from './answer.ts';
import type { Document, Documents } from './documents.ts';
import { healthAnswer } from './health.ts';
import { statusText } from './render.ts';
import { negotiate, type Wishes } from './negotiation.ts';
import { openApiAnswer } from './openapi.ts';
import { methodNotAllowed, noSuchResource } from './refusals.ts';
import { isCustomGroup } from './route.ts';

export interface PathRequest {
  readonly method: string;
  readonly path: string;
  readonly wishes: Wishes;
  /** `If-None-Match`. */
  readonly knownEtag: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface PathServer {
  readonly documents: Documents;
  readonly registry: Registry;
}

/** Answers what is no resource: discovery, OpenAPI, version, health. */
export function pathAnswer(server: PathServer, request: PathRequest): Answer {
  // One slash at the end is let pass; an empty segment is a name that nobody has.
  const path = request.path.replace(/\/$/, '');
  const { query } = request.wishes;
  const [root, ...rest] = path.split('/').slice(1);
  switch (root) {
    case undefined:
      return jsonAnswer({ paths: ROOT_PATHS }, true);
    case 'version':
      if (rest.length > 0) return pageNotFound;
      if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed();
      return jsonAnswer(VERSION, true);
    case 'api':
    case 'apis':
      return discoveryAnswer(server, root, rest, request);
    case 'openapi':
      return rest[0] === 'v3'
        ? openApiAnswer(server.documents, rest.slice(1).join('/'), request)
        : pageNotFound;
    default:
      return healthAnswer(path, query) ?? pageNotFound;
  }
}

const ROOT_PATHS = [
  '/api',
  '/api/v1',
  '/apis',
  '/apis/',
  '/healthz',
  '/livez',
  '/openapi/v3',
  '/openapi/v3/',
  '/readyz',
  '/version',
];

/** The version whose behaviour and schemas the demo follows. */
const VERSION = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.3+kubegraph-demo',
  gitCommit: '',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: 'linux/amd64',
};

function discoveryAnswer(
  server: PathServer,
  half: 'api' | 'apis',
  rest: readonly string[],
  request: PathRequest,
): Answer {
  const { documents } = server;
  if (rest.length === 0) return groupsAnswer(documents, half, request);
  const representation = negotiate(request.wishes, ['object']);
  const [group = '', version] = half === 'api' ? ['', rest[0]] : rest;
  const document = version === undefined ? documents.group(group) : documents.groupVersion(group, version);
  if (document === undefined) return missing(server.registry, group);
  return documentAnswer(document, representation.pretty);
}

function groupsAnswer(
  documents: Documents,
  half: 'api' | 'apis',
  { wishes, knownEtag }: PathRequest,
): Answer {
  const { form, pretty } = negotiate(wishes, ['object', 'aggregatedDiscovery']);
  if (form === 'object') return documentAnswer(documents.discovery(half, 'legacy'), pretty);
  const document = documents.discovery(half, 'aggregated');
  const headers = { 'cache-control': 'public', vary: 'Accept', ...etagOf(document) };
  // The real server compares exactly: no list, no weak form, no star.
  if (document.etag !== undefined && document.etag === knownEtag)
    return { status: 304, headers, body: EMPTY };
  return { status: 200, headers: { ...headers, 'content-type': document.contentType }, body: document.body };
}

/** An unknown version of a built-in group is a missing resource; all else unknown is a missing page. */
function missing(registry: Registry, group: string): Answer {
  const isServed = registry.groupVersions.some((each) => each.group === group);
  if (isServed && !isCustomGroup(registry, group)) throw noSuchResource();
  return pageNotFound;
}

const EMPTY = Buffer.alloc(0);

function documentAnswer(document: Document, pretty: boolean): Answer {
  const body = pretty
    ? Buffer.from(JSON.stringify(JSON.parse(document.body.toString()), null, 2))
    : document.body;
  return { status: 200, headers: { 'content-type': document.contentType, ...etagOf(document) }, body };
}

function etagOf({ etag }: Document): { etag: string } | undefined {
  return etag === undefined ? undefined : { etag };
}

function jsonAnswer(value: Readonly<Record<string, unknown>>, pretty: boolean): Answer {
  const body = Buffer.from(statusText(value, { syntax: 'json', pretty }));
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}
