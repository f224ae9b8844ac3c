import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { Agent, request } from 'undici';
import { onTestFinished } from 'vitest';
import type { Random } from '../../../../demo/api/clock.ts';
import type { KubeObject } from '../../../../demo/api/object.ts';
import type { Registry, ServedResource } from '../../../../demo/api/resource.ts';
import { bootstrapPolicy } from '../../../../demo/http/bootstrap-policy.ts';
import type { Documents } from '../../../../demo/http/documents.ts';
import { serveApi, type ApiListener, type ServeOptions } from '../../../../demo/http/serve.ts';
import type { Store } from '../../../../demo/storage/store.ts';
import type { Cluster, HandleResource } from '../../../../demo/verbs/request.ts';
import { servedResource, subresource } from '../support/served-resource.ts';
import { TestClock } from '../support/test-clock.ts';
import { fakeStore } from './fake-store.ts';

const RBAC = { group: 'rbac.authorization.k8s.io' };
const CLUSTER_WIDE = { namespaced: false };

const RESOURCES: readonly ServedResource[] = [
  servedResource('pods', 'Pod', {
    subresources: [
      subresource('log', ['get']),
      subresource('exec', ['create', 'get']),
      subresource('attach', ['create', 'get']),
      subresource('status', ['get', 'patch', 'update']),
      subresource('eviction', ['create']),
    ],
  }),
  servedResource('configmaps', 'ConfigMap'),
  servedResource('secrets', 'Secret'),
  servedResource('nodes', 'Node', CLUSTER_WIDE),
  servedResource('namespaces', 'Namespace', {
    ...CLUSTER_WIDE,
    subresources: [subresource('status', ['get', 'patch'])],
  }),
  servedResource('endpoints', 'Endpoints', {
    deprecationWarning: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  }),
  servedResource('deployments', 'Deployment', { group: 'apps' }),
  servedResource('roles', 'Role', RBAC),
  servedResource('rolebindings', 'RoleBinding', RBAC),
  servedResource('clusterroles', 'ClusterRole', { ...RBAC, ...CLUSTER_WIDE }),
  servedResource('clusterrolebindings', 'ClusterRoleBinding', { ...RBAC, ...CLUSTER_WIDE }),
  servedResource('widgets', 'Widget', {
    group: 'example.com',
    isCustom: true,
    subresources: [subresource('status', ['get', 'patch', 'update'])],
    printerColumns: [
      { name: 'Color', type: 'string', jsonPath: '.spec.color' },
      { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type == "Ready")].status' },
      { name: 'Size', type: 'integer', jsonPath: '.spec.size', priority: 1 },
      { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    ],
  }),
  servedResource('planets', 'Planet', { group: 'example.com', isCustom: true, ...CLUSTER_WIDE }),
];

export const registry: Registry = {
  resources: RESOURCES,
  find: (group, version, resource) =>
    RESOURCES.find((each) => each.group === group && each.version === version && each.resource === resource),
  findKind: (_, kind) => RESOURCES.find((each) => each.kind === kind),
  scalePathsOf: () => undefined,
  groupVersions: [...new Set(RESOURCES.map(({ group }) => group))].map((group) => ({ group, version: 'v1' })),
};

const text = (body: string): { body: Buffer; contentType: string } => ({
  body: Buffer.from(body),
  contentType: 'application/json',
});

const documents: Documents = {
  discovery: (half, form) =>
    form === 'legacy'
      ? text(`{"kind":"${half}"}`)
      : {
          body: Buffer.from(`{"kind":"aggregated ${half}"}`),
          contentType: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
          etag: '"ABC"',
        },
  group: (group) => (group === 'apps' || group === 'example.com' ? text(`{"kind":"APIGroup"}`) : undefined),
  groupVersion: (group, version) =>
    version === 'v1' && RESOURCES.some((each) => each.group === group)
      ? text('{"kind":"APIResourceList"}')
      : undefined,
  openApiIndex: () => text('{"paths":{}}'),
  openApiDocument: (path) =>
    path === 'api/v1' ? { ...text('{"openapi":"3.0.0"}'), hash: 'NEW', etag: '"NEW"' } : undefined,
};

const random: Random = { next: () => 0.5, fork: () => random };

export interface TestServer {
  readonly api: ApiListener;
  readonly store: Store;
  readonly clock: TestClock;
  readonly send: (path: string, options?: SendOptions) => Promise<TestAnswer>;
}

export interface SendOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** A bearer token. Default: the admin's; '' for none. */
  readonly token?: string;
}

export interface TestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  json(): Readonly<Record<string, unknown>>;
}

/** A server with the bootstrap policy, on a free port. It closes with the test. */
export async function startServer(
  handle: HandleResource = notFoundHandler,
  options: Partial<ServeOptions> = {},
): Promise<TestServer> {
  const clock = new TestClock();
  const store = fakeStore();
  for (const object of bootstrapPolicy()) store.insert(storageKeyOf(object), object);
  // Nothing in http/ looks at schemas or fields.
  const cluster = { store, registry, clock, random } as unknown as Cluster;
  const logs = { read: () => undefined };
  const api = await serveApi({ cluster, documents, logs, handle, clock, random, ...options });
  const agent = new Agent({ connect: { ca: api.ca, rejectUnauthorized: false } });
  onTestFinished(async () => {
    await agent.destroy();
    await api.close();
  });
  const send = async (path: string, { token, ...rest }: SendOptions = {}): Promise<TestAnswer> => {
    const sent = token ?? api.tokens.admin;
    const headers = { ...(sent === '' ? {} : { authorization: `Bearer ${sent}` }), ...rest.headers };
    const answer = await request(api.url + path, { dispatcher: agent, ...rest, headers });
    const body = await answer.body.text();
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body,
      json: () => JSON.parse(body) as Readonly<Record<string, unknown>>,
    };
  };
  return { api, store, clock, send };
}

export function storageKeyOf({ kind }: Pick<KubeObject, 'kind'>): string {
  return registry.findKind('', kind)?.storageKey ?? '';
}

const notFoundHandler: HandleResource = async (_, { resource, verb, name, namespace, subresource }) => ({
  kind: 'object',
  status: 200,
  object: { kind: resource.kind, apiVersion: 'v1', metadata: {}, verb, name, namespace, subresource },
});

/** An HTTP/2 session with the server. It closes with the test. */
export function http2Session(api: ApiListener): ClientHttp2Session {
  const session = connect(api.url, { ca: api.ca });
  session.on('error', () => undefined);
  onTestFinished(() => session.destroy());
  return session;
}

export interface Http2Answer {
  readonly headers: IncomingHttpHeaders;
  /** Pieces as they arrive. */
  readonly body: AsyncIterable<Buffer>;
}

/** Asks over HTTP/2, and answers as soon as there are headers. */
export async function sendHttp2(
  session: ClientHttp2Session,
  path: string,
  token: string,
): Promise<Http2Answer> {
  const stream = session.request({ ':path': path, authorization: `Bearer ${token}` });
  const headers = await new Promise<IncomingHttpHeaders>((resolve, reject) => {
    stream.once('response', resolve);
    stream.once('error', reject);
  });
  return { headers, body: stream as AsyncIterable<Buffer> };
}
