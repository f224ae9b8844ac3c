import { describe, expect, it } from 'vitest';
import { waitUntil } from '../cluster/wait.ts';
import { at, listAt, textAt } from '../real/support/exact-json.ts';
import { admin, apiAs, PATCH } from './support/api.ts';
import { newNamespace, uniqueName } from './support/namespace.ts';
import { bodyOf, created, deployment, pod, unscheduledPod } from './support/objects.ts';
import { newWidgets } from './support/widgets.ts';

const widgets = await newWidgets();
const namespace = await newNamespace();
const CORE = `/api/v1/namespaces/${namespace}`;
const PODS = `${CORE}/pods`;
const DEPLOYMENTS = `/apis/apps/v1/namespaces/${namespace}/deployments`;
const WIDGETS = widgets.path(namespace);

describe('status', () => {
  it('is read at an address of its own', async () => {
    await created(DEPLOYMENTS, deployment('read'));
    expect((await admin.get(`${DEPLOYMENTS}/read/status`)).json).toMatchObject({
      kind: 'Deployment',
      metadata: { name: 'read' },
    });
  });

  it('is patched without touching the spec or the generation', async () => {
    await created(PODS, unscheduledPod('patched'));
    const patch = { status: { phase: 'Failed' }, spec: { activeDeadlineSeconds: 5 } };
    const answer = bodyOf(await admin.patch(`${PODS}/patched/status`, PATCH.merge, patch));
    expect(answer).toMatchObject({ status: { phase: 'Failed' } });
    expect(at(answer, 'spec')).not.toHaveProperty('activeDeadlineSeconds');
  });

  it('has owners of its own', async () => {
    await created(WIDGETS, widgets.object('owners'), { query: { fieldManager: 'me' } });
    const answer = bodyOf(
      await admin.patch(
        `${WIDGETS}/owners/status`,
        PATCH.merge,
        { status: { phase: 'x' } },
        { query: { fieldManager: 'me' } },
      ),
    );
    expect(listAt(answer, 'metadata', 'managedFields').map((entry) => at(entry, 'subresource'))).toEqual([
      undefined,
      'status',
    ]);
  });
});

describe('scale', () => {
  it('is read from a deployment', async () => {
    await created(DEPLOYMENTS, deployment('scaled', { replicas: 2, paused: true }));
    expect((await admin.get(`${DEPLOYMENTS}/scaled/scale`)).json).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      metadata: {
        name: 'scaled',
        namespace,
        uid: expect.any(String) as string,
        resourceVersion: expect.any(String) as string,
      },
      spec: { replicas: 2 },
      status: { replicas: expect.any(Number) as number, selector: 'app=scaled' },
    });
  });

  it('leaves out zero', async () => {
    await created(DEPLOYMENTS, deployment('zero'));
    expect(at((await admin.get(`${DEPLOYMENTS}/zero/scale`)).json, 'spec')).toEqual({});
    expect(at((await admin.get(`${DEPLOYMENTS}/zero/scale`)).json, 'status', 'replicas')).toBe(0);
  });

  it('is written', async () => {
    await created(DEPLOYMENTS, deployment('put', { paused: true }));
    const scale = bodyOf(await admin.get(`${DEPLOYMENTS}/put/scale`)) as {
      readonly metadata: { readonly name: string };
    };
    const { name } = scale.metadata;
    const body = {
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      metadata: { name, namespace },
      spec: { replicas: 3 },
    };
    expect(await admin.put(`${DEPLOYMENTS}/put/scale`, body)).toMatchObject({
      status: 200,
      json: { kind: 'Scale', spec: { replicas: 3 } },
    });
    expect(
      await admin.patch(`${DEPLOYMENTS}/put/scale`, PATCH.merge, { spec: { replicas: 1 } }),
    ).toMatchObject({ status: 200, json: { spec: { replicas: 1 } } });
    expect(bodyOf(await admin.get(`${DEPLOYMENTS}/put`))).toMatchObject({ spec: { replicas: 1 } });
  });

  it('of a custom object follows the paths of its definition', async () => {
    await created(WIDGETS, widgets.object('scaled', { replicas: 1 }));
    await admin.patch(`${WIDGETS}/scaled/status`, PATCH.merge, { status: { replicas: 1, selector: 'a=b' } });
    expect((await admin.get(`${WIDGETS}/scaled/scale`)).json).toMatchObject({
      kind: 'Scale',
      spec: { replicas: 1 },
      status: { replicas: 1, selector: 'a=b' },
    });
    await admin.patch(`${WIDGETS}/scaled/scale`, PATCH.merge, { spec: { replicas: 4 } });
    expect(bodyOf(await admin.get(`${WIDGETS}/scaled`))).toMatchObject({ spec: { replicas: 4 } });
  });

  it('refuses less than nothing', async () => {
    await created(DEPLOYMENTS, deployment('negative'));
    expect(
      await admin.patch(`${DEPLOYMENTS}/negative/scale`, PATCH.merge, { spec: { replicas: -1 } }),
    ).toMatchObject({ status: 422, json: { reason: 'Invalid' } });
  });
});

describe('eviction', () => {
  const evict = (name: string, query = {}) =>
    admin.post(
      `${PODS}/${name}/eviction`,
      { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } },
      { query },
    );
  const budget = (app: string, name = app) => ({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name },
    spec: { minAvailable: 1, selector: { matchLabels: { app } } },
  });

  /** A running pod with a label. */
  async function runningPod(app: string): Promise<void> {
    await created(PODS, pod(app, {}, { labels: { app } }));
    const waiting = async () => {
      const ready = listAt((await admin.get(`${PODS}/${app}`)).json ?? {}, 'status', 'conditions').find(
        (item) => at(item, 'type') === 'Ready',
      );
      return at(ready, 'status') === 'True' ? undefined : 'not ready';
    };
    await waitUntil(`${app} is ready`, async () => waiting().catch(String), { timeoutMs: 15_000 });
  }

  it('deletes the pod', async () => {
    await created(PODS, unscheduledPod('evicted'));
    expect((await evict('evicted')).json).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      code: 201,
    });
    expect((await admin.get(`${PODS}/evicted`)).status).toBe(404);
  });

  it('as a dry run does not', async () => {
    await created(PODS, unscheduledPod('dry'));
    expect((await evict('dry', { dryRun: 'All' })).status).toBe(201);
    expect((await admin.get(`${PODS}/dry`)).status).toBe(200);
  });

  it('is refused by a disruption budget', async () => {
    const path = `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`;
    await created(path, budget('guarded'));
    await runningPod('guarded');
    const unseen = async () => {
      const { json } = await admin.get(`${path}/guarded`);
      return at(json, 'status', 'currentHealthy') === 1 ? undefined : 'not counted';
    };
    await waitUntil('the budget counts', unseen, { timeoutMs: 15_000 });
    const answer = await evict('guarded');
    expect(answer).toMatchObject({
      status: 429,
      json: {
        reason: 'TooManyRequests',
        message: "Cannot evict pod as it would violate the pod's disruption budget.",
        details: {
          causes: [
            {
              reason: 'DisruptionBudget',
              message: 'The disruption budget guarded needs 1 healthy pods and has 1 currently',
            },
          ],
        },
        code: 429,
      },
    });
    expect(answer.headers['retry-after']).toBeUndefined();
    expect(at(answer.json, 'details')).not.toHaveProperty('retryAfterSeconds');
  });

  it('of a running pod with two budgets is 500 without a reason', async () => {
    const path = `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`;
    await created(path, budget('twice', 'twice-a'));
    await created(path, budget('twice', 'twice-b'));
    await runningPod('twice');
    const answer = await evict('twice');
    expect(answer).toMatchObject({
      status: 500,
      json: {
        message:
          'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
      },
    });
    expect(answer.json).not.toHaveProperty('reason');
  });

  it('of a pod that does not exist is 404', async () => {
    expect(await evict('missing')).toMatchObject({
      status: 404,
      json: { details: { name: 'missing', kind: 'pods' } },
    });
  });
});

describe('a token of a service account', () => {
  const request = (spec: object) => ({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec });

  it('is issued, and is that account', async () => {
    const name = uniqueName();
    await created(`${CORE}/serviceaccounts`, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name },
    });
    const answer = await created(
      `${CORE}/serviceaccounts/${name}/token`,
      request({ expirationSeconds: 600 }),
    );
    expect(answer).toMatchObject({
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace },
      spec: { expirationSeconds: 600, audiences: expect.any(Array) as string[] },
      status: { expirationTimestamp: expect.stringMatching(/Z$/) as string },
    });
    const account = apiAs(textAt(answer, 'status', 'token'));
    const review = await account.post('/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'SelfSubjectReview',
    });
    expect(review).toMatchObject({
      status: 201,
      json: {
        status: {
          userInfo: {
            username: `system:serviceaccount:${namespace}:${name}`,
            groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
          },
        },
      },
    });
    expect((await account.get(PODS)).status).toBe(403);
  });

  it('lives for ten minutes at least', async () => {
    expect(
      await admin.post(`${CORE}/serviceaccounts/default/token`, request({ expirationSeconds: 10 })),
    ).toMatchObject({
      status: 422,
      json: { details: { causes: [{ reason: 'FieldValueInvalid', field: 'spec.expirationSeconds' }] } },
    });
  });

  it('is not issued for an account that does not exist', async () => {
    expect((await admin.post(`${CORE}/serviceaccounts/missing/token`, request({}))).status).toBe(404);
  });
});

it('binding puts a pod on a node', async () => {
  const node = textAt(bodyOf(await admin.get('/api/v1/nodes')), 'items', 0, 'metadata', 'name');
  await created(PODS, unscheduledPod('bound'));
  const binding = {
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name: 'bound' },
    target: { kind: 'Node', name: node },
  };
  expect(await admin.post(`${PODS}/bound/binding`, binding)).toMatchObject({
    status: 201,
    json: { kind: 'Status', status: 'Success' },
  });
  expect(bodyOf(await admin.get(`${PODS}/bound`))).toMatchObject({ spec: { nodeName: node } });
});
