import { expect, it } from 'vitest';
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
