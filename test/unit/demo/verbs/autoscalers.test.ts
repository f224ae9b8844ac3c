import { expect, it } from 'vitest';
import { type Answer, type Body, TestApi } from './support.ts';

/** What the real server answers to the same. */

const HPA = { resource: 'horizontalpodautoscalers', group: 'autoscaling' };
const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' };

function create(api: TestApi, version: string, spec: object, annotations?: object): Promise<Answer> {
  const metadata = { name: 'h', ...(annotations === undefined ? {} : { annotations }) };
  const body = { apiVersion: `autoscaling/${version}`, kind: 'HorizontalPodAutoscaler', metadata, spec };
  return api.create({ ...HPA, version, body });
}

async function read(api: TestApi, version: string): Promise<Body> {
  return (await api.get({ ...HPA, version, name: 'h' })).body;
}

const ANNOTATION = 'autoscaling.alpha.kubernetes.io';
const memory = { type: 'Resource', resource: { name: 'memory', target: utilization(60) } };

function utilization(averageUtilization: number): object {
  return { type: 'Utilization', averageUtilization };
}

function cpu(averageUtilization: number): object {
  return { type: 'Resource', resource: { name: 'cpu', target: utilization(averageUtilization) } };
}

it('one written as v1 has its target among the metrics of v2', async () => {
  const api = new TestApi();
  const { body } = await create(api, 'v1', {
    scaleTargetRef,
    maxReplicas: 3,
    targetCPUUtilizationPercentage: 70,
  });
  expect(body).toMatchObject({
    apiVersion: 'autoscaling/v1',
    spec: { minReplicas: 1, maxReplicas: 3, targetCPUUtilizationPercentage: 70 },
    status: { currentReplicas: 0, desiredReplicas: 0 },
  });
  expect(await read(api, 'v2')).toMatchObject({
    apiVersion: 'autoscaling/v2',
    spec: { scaleTargetRef, minReplicas: 1, maxReplicas: 3, metrics: [cpu(70)] },
    status: { desiredReplicas: 0, currentMetrics: null },
  });
  expect(await read(api, 'v1')).toEqual(body);
});

it('one written as v2 has what v1 cannot say in annotations of it', async () => {
  const api = new TestApi();
  const pods = {
    type: 'Pods',
    pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '10' } },
  };
  const { body } = await create(api, 'v2', {
    scaleTargetRef,
    minReplicas: 2,
    maxReplicas: 3,
    behavior: { scaleDown: { stabilizationWindowSeconds: 60 } },
    metrics: [memory, cpu(50), pods],
  });
  const shown = await read(api, 'v1');
  expect(shown['metadata']?.['annotations']).toEqual({
    [`${ANNOTATION}/behavior`]:
      '{"ScaleUp":{"StabilizationWindowSeconds":0,"SelectPolicy":"Max","Policies":[{"Type":"Pods","Value":4,"PeriodSeconds":15},{"Type":"Percent","Value":100,"PeriodSeconds":15}],"Tolerance":null},"ScaleDown":{"StabilizationWindowSeconds":60,"SelectPolicy":"Max","Policies":[{"Type":"Percent","Value":100,"PeriodSeconds":15}],"Tolerance":null}}',
    [`${ANNOTATION}/metrics`]:
      '[{"type":"Resource","resource":{"name":"memory","targetAverageUtilization":60}},{"type":"Pods","pods":{"metricName":"rps","targetAverageValue":"10"}}]',
  });
  expect(shown['spec']).toEqual({
    scaleTargetRef,
    minReplicas: 2,
    maxReplicas: 3,
    targetCPUUtilizationPercentage: 50,
  });
  expect(await read(api, 'v2')).toEqual(body);
});

it('a change as v1 keeps what v2 has more, with the use of CPUs last', async () => {
  const api = new TestApi();
  await create(api, 'v2', { scaleTargetRef, maxReplicas: 3, metrics: [cpu(50), memory] });
  const body = { spec: { targetCPUUtilizationPercentage: 55 } };
  await api.patch('merge', { ...HPA, version: 'v1', name: 'h', body });
  const changed = await read(api, 'v2');
  expect(changed['spec']?.['metrics']).toEqual([memory, cpu(55)]);
  expect(changed['metadata']?.['annotations']).toBeUndefined();
});

it('the metrics of every type come out of the annotation of v1', async () => {
  const api = new TestApi();
  const metrics = [
    {
      type: 'Object',
      object: { target: { kind: 'Service', name: 's' }, metricName: 'm', targetValue: '3' },
    },
    {
      type: 'External',
      external: { metricName: 'e', metricSelector: { matchLabels: { a: 'b' } }, targetAverageValue: '4' },
    },
    {
      type: 'ContainerResource',
      containerResource: { name: 'cpu', container: 'c', targetAverageUtilization: 5 },
    },
  ];
  const annotations = { keep: 'me', [`${ANNOTATION}/metrics`]: JSON.stringify(metrics) };
  await create(api, 'v1', { scaleTargetRef, maxReplicas: 3 }, annotations);
  const shown = await read(api, 'v2');
  expect(shown['metadata']?.['annotations']).toEqual({ keep: 'me' });
  expect(shown['spec']?.['metrics']).toEqual([
    {
      type: 'Object',
      object: {
        describedObject: { kind: 'Service', name: 's' },
        metric: { name: 'm' },
        target: { type: 'Value', value: '3' },
      },
    },
    {
      type: 'External',
      external: {
        metric: { name: 'e', selector: { matchLabels: { a: 'b' } } },
        target: { type: 'AverageValue', averageValue: '4' },
      },
    },
    { type: 'ContainerResource', containerResource: { name: 'cpu', container: 'c', target: utilization(5) } },
    cpu(80),
  ]);
});

it('an annotation that cannot be read counts for nothing', async () => {
  const api = new TestApi();
  await create(api, 'v1', { scaleTargetRef, maxReplicas: 3 }, { [`${ANNOTATION}/metrics`]: '{' });
  expect((await read(api, 'v2'))['spec']?.['metrics']).toEqual([cpu(80)]);
});

it('what was measured is in the status of v1 as far as it has room', async () => {
  const api = new TestApi();
  await create(api, 'v2', { scaleTargetRef, maxReplicas: 3 });
  const condition = { type: 'AbleToScale', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' };
  const current = { averageUtilization: 30, averageValue: '10m' };
  const status = {
    currentReplicas: 2,
    desiredReplicas: 2,
    conditions: [condition],
    currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current } }],
  };
  const written = await api.patch('merge', {
    ...HPA,
    version: 'v2',
    name: 'h',
    subresource: 'status',
    body: { status },
  });
  const shown = await read(api, 'v1');
  expect(shown['status']).toEqual({
    currentReplicas: 2,
    desiredReplicas: 2,
    currentCPUUtilizationPercentage: 30,
  });
  expect(shown['metadata']?.['annotations']).toEqual({
    [`${ANNOTATION}/conditions`]: JSON.stringify([condition]),
    [`${ANNOTATION}/current-metrics`]:
      '[{"type":"Resource","resource":{"name":"cpu","currentAverageUtilization":30,"currentAverageValue":"10m"}}]',
  });
  expect(await read(api, 'v2')).toEqual(written.body);
});
