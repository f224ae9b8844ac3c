import { beforeAll, describe, expect, it } from 'vitest';
import { listAt } from './support/exact-json.ts';
import { installMetricsApi, type MetricsApi } from './support/metrics-api.ts';
import { openSuite } from './support/suite.ts';

/** The real aggregator, and behind it a metrics API. */

const { kubectl, gateway, namespace } = await openSuite({ followCatalog: true });

const common = { apiVersion: 'metrics.k8s.io/v1beta1', timestamp: '2026-01-01T00:00:00Z', window: '30s' };
const node = {
  ...common,
  kind: 'NodeMetrics',
  metadata: { name: 'one', creationTimestamp: '2026-01-01T00:00:00Z', labels: { 'example.com/a.b': 'c' } },
  // As metrics-server writes them: neither is a number.
  usage: { cpu: '137m', memory: '1048577Ki' },
};
const pod = {
  ...common,
  kind: 'PodMetrics',
  metadata: { name: 'web', namespace, creationTimestamp: null },
  containers: [{ name: 'main', usage: { cpu: '12345678n', memory: '0' } }],
};
const listOf = (kind: string, item: object): object => ({
  kind,
  apiVersion: common.apiVersion,
  metadata: {},
  items: [item],
});

const SHOWN = { timeout: 60_000 };

it('a document that names it is told that it is not there', async () => {
  const { message } = await gateway.failure('{ nodeMetrics(name: "one") { kind } }');
  expect(message).toContain('metrics.k8s.io/v1beta1 is not served here');
});

describe('where it is installed', () => {
  let metrics: MetricsApi;
  beforeAll(async () => {
    metrics = await installMetricsApi(kubectl, {
      nodes: listOf('NodeMetricsList', node),
      'nodes/one': node,
      [`namespaces/${namespace}/pods`]: listOf('PodMetricsList', pod),
      [`namespaces/${namespace}/pods/web`]: pod,
    });
  });

  it('its kinds are ordinary ones, and every value is as it was', async () => {
    const document = `{
      nodeMetrics(name: "one") { timestamp window usage metadata { name labels } raw }
      podMetrics(namespace: "${namespace}", name: "web") {
        metadata { name creationTimestamp } containers { name usage } raw
      }
      metricsV1beta1Nodes { items { usage } }
      metricsV1beta1Pods(namespace: "${namespace}") { items { containers { usage } } }
    }`;
    await expect.poll(async () => (await gateway.ask(document)).errors, SHOWN).toEqual([]);
    const { apiVersion: _a, kind: _k, metadata, ...measured } = node;
    const { name, labels } = metadata;
    const { containers } = pod;
    expect(await gateway.data(document)).toEqual({
      nodeMetrics: { ...measured, metadata: { name, labels }, raw: node },
      podMetrics: { metadata: { name: 'web', creationTimestamp: null }, containers, raw: pod },
      metricsV1beta1Nodes: { items: [{ usage: node.usage }] },
      metricsV1beta1Pods: { items: [{ containers: containers.map(({ usage }) => ({ usage })) }] },
    });
  });

  it('where it does not answer any more, that is said, and nothing else suffers', async () => {
    await metrics.stop();
    const failure = await gateway.failure('{ nodeMetrics(name: "one") { kind } }');
    expect(failure).toMatchObject({
      message: expect.stringContaining('error trying to reach service'),
      extensions: { code: 'UNAVAILABLE', kubernetes: { code: 503 } },
    });
    const data = await gateway.data('{ namespaces { items { metadata { name } } } }');
    expect(listAt(data, 'namespaces', 'items')).not.toEqual([]);
  });
});
