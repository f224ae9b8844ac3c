import { expect, it, onTestFinished } from 'vitest';
import { Catalogs } from '../../../src/catalog/catalog.ts';
import { noCache } from '../../../src/catalog/document-cache.ts';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { KubegraphError } from '../../../src/errors/kubegraph-error.ts';
import { readiness } from '../../../src/server/health.ts';
import { ApiInMemory } from '../catalog/support/api-in-memory.ts';
import { MemoryCache } from '../catalog/support/memory-cache.ts';
import { STANDARD_CLUSTER } from '../support/standard-cluster.ts';
import { stubGroupVersion } from '../support/stub-resources.ts';
import { testGateway, type TestGateway } from '../support/test-gateway.ts';

async function health({ url }: TestGateway, path: '/livez' | '/readyz'): Promise<readonly [number, string]> {
  const response = await fetch(new URL(path, url));
  return [response.status, await response.text()];
}

it('is live as soon as it listens, whatever the API server does', async () => {
  const gateway = await testGateway();
  gateway.stub.on('GET', '/apis', { status: 500, body: 'down' });
  expect(await health(gateway, '/livez')).toEqual([200, 'ok\n']);
  expect(gateway.stub.requests).toEqual([]);
});

it('is ready once it knows what the API server serves, and says why it is not', async () => {
  const gateway = await testGateway();
  let isDown = true;
  gateway.stub.on('GET', '/apis', () => (isDown ? { status: 500, body: 'etcd is away' } : undefined));
  expect(await health(gateway, '/readyz')).toEqual([503, 'not ready: etcd is away\n']);
  isDown = false;
  expect(await health(gateway, '/readyz')).toEqual([200, 'ok\n']);
});

it('is ready although an aggregated API does not answer, and says which', async () => {
  const gateway = await testGateway();
  gateway.stub.cluster = [
    ...STANDARD_CLUSTER,
    { ...stubGroupVersion('metrics.k8s.io', 'v1', {}), stale: true },
  ];
  expect(await health(gateway, '/readyz')).toEqual([
    200,
    'ok\nmetrics.k8s.io/v1: the aggregated API does not answer\n',
  ]);
});

it('is ready without asking where it has no credentials of its own', async () => {
  const gateway = await testGateway('passthrough');
  expect(await health(gateway, '/readyz')).toEqual([200, 'ok\n']);
  expect(gateway.stub.requests).toEqual([]);
});

it('stays ready when a later look fails, and says why', async () => {
  const api = new ApiInMemory();
  let now = 0;
  const catalogs = new Catalogs({ upstream: api, cache: noCache, now: () => now });
  expect(await readiness(catalogs, 'kubeconfig', false)).toEqual({ status: 200, body: 'ok\n' });
  api.failure = new KubegraphError('UNAVAILABLE', 'etcd is away');
  now += 2_000;
  await catalogs.refresh(KUBECONFIG_IDENTITY);
  expect(await readiness(catalogs, 'kubeconfig', false)).toEqual({
    status: 200,
    body: 'ok\nthe last look at the API server failed: etcd is away\n',
  });
});

it('is not ready on what is known from an earlier run alone', async () => {
  const api = new ApiInMemory();
  const cache = new MemoryCache();
  const start = (): Catalogs => new Catalogs({ upstream: api, cache, follow: {} });
  const before = start();
  await before.get(KUBECONFIG_IDENTITY);
  await before.close();
  api.failure = new KubegraphError('UNREACHABLE', 'no connection');
  const catalogs = start();
  onTestFinished(() => catalogs.close());
  await catalogs.get(KUBECONFIG_IDENTITY);
  expect(await readiness(catalogs, 'kubeconfig', false)).toEqual({
    status: 503,
    body: 'not ready: no connection\n',
  });
});
