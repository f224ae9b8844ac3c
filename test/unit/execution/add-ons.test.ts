import { describe, expect, it } from 'vitest';
import { STANDARD_CLUSTER } from '../support/standard-cluster.ts';
import { stubGroupVersion, type StubGroupVersion, stubResource } from '../support/stub-resources.ts';
import { testEngine, type TestEngine, valueOf } from '../support/test-engine.ts';

const NODE_METRICS = stubResource({
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  kind: 'NodeMetrics',
  plural: 'nodes',
  namespaced: false,
  verbs: ['get', 'list'],
});
const POD_METRICS = stubResource({
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  kind: 'PodMetrics',
  plural: 'pods',
  verbs: ['get', 'list'],
});
const METRICS: StubGroupVersion = {
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  resources: [NODE_METRICS, POD_METRICS],
};

const NOT_SERVED =
  'metrics.k8s.io/v1beta1 is not served here. It is an add-on that a cluster need not have: metrics-server brings it.';

/** What is said of a document that cannot be answered. */
async function messages({ run }: TestEngine, query: string): Promise<readonly string[]> {
  const { data, errors } = await run(query);
  expect(data).toBeUndefined();
  for (const error of errors) expect(error.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
  return errors.map(({ message }) => message);
}

describe('the metrics API', () => {
  it('is ordinary kinds where it is served', async () => {
    const { run, stub } = await testEngine({ cluster: [...STANDARD_CLUSTER, METRICS] });
    stub.collection(NODE_METRICS).put({ metadata: { name: 'n' }, usage: { cpu: '1' } });
    stub.collection(POD_METRICS).put({ metadata: { name: 'p', namespace: 'a' }, containers: [] });
    const { data, errors } = await run(`{
      nodeMetrics(name: "n") { kind raw }
      podMetrics(namespace: "a", name: "p") { kind metadata { name } }
      metricsV1beta1Pods { items { metadata { name } } }
    }`);
    expect(errors).toEqual([]);
    expect(data).toMatchObject({
      nodeMetrics: { kind: 'NodeMetrics', raw: { usage: { cpu: '1' } } },
      podMetrics: { kind: 'PodMetrics', metadata: { name: 'p' } },
      metricsV1beta1Pods: { items: [{ metadata: { name: 'p' } }] },
    });
  });

  it.each([
    ['nodeMetrics', '{ nodeMetrics(name: "n") { kind } }'],
    ['podMetrics', '{ podMetrics(namespace: "a", name: "p") { kind } }'],
    ['metricsV1beta1Nodes', '{ metricsV1beta1Nodes { items { kind } } }'],
    ['metricsV1beta1PodMetrics', '{ metricsV1beta1PodMetrics(namespace: "a", name: "p") { kind } }'],
  ])('is named where it is not served and the field %s is asked for', async (field, query) => {
    expect(await messages(await testEngine(), query)).toEqual([
      `There is no field "${field}" here: ${NOT_SERVED}`,
    ]);
  });

  it('is named where it is not served and one of its types is asked for', async () => {
    const query = '{ object(id: "x") { ... on MetricsV1beta1PodMetrics { kind } } }';
    expect(await messages(await testEngine(), query)).toEqual([
      `There is no type "MetricsV1beta1PodMetrics" here: ${NOT_SERVED}`,
    ]);
  });

  it('is said to be installed where only what serves it does not answer', async () => {
    const engine = await testEngine({
      cluster: [...STANDARD_CLUSTER, { ...METRICS, resources: [], stale: true }],
    });
    expect(await messages(engine, '{ nodeMetrics(name: "n") { kind } }')).toEqual([
      'There is no field "nodeMetrics" here: metrics.k8s.io/v1beta1 is installed, and what serves it does not answer.',
    ]);
  });

  it('is not to blame for other names', async () => {
    const unknown = '{ nodeMetric(name: "n") { kind } object(id: "x") { ... on MetricsV1Foo { kind } } }';
    for (const cluster of [STANDARD_CLUSTER, [...STANDARD_CLUSTER, METRICS]]) {
      expect(await messages(await testEngine({ cluster }), unknown)).toEqual([
        expect.stringContaining('Cannot query field "nodeMetric" on type "Query".'),
        expect.stringContaining('Unknown type "MetricsV1Foo".'),
      ]);
    }
  });

  it('is not to blame for its own types that do not exist', async () => {
    const engine = await testEngine({ cluster: [...STANDARD_CLUSTER, METRICS] });
    expect(await messages(engine, '{ object(id: "x") { ... on MetricsV1beta1Nothing { kind } } }')).toEqual([
      expect.stringContaining('Unknown type "MetricsV1beta1Nothing".'),
    ]);
  });

  it('takes a field of that name from whoever serves it', async () => {
    const other = stubGroupVersion('z.example.com', 'v1', { NodeMetrics: 'nodemetrics' });
    const { run } = await testEngine({ cluster: [...STANDARD_CLUSTER, other] });
    const { data } = await run('{ nodeMetrics { items { kind } } }');
    expect(data).toEqual({ nodeMetrics: { items: [] } });
  });

  it('is found as soon as it is installed', async () => {
    const engine = await testEngine();
    expect(await messages(engine, '{ nodeMetrics(name: "n") { kind } }')).toHaveLength(1);
    engine.stub.cluster = [...STANDARD_CLUSTER, METRICS];
    engine.stub.collection(NODE_METRICS).put({ metadata: { name: 'n' } });
    engine.advance(2_000);
    const answer = await engine.run('{ nodeMetrics(name: "n") { kind } }');
    expect(valueOf(answer, 'nodeMetrics')).toEqual({ kind: 'NodeMetrics' });
  });
});
