import { describe, expect, it } from 'vitest';
import { codesOf, testEngine } from '../support/test-engine.ts';
import { head, send } from './sent.ts';

describe('delete', () => {
  it('sends all its options in the body, where alone they count', async () => {
    const sent =
      await send(`mutation { deletePod(namespace: "shop", name: "a", dryRun: true, propagationPolicy: Foreground,
      gracePeriodSeconds: 0, preconditions: { uid: "u", resourceVersion: "7" }) { pending } }`);
    expect(head(sent)).toEqual(['DELETE', '/api/v1/namespaces/shop/pods/a', {}, 'application/json']);
    expect(sent.body).toEqual({
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      dryRun: ['All'],
      propagationPolicy: 'Foreground',
      gracePeriodSeconds: 0,
      preconditions: { uid: 'u', resourceVersion: '7' },
    });
  });

  it("deletes in the background unless told otherwise: kubectl's default, which Jobs do not have", async () => {
    const { body } = await send('mutation { deletePod(namespace: "shop", name: "a") { pending } }');
    expect(body).toEqual({ apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background' });
  });

  it.each(['labelSelector: "app=a"', 'fieldSelector: "status.phase=Failed"', 'all: true'])(
    'of many takes %s',
    async (args) => {
      const sent = await send(
        `mutation { deletePods(namespace: "shop", ${args}, dryRun: true) { items { kind } } }`,
      );
      expect([sent.request.method, sent.request.path]).toEqual(['DELETE', '/api/v1/namespaces/shop/pods']);
      expect(sent.request.query).not.toHaveProperty('dryRun');
      expect(sent.body).toMatchObject({ dryRun: ['All'] });
    },
  );

  it.each(['', ', labelSelector: ""', ', all: false', ', fieldSelector: "", all: false'])(
    'of many without a selector is refused before anything is sent%s',
    async (args) => {
      const { run, stub } = await testEngine();
      const answer = await run(`mutation { deletePods(namespace: "shop"${args}) { items { kind } } }`);
      expect([codesOf(answer), stub.calls]).toEqual([['BAD_USER_INPUT'], []]);
    },
  );
});

describe('a subresource', () => {
  it('is scaled with a merge patch, which custom resources take as well', async () => {
    const sent = await send(
      'mutation { scaleDeployment(namespace: "shop", name: "web", replicas: 3) { __typename } }',
    );
    expect(head(sent)).toEqual([
      'PATCH',
      '/apis/apps/v1/namespaces/shop/deployments/web/scale',
      { fieldManager: 'kubegraph' },
      'application/merge-patch+json',
    ]);
    expect(sent.body).toEqual({ spec: { replicas: 3 } });
  });

  it('that is created names its object in the body, too', async () => {
    const sent = await send('mutation { evictPod(namespace: "shop", name: "web") { status } }');
    expect([sent.request.method, sent.request.path]).toEqual([
      'POST',
      '/api/v1/namespaces/shop/pods/web/eviction',
    ]);
    expect(sent.body).toMatchObject({ apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'web' } });
  });
});
