import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../demo/api/object.ts';
import { refusal, TestApi } from './support.ts';

const LABELS = { app: 'web' };
const CONTAINERS = [{ name: 'main', image: 'busybox' }];

async function withDeployment(replicas: number): Promise<TestApi> {
  const api = new TestApi();
  const template = { metadata: { labels: LABELS }, spec: { containers: CONTAINERS } };
  const selector = {
    matchLabels: LABELS,
    matchExpressions: [{ key: 'Z', operator: 'NotIn', values: ['b', 'a'] }],
  };
  const body = { metadata: { name: 'd' }, spec: { replicas, selector, template } };
  await api.create({ resource: 'deployments', body });
  return api;
}

async function withWidget(): Promise<TestApi> {
  const api = new TestApi();
  const body = {
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: { name: 'w' },
    spec: { replicas: 2 },
  };
  await api.create({ resource: 'widgets', body });
  return api;
}

async function withPod(status: object = { phase: 'Running' }): Promise<TestApi> {
  const api = new TestApi();
  const metadata = { name: 'p', labels: LABELS };
  await api.create({ resource: 'pods', body: { metadata, spec: { containers: CONTAINERS } } });
  await api.patch('merge', { resource: 'pods', name: 'p', subresource: 'status', body: { status } });
  return api;
}

function addBudget(api: TestApi, name: string, disruptionsAllowed: number): void {
  const budget: KubeObject = {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace: 'demo' },
    spec: { selector: { matchLabels: LABELS } },
    status: { disruptionsAllowed, desiredHealthy: 1, currentHealthy: 1 },
  };
  api.cluster.store.insert('policy/poddisruptionbudgets', budget);
}

const d = { resource: 'deployments', name: 'd', subresource: 'scale' };
const w = { resource: 'widgets', name: 'w', subresource: 'scale' };

describe('scale', () => {
  it('shows replicas and selector of a built-in, and no zero', async () => {
    const { body } = await (await withDeployment(0)).get(d);
    expect(body).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      metadata: { name: 'd', namespace: 'demo', resourceVersion: '3' },
    });
    expect(body['spec']).toEqual({});
    expect(body['status']).toEqual({ replicas: 0, selector: 'Z notin (a,b),app=web' });
  });

  it('shows those of a custom resource where its definition says', async () => {
    const api = await withWidget();
    const status = { replicas: 1, selector: 'a=b' };
    await api.patch('merge', { resource: 'widgets', name: 'w', subresource: 'status', body: { status } });
    expect((await api.get(w)).body).toMatchObject({ spec: { replicas: 2 }, status });
  });

  it.each([
    ['merge', { spec: { replicas: 5 } }],
    ['json', [{ op: 'replace', path: '/spec/replicas', value: 5 }]],
    ['strategic', { spec: { replicas: 5 } }],
  ])('changes the replicas and nothing else by %s patch', async (format, body) => {
    const api = await withDeployment(1);
    const answer = await api.patch(format, { ...d, body });
    expect(answer.body['spec']).toEqual({ replicas: 5 });
    const { body: deployment } = await api.get({ resource: 'deployments', name: 'd' });
    expect(deployment).toMatchObject({ spec: { replicas: 5 }, metadata: { generation: 2 } });
    expect(deployment['metadata']?.['managedFields']).toContainEqual(
      expect.objectContaining({ subresource: 'scale' }),
    );
  });

  it('is applied as replicas of the object', async () => {
    const api = await withDeployment(1);
    const body = { apiVersion: 'autoscaling/v1', kind: 'Scale', spec: { replicas: 3 } };
    const refused = await api.patch('apply', { ...d, query: 'fieldManager=alice', body });
    expect(refused.body['message']).toContain('.spec.replicas');
    const forced = await api.patch('apply', { ...d, query: 'fieldManager=alice&force=true', body });
    expect(forced.body['spec']).toEqual({ replicas: 3 });
  });

  it('is replaced by PUT, with or without a version', async () => {
    const api = await withWidget();
    const sent = (metadata: object): object => ({
      metadata: { name: 'w', ...metadata },
      spec: { replicas: 4 },
    });
    expect((await api.update({ ...w, body: sent({ resourceVersion: '1' }) })).status).toBe(409);
    expect((await api.update({ ...w, body: sent({}) })).body['spec']).toEqual({ replicas: 4 });
  });

  it('is never negative', async () => {
    const body = { metadata: { name: 'd' }, spec: { replicas: -1 } };
    const answer = await (await withDeployment(1)).update({ ...d, body });
    expect(refusal(answer)).toEqual([
      422,
      'Invalid',
      'Scale.autoscaling "d" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ]);
  });

  it('changes nothing in a dry run', async () => {
    const api = await withDeployment(1);
    await api.patch('merge', { ...d, query: 'dryRun=All', body: { spec: { replicas: 5 } } });
    expect((await api.get(d)).body['spec']).toEqual({ replicas: 1 });
  });
});

describe('eviction', () => {
  const eviction = {
    resource: 'pods',
    name: 'p',
    subresource: 'eviction',
    body: { metadata: { name: 'p' } },
  };

  it('deletes a pod that nothing protects', async () => {
    const api = await withPod();
    const { status, body } = await api.create(eviction);
    expect([status, body]).toMatchObject([201, { kind: 'Status', status: 'Success', code: 201 }]);
    expect((await api.get({ resource: 'pods', name: 'p' })).status).toBe(404);
  });

  it('uses up what a budget allows', async () => {
    const api = await withPod();
    addBudget(api, 'budget', 1);
    await api.create({ ...eviction, query: 'dryRun=All' });
    const allowed = async (): Promise<unknown> =>
      (await api.get({ resource: 'poddisruptionbudgets', name: 'budget' })).body['status']?.[
        'disruptionsAllowed'
      ];
    expect(await allowed()).toBe(1);
    await api.create(eviction);
    expect(await allowed()).toBe(0);
  });

  it('is refused by a budget that is used up, without a time to retry', async () => {
    const api = await withPod();
    addBudget(api, 'budget', 0);
    const answer = await api.create(eviction);
    expect(refusal(answer)).toEqual([
      429,
      'TooManyRequests',
      "Cannot evict pod as it would violate the pod's disruption budget.",
    ]);
    const message = 'The disruption budget budget needs 1 healthy pods and has 1 currently';
    expect(answer.body['details']).toEqual({ causes: [{ reason: 'DisruptionBudget', message }] });
  });

  it('does not know what to do with two budgets', async () => {
    const api = await withPod();
    addBudget(api, 'one', 1);
    addBudget(api, 'two', 1);
    const message =
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
    expect(refusal(await api.create(eviction))).toEqual([500, undefined, message]);
  });

  it('passes by a budget when the pod does not run', async () => {
    const api = await withPod({ phase: 'Pending' });
    addBudget(api, 'budget', 0);
    expect((await api.create(eviction)).status).toBe(201);
  });

  it('must name the pod', async () => {
    const answer = await (await withPod()).create({ ...eviction, body: {} });
    expect(refusal(answer)).toEqual([
      400,
      'BadRequest',
      'name in URL does not match name in Eviction object',
    ]);
  });
});

describe('binding', () => {
  const body = { metadata: { name: 'p' }, target: { kind: 'Node', name: 'node' } };
  const binding = { resource: 'pods', name: 'p', subresource: 'binding', body };

  it('puts a pod on a node, once', async () => {
    const api = await withPod();
    expect((await api.create(binding)).status).toBe(201);
    const { body: pod } = await api.get({ resource: 'pods', name: 'p' });
    expect(pod['spec']?.['nodeName']).toBe('node');
    expect(pod['status']?.['conditions']).toMatchObject([{ type: 'PodScheduled', status: 'True' }]);
    const message =
      'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "node"';
    expect(refusal(await api.create(binding))).toEqual([409, 'Conflict', message]);
  });
});

describe('tokens of service accounts', () => {
  async function withAccount(): Promise<TestApi> {
    const api = new TestApi();
    await api.create({ resource: 'serviceaccounts', body: { metadata: { name: 'robot' } } });
    return api;
  }
  const token = { resource: 'serviceaccounts', name: 'robot', subresource: 'token' };

  it('are valid for an hour', async () => {
    const api = await withAccount();
    const { status, body } = await api.create({ ...token, body: {} });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      kind: 'TokenRequest',
      metadata: { name: 'robot', namespace: 'demo' },
      spec: { audiences: ['https://kubernetes.default.svc'], expirationSeconds: 3600, boundObjectRef: null },
      status: { token: 'token-of-demo-robot', expirationTimestamp: '2026-01-01T01:00:00Z' },
    });
    expect(api.issued).toEqual(['token-of-demo-robot']);
  });

  it.each([
    [
      { spec: { expirationSeconds: 5 } },
      'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes',
    ],
    [
      { metadata: { name: 'zz' } },
      'TokenRequest.authentication.k8s.io "robot" is invalid: metadata.name: Invalid value: "zz": must match the service account name if specified',
    ],
  ])('are not issued for %j', async (body, message) => {
    expect(refusal(await (await withAccount()).create({ ...token, body }))).toEqual([
      422,
      'Invalid',
      message,
    ]);
  });

  it('can be bound to what is there', async () => {
    const boundObjectRef = { kind: 'Pod', apiVersion: 'v1', name: 'nope' };
    const answer = await (await withAccount()).create({ ...token, body: { spec: { boundObjectRef } } });
    expect(refusal(answer)).toEqual([404, 'NotFound', 'pods "nope" not found']);
  });
});

describe('subresources', () => {
  it('that are not served are not found: as such, or as the custom resource', async () => {
    const api = await withWidget();
    const builtIn = await api.get({ resource: 'configmaps', name: 'c', subresource: 'status' });
    expect(refusal(builtIn)).toEqual([404, 'NotFound', 'the server could not find the requested resource']);
    const custom = await api.get({ resource: 'widgets', name: 'w', subresource: 'foo' });
    expect(refusal(custom)).toEqual([404, 'NotFound', 'widgets.example.com "w" not found']);
  });

  it('have verbs of their own', async () => {
    const api = await withWidget();
    expect((await api.delete({ resource: 'deployments', name: 'd', subresource: 'scale' })).status).toBe(405);
    const custom = await api.create({ resource: 'widgets', name: 'w', subresource: 'status' });
    const message = 'create is not supported on resources of kind "widgets.example.com"';
    expect(refusal(custom)).toEqual([405, 'MethodNotAllowed', message]);
  });

  it('that only a real cluster can do are refused, not ignored', async () => {
    const answer = await (
      await withPod()
    ).patch('merge', { resource: 'pods', name: 'p', subresource: 'resize', body: {} });
    expect(refusal(answer)).toEqual([
      501,
      'NotImplemented',
      'the demo cluster does not implement patch of pods/resize',
    ]);
  });
});
