import { expect, it } from 'vitest';
import { builtInResources } from '../../../../demo/registry/built-in.ts';
import * as kinds from '../../../../demo/life/kinds.ts';
import {
  AUTOSCALERS,
  CLAIMS,
  CONFIG_MAPS,
  type Condition,
  DAEMON_SETS,
  DEPLOYMENTS,
  DISRUPTION_BUDGETS,
  ENDPOINT_SLICES,
  EVENTS,
  FLEETS,
  LEASES,
  NAMESPACES,
  PODS,
  REPLICA_SETS,
  SERVICE_ACCOUNTS,
  SERVICES,
  STATEFUL_SETS,
} from '../../../../demo/life/kinds.ts';
import { START, startLife } from './support.ts';

const bench = startLife();

function conditions(
  of: { readonly status?: { readonly conditions?: readonly Condition[] } } | undefined,
): Record<string, string> {
  return Object.fromEntries((of?.status?.conditions ?? []).map(({ type, status }) => [type, status]));
}

it('stores objects where the registry looks for them', () => {
  const served = new Map(
    builtInResources().map(({ storageKey, group, version, kind }) => [
      `${group}/${version}/${kind}`,
      storageKey,
    ]),
  );
  const own = Object.values(kinds).filter(({ key }) => !key.startsWith('demo.kubegraph.dev'));
  expect(own.map(({ key }) => key)).toEqual(
    own.map(({ apiVersion, kind }) =>
      served.get(`${apiVersion.includes('/') ? '' : '/'}${apiVersion}/${kind}`),
    ),
  );
});

it('has every pod running and ready at once, but for ended jobs and the one that crashes', () => {
  const others = bench.list(PODS).filter((pod) => conditions(pod)['Ready'] !== 'True');
  expect(bench.list(PODS).length).toBeGreaterThan(20);
  expect(
    new Set(others.map(({ metadata, status }) => `${metadata.labels?.['app']} ${status?.phase}`)),
  ).toEqual(new Set(['db-migrate Succeeded', 'sales-report Succeeded', 'recommender Running']));
});

it('has every deployment rolled out, but for the one that cannot be', () => {
  const all = Object.fromEntries(bench.list(DEPLOYMENTS).map((one) => [one.metadata.name, conditions(one)]));
  const good = { Available: 'True', Progressing: 'True' };
  expect(all).toEqual({
    api: good,
    collector: good,
    coredns: good,
    payment: good,
    recommender: { Available: 'False', Progressing: 'False' },
    web: good,
    worker: good,
  });
  for (const { metadata, spec, status } of bench.list(DEPLOYMENTS)) {
    expect(status).toMatchObject({ observedGeneration: metadata.generation, replicas: spec.replicas });
  }
});

it('remembers an earlier revision of what has been rolled out before', () => {
  const revisions = bench
    .list(REPLICA_SETS, 'shop')
    .filter(({ metadata }) => metadata.labels?.['app'] === 'web')
    .map(({ metadata, spec }) => [
      metadata.annotations?.['deployment.kubernetes.io/revision'],
      spec.replicas,
    ]);
  expect(Object.fromEntries(revisions)).toEqual({ 1: 0, 2: 3 });
});

it('has the crashing pod in back-off after many restarts', () => {
  const pod = bench.list(PODS, 'shop').find(({ metadata }) => metadata.labels?.['app'] === 'recommender');
  const [status] = pod?.status?.containerStatuses ?? [];
  expect(status?.state.waiting?.reason).toBe('CrashLoopBackOff');
  expect(status?.state.waiting?.message).toMatch(
    /^back-off 5m0s restarting failed container=recommender pod=recommender-/,
  );
  expect(status?.lastState.terminated).toMatchObject({ exitCode: 1, reason: 'Error' });
  expect(status?.restartCount).toBeGreaterThan(8);
});

it('has bound claims, a scaled deployment, budgets with room, sailing fleets, daemons on each node', () => {
  expect(bench.list(CLAIMS, 'shop').map(({ status }) => status?.phase)).toEqual(['Bound', 'Bound']);
  expect(bench.get(STATEFUL_SETS, 'shop', 'db').status).toMatchObject({
    readyReplicas: 2,
    availableReplicas: 2,
  });
  expect(conditions(bench.get(AUTOSCALERS, 'shop', 'payment'))).toMatchObject({
    AbleToScale: 'True',
    ScalingActive: 'True',
  });
  expect(bench.get(DISRUPTION_BUDGETS, 'shop', 'web').status).toMatchObject({
    disruptionsAllowed: 2,
    currentHealthy: 3,
  });
  expect(bench.list(FLEETS).map(({ status }) => status?.phase)).toEqual(['Sailing', 'Sailing']);
  expect(bench.list(DAEMON_SETS).map(({ status }) => status?.['numberReady'])).toEqual([3, 3]);
});

it('has fresh leases for all nodes', () => {
  const renewed = bench.list(LEASES, 'kube-node-lease').map(({ spec }) => spec['renewTime']);
  expect(renewed).toEqual(
    Array.from({ length: 3 }, () => new Date(START).toISOString().replace('000Z', '000000Z')),
  );
});

it('gives each namespace a service account and the root certificates', () => {
  for (const { metadata } of bench.list(NAMESPACES)) {
    expect(bench.find(SERVICE_ACCOUNTS, metadata.name, 'default')).toBeDefined();
    expect(bench.find(CONFIG_MAPS, metadata.name, 'kube-root-ca.crt')).toBeDefined();
  }
});

it('has the addresses of ready pods behind each service', () => {
  const web = bench
    .list(ENDPOINT_SLICES, 'shop')
    .find(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === 'web');
  expect(web?.['endpoints']).toHaveLength(3);
  expect(web?.['ports']).toEqual([{ name: 'http', protocol: 'TCP', port: 8080 }]);
  expect(bench.list(SERVICES).every(({ spec }) => spec.clusterIP !== undefined)).toBe(true);
});

it('begins with events of the last hour only, and with nothing to be watched from before', () => {
  const times = bench.list(EVENTS).map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? ''));
  expect(times.length).toBeGreaterThan(20);
  expect(Math.min(...times)).toBeGreaterThan(START - 3_600_000 - 60_000);
  expect(bench.store.oldestRevision).toBeGreaterThan(100);
});

it('gives every object a uid, a time of creation and a version', () => {
  const all = builtInResources().flatMap(({ storageKey }) => bench.store.snapshot(storageKey).objects);
  expect(all.length).toBeGreaterThan(100);
  for (const { metadata } of all) {
    expect(metadata.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  }
});
