import { expect, it } from 'vitest';
import { openSuite } from './support/suite.ts';

const { gateway } = await openSuite();

const NAMES = '(first: 1) { items { metadata { name } } }';

it('a query that touches five of the groups loads the OpenAPI documents of those five only', async () => {
  await gateway.data(`{
    coreV1Pods${NAMES}
    appsV1Deployments${NAMES}
    batchV1Jobs${NAMES}
    networkingV1Ingresses${NAMES}
    certManagerIoV1Certificates${NAMES}
  }`);
  const documents = gateway.calls.map(({ path }) => path).filter((path) => path.startsWith('/openapi/v3/'));
  expect(documents.sort()).toEqual([
    '/openapi/v3/api/v1',
    '/openapi/v3/apis/apps/v1',
    '/openapi/v3/apis/batch/v1',
    '/openapi/v3/apis/cert-manager.io/v1',
    '/openapi/v3/apis/networking.k8s.io/v1',
  ]);
});
