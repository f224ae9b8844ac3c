import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface StubApiServer {
  readonly url: string;
  /** base64 of the PEM that signs its certificate, as kubeconfigs have it. */
  readonly authorityData: string;
  /** `GET /api/v1/pods` and the like, in order of arrival. */
  readonly calls: readonly string[];
}

/** Whom the stub knows. */
export const KNOWN_TOKEN = 'token-of-alice';

/** The least that the gateway can work with: discovery, one OpenAPI document, and a list of pods. It closes with the test. */
export async function stubApiServer(): Promise<StubApiServer> {
  const calls: string[] = [];
  const server = createServer({ cert: tls('server.crt'), key: tls('server.key') }, (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'https://stub');
    calls.push(`${request.method} ${pathname}`);
    const isKnown = request.headers.authorization === `Bearer ${KNOWN_TOKEN}`;
    const { status, type = 'application/json', body } = isKnown ? answerTo(pathname) : UNAUTHORIZED;
    response.writeHead(status, { 'content-type': type });
    response.end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `https://127.0.0.1:${port}`, authorityData: tls('ca.crt').toString('base64'), calls };
}

function tls(file: string): Buffer {
  return readFileSync(new URL(`../../fixtures/tls/${file}`, import.meta.url));
}

interface StubAnswer {
  readonly status: number;
  readonly type?: string;
  readonly body: unknown;
}

function answerTo(path: string): StubAnswer {
  return ANSWERS[path] ?? failure(404, 'NotFound');
}

function failure(code: number, reason: string): StubAnswer {
  const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: reason, reason, code };
  return { status: code, body };
}

const UNAUTHORIZED = failure(401, 'Unauthorized');

const DISCOVERY_TYPE = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

const CORE_RESOURCES = {
  metadata: { name: '' },
  versions: [
    {
      version: 'v1',
      freshness: 'Current',
      resources: [
        {
          resource: 'pods',
          responseKind: { group: '', version: 'v1', kind: 'Pod' },
          scope: 'Namespaced',
          singularResource: 'pod',
          verbs: ['get', 'list', 'watch', 'create'],
          shortNames: ['po'],
        },
      ],
    },
  ],
};

const REF = '#/components/schemas/';

const CORE_DOCUMENT = {
  openapi: '3.0.0',
  info: { title: 'Kubernetes', version: 'v1.34.0' },
  paths: {},
  components: {
    schemas: {
      'io.k8s.api.core.v1.Pod': {
        type: 'object',
        properties: {
          apiVersion: { type: 'string' },
          kind: { type: 'string' },
          metadata: { allOf: [{ $ref: `${REF}io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta` }] },
          status: { allOf: [{ $ref: `${REF}io.k8s.api.core.v1.PodStatus` }] },
        },
        'x-kubernetes-group-version-kind': [{ group: '', version: 'v1', kind: 'Pod' }],
      },
      'io.k8s.api.core.v1.PodStatus': { type: 'object', properties: { phase: { type: 'string' } } },
      'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta': {
        type: 'object',
        properties: { name: { type: 'string' }, namespace: { type: 'string' } },
      },
    },
  },
};

const PODS = {
  kind: 'PodList',
  apiVersion: 'v1',
  metadata: { resourceVersion: '42' },
  items: [{ metadata: { name: 'web', namespace: 'shop' }, status: { phase: 'Running' } }],
};

function discovery(items: readonly unknown[]): StubAnswer {
  const body = { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
  return { status: 200, type: DISCOVERY_TYPE, body };
}

const ANSWERS: Readonly<Record<string, StubAnswer>> = {
  '/api': discovery([CORE_RESOURCES]),
  '/apis': discovery([]),
  '/openapi/v3': {
    status: 200,
    body: { paths: { 'api/v1': { serverRelativeURL: '/openapi/v3/api/v1?hash=0123456789ABCDEF' } } },
  },
  '/openapi/v3/api/v1': { status: 200, body: CORE_DOCUMENT },
  '/api/v1/pods': { status: 200, body: PODS },
};
