import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { waitUntil } from '../../cluster/wait.ts';
import { atEnd } from './at-end.ts';
import { at } from './exact-json.ts';
import type { Kubectl } from './kubectl.ts';
import { createNamespace } from './suite.ts';

const GROUP_VERSION = 'metrics.k8s.io/v1beta1';
const API_SERVICE = 'v1beta1.metrics.k8s.io';
const PATH = `/apis/${GROUP_VERSION}`;

/** A metrics API that the real aggregator has, with numbers of our own. */
export interface MetricsApi {
  /** Makes it answer no more. It is still installed. */
  readonly stop: () => Promise<void>;
}

/**
 * Installs it, and waits until it is described. It goes after the file's last test.
 *
 * @param objects what it answers, by path below the group-version.
 */
export async function installMetricsApi(
  kubectl: Kubectl,
  objects: Readonly<Record<string, object>>,
): Promise<MetricsApi> {
  const server = await serve({ ...(await descriptions(kubectl)), ...below(PATH, objects) });
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  atEnd(stop);
  await register(kubectl, (server.address() as AddressInfo).port);
  const missing = async (): Promise<string | undefined> =>
    (await isDescribed(kubectl)) ? undefined : 'not described';
  await waitUntil(`${API_SERVICE} is described`, missing, LAG);
  return { stop };
}

const LAG = { timeoutMs: 60_000 };

async function isDescribed(kubectl: Kubectl): Promise<boolean> {
  const index = await kubectl.raw('/openapi/v3');
  return at(index, 'paths', PATH.slice(1)) !== undefined;
}

function below(path: string, objects: Readonly<Record<string, object>>): Readonly<Record<string, object>> {
  return Object.fromEntries(Object.entries(objects).map(([name, object]) => [`${path}/${name}`, object]));
}

async function serve(answers: Readonly<Record<string, object>>): Promise<Server> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
  const server = createServer({ key, cert }, ({ url = '' }, response) => {
    const answer = answers[url.split('?', 1)[0] ?? ''];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? NOT_FOUND));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const NOT_FOUND = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 };

async function register(kubectl: Kubectl, port: number): Promise<void> {
  const namespace = await createNamespace(kubectl);
  atEnd(async () => {
    await kubectl.run(['delete', 'apiservice', API_SERVICE, '--ignore-not-found']);
    // Other suites look for what is not there.
    await waitUntil(
      `${API_SERVICE} is gone`,
      async () => ((await isDescribed(kubectl)) ? 'described' : undefined),
      LAG,
    );
  });
  await kubectl.create(
    namespace,
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'metrics' },
      spec: { type: 'ExternalName', externalName: 'localhost' },
    },
    {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: API_SERVICE },
      spec: {
        group: 'metrics.k8s.io',
        version: 'v1beta1',
        service: { namespace, name: 'metrics', port },
        insecureSkipTLSVerify: true,
        groupPriorityMinimum: 100,
        versionPriority: 100,
      },
    },
  );
}

/** Discovery and OpenAPI as metrics-server has them. */
async function descriptions(kubectl: Kubectl): Promise<Readonly<Record<string, object>>> {
  const document = `/openapi/v3${PATH}`;
  return {
    [PATH]: { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: GROUP_VERSION, resources: RESOURCES },
    '/openapi/v3': { paths: { [PATH.slice(1)]: { serverRelativeURL: `${document}?hash=1` } } },
    [document]: { openapi: '3.0.0', info: {}, paths: {}, components: { schemas: await schemas(kubectl) } },
  };
}

const RESOURCES = [
  { name: 'nodes', singularName: '', namespaced: false, kind: 'NodeMetrics', verbs: ['get', 'list'] },
  { name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] },
];

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const OWN = 'io.k8s.metrics.pkg.apis.metrics.v1beta1';

async function schemas(kubectl: Kubectl): Promise<object> {
  const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` });
  const quantity = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
  const usage = { type: 'object', additionalProperties: ref(quantity) };
  const common = {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: ref(`${META}.ObjectMeta`),
    timestamp: ref(`${META}.Time`),
    window: ref(`${META}.Duration`),
  };
  const kind = (name: string, properties: object): object => ({
    type: 'object',
    properties: { ...common, ...properties },
    'x-kubernetes-group-version-kind': [{ group: 'metrics.k8s.io', version: 'v1beta1', kind: name }],
  });
  const core = at(await kubectl.raw('/openapi/v3/api/v1'), 'components', 'schemas') as object;
  const shared = Object.entries(core).filter(([name]) => name.startsWith(META) || name === quantity);
  return {
    ...Object.fromEntries(shared),
    [`${META}.Duration`]: { type: 'string' },
    [`${OWN}.ContainerMetrics`]: { type: 'object', properties: { name: { type: 'string' }, usage } },
    [`${OWN}.NodeMetrics`]: kind('NodeMetrics', { usage }),
    [`${OWN}.PodMetrics`]: kind('PodMetrics', {
      containers: { type: 'array', items: ref(`${OWN}.ContainerMetrics`) },
    }),
  };
}
