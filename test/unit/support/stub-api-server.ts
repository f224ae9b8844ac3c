import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { StubCollection } from './stub-collection.ts';
import {
  AGGREGATED_TYPE,
  aggregatedList,
  legacyGroups,
  legacyResources,
  legacyVersions,
} from './stub-discovery.ts';
import { StubOpenApi } from './stub-openapi.ts';
import { PAGE_NOT_FOUND, statusReply, type StubReply } from './stub-reply.ts';
import { stubBasePath, type StubGroupVersion, type StubResource } from './stub-resources.ts';
import { StubWatch, StubWatches } from './stub-watches.ts';

/** What reached the API server. */
export interface StubRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** Resolves when it has been answered, or the client has gone away. */
  readonly closed: Promise<void>;
}

type Script = StubReply | ((request: StubRequest) => StubReply | undefined | Promise<StubReply | undefined>);

/** What a path means: a collection, or one object of it. */
interface Route {
  readonly resource: StubResource;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

/**
 * An API server of a few objects on 127.0.0.1, without TLS and without rules of its own: it answers as it is told and
 * records what it is asked. It closes with the test.
 */
export class StubApiServer {
  /** What it serves; to be replaced at any time. */
  cluster: readonly StubGroupVersion[];
  /** `/api` or `/apis`: only that half is aggregated, as in the middle of an upgrade. */
  discovery: 'aggregated' | 'legacy' | '/api' | '/apis' = 'aggregated';
  /** The content type of aggregated discovery. */
  aggregatedType = AGGREGATED_TYPE;
  readonly openApi = new StubOpenApi();
  readonly watches = new StubWatches();
  /** In order of arrival. */
  readonly requests: StubRequest[] = [];
  readonly #collections = new Map<string, StubCollection>();
  readonly #scripts = new Map<string, Script>();

  constructor(cluster: readonly StubGroupVersion[]) {
    this.cluster = cluster;
  }

  collection(resource: StubResource): StubCollection {
    const key = `${stubBasePath(resource)}/${resource.plural}`;
    const known = this.#collections.get(key);
    if (known !== undefined) return known;
    const made = new StubCollection(resource);
    this.#collections.set(key, made);
    return made;
  }

  /** Answers a path in a way of its own from now on. A script that answers undefined leaves it to the stub. */
  on(method: string, path: string, script: Script): void {
    this.#scripts.set(`${method} ${path}`, script);
  }

  /** Requests so far as `METHOD /path?query`, those for discovery and OpenAPI left out. */
  get calls(): string[] {
    return this.requests.filter(({ path }) => !isAboutSchema(path)).map(summary);
  }

  /** The OpenAPI documents that were asked for, in order: `api/v1`, `apis/apps/v1`. */
  get documents(): string[] {
    const prefix = '/openapi/v3/';
    return this.requests
      .filter(({ path }) => path.startsWith(prefix))
      .map(({ path }) => path.slice(prefix.length));
  }

  async handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await read(message, response);
    this.requests.push(request);
    const script = this.#scripts.get(`${request.method} ${request.path}`);
    const scripted = typeof script === 'function' ? await script(request) : script;
    if (scripted !== undefined) return send(response, request, scripted);
    if (request.method === 'GET' && request.query['watch'] !== undefined) {
      return this.watches.open(new StubWatch(request, response));
    }
    send(response, request, this.#answer(request));
  }

  #answer(request: StubRequest): StubReply {
    const { method, path, query } = request;
    const early =
      this.#discoveryReply(request) ??
      (method === 'GET' ? this.openApi.answer(this.cluster, path, query) : undefined);
    if (early !== undefined) return early;
    if (path === '/version') return { body: { major: '1', minor: '36', gitVersion: 'v1.36.3' } };
    const route = this.#route(path);
    return route === undefined ? this.#unknown(path) : this.#objectReply(request, route);
  }

  #discoveryReply({ path, headers }: StubRequest): StubReply | undefined {
    if (path === '/api' || path === '/apis') {
      const isAggregated = this.discovery === 'aggregated' || this.discovery === path;
      if (isAggregated && String(headers['accept']).includes('as=APIGroupDiscoveryList')) {
        return { body: aggregatedList(this.cluster, path === '/api'), contentType: this.aggregatedType };
      }
      return { body: path === '/api' ? legacyVersions(this.cluster) : legacyGroups(this.cluster) };
    }
    const version = this.cluster.find((of) => stubBasePath(of) === path);
    if (version === undefined) return undefined;
    if (version.stale === true)
      return { status: 503, body: 'service unavailable\n', contentType: 'text/plain' };
    return { body: legacyResources(version) };
  }

  #objectReply({ method, query, body }: StubRequest, { resource, namespace, name }: Route): StubReply {
    const collection = this.collection(resource);
    switch (method) {
      case 'POST':
        return { status: 201, body };
      case 'DELETE':
        return name === undefined
          ? collection.list(namespace, query)
          : collection.remove(namespace ?? '', name);
      case 'GET':
        return name === undefined ? collection.list(namespace, query) : collection.get(namespace ?? '', name);
      default:
        return { body };
    }
  }

  #route(path: string): Route | undefined {
    const version = this.cluster.find((of) => path.startsWith(`${stubBasePath(of)}/`));
    if (version === undefined) return undefined;
    const segments = path
      .slice(stubBasePath(version).length + 1)
      .split('/')
      .map(decodeURIComponent);
    const find = (plural: string | undefined): StubResource | undefined =>
      version.resources.find((resource) => resource.plural === plural);
    const inNamespace = segments[0] === 'namespaces' ? find(segments[2]) : undefined;
    if (inNamespace !== undefined)
      return { resource: inNamespace, namespace: segments[1], name: segments[3] };
    const resource = find(segments[0]);
    return resource === undefined ? undefined : { resource, namespace: undefined, name: segments[1] };
  }

  /** Built-in groups answer a Status, unknown ones and those of custom resources the mux' text. */
  #unknown(path: string): StubReply {
    const isBuiltIn = this.cluster.some((of) => !of.group.includes('.') && path.startsWith(stubBasePath(of)));
    return isBuiltIn
      ? statusReply(404, 'NotFound', 'the server could not find the requested resource')
      : PAGE_NOT_FOUND;
  }
}

/** A stub that listens, and where. */
export async function startStub(
  cluster: readonly StubGroupVersion[],
): Promise<{ readonly stub: StubApiServer; readonly origin: string }> {
  const stub = new StubApiServer(cluster);
  const server = createServer((message, response) => void stub.handle(message, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { stub, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function read(message: IncomingMessage, response: ServerResponse): Promise<StubRequest> {
  const closed = new Promise<void>((resolve) => response.once('close', () => resolve()));
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  const url = new URL(message.url ?? '/', 'http://localhost');
  return {
    method: message.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: message.headers,
    body: Buffer.concat(chunks).toString('utf8'),
    closed,
  };
}

function send(response: ServerResponse, request: StubRequest, reply: StubReply): void {
  const isReady = typeof reply.body === 'string' || Buffer.isBuffer(reply.body);
  const text = isReady ? reply.body : JSON.stringify(reply.body);
  const etag = `"${createHash('sha256').update(text).digest('hex').toUpperCase()}"`;
  const hasEtag = reply.contentType?.includes('as=APIGroupDiscoveryList') === true;
  const isUnchanged = hasEtag && request.headers['if-none-match'] === etag;
  response.writeHead(isUnchanged ? 304 : (reply.status ?? 200), {
    'content-type': reply.contentType ?? 'application/json',
    ...(hasEtag ? { etag } : {}),
    ...reply.headers,
  });
  response.end(isUnchanged ? '' : text);
}

function isAboutSchema(path: string): boolean {
  return /^\/(?:apis?|openapi\/v3(?:\/.*)?|api\/[^/]+|apis\/[^/]+\/[^/]+)$/.test(path);
}

function summary({ method, path, query }: StubRequest): string {
  const text = new URLSearchParams(query).toString();
  return `${method} ${path}${text === '' ? '' : `?${decodeURIComponent(text)}`}`;
}
