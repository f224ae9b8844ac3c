import { describe, expect, it } from 'vitest';
import {
  AUTOSCALERS,
  DEFINITIONS,
  DEPLOYMENTS,
  DISRUPTION_BUDGETS,
  ENDPOINT_SLICES,
  ENDPOINTS,
  EVENTS,
  FLEETS,
  LEASES,
  PODS,
  SERVICES,
} from '../../../../demo/life/kinds.ts';
import { MINUTE, SECOND } from '../../../../demo/life/time.ts';
import { startLife } from './support.ts';

describe('a fleet', () => {
  const spec = { captain: 'ann', ships: 2, routes: [{ name: 'tea', from: 'a', to: 'b' }] };

  it('is served by the definition that the demo brings along', () => {
    const bench = startLife();
    expect(bench.get(DEFINITIONS, undefined, 'fleets.demo.kubegraph.dev')).toMatchObject({
      spec: {
        versions: [
          { subresources: { status: {}, scale: {} }, selectableFields: [{ jsonPath: '.spec.captain' }] },
        ],
      },
      status: { conditions: [{ type: 'NamesAccepted' }, { type: 'Established', status: 'True' }] },
    });
  });

  it('gets ready step by step, and begins again when it is changed', () => {
    const bench = startLife();
    const phases: unknown[] = [];
    bench.store.onChange(FLEETS.key, ({ object }) =>
      phases.push((object['status'] as { phase?: string } | undefined)?.phase),
    );
    const created = bench.create(FLEETS, { metadata: { name: 'f', namespace: 'default' }, spec });
    bench.clock.advance(MINUTE);
    bench.update(FLEETS, { ...bench.get(FLEETS, 'default', 'f'), spec: { ...spec, ships: 3 } });
    bench.clock.advance(MINUTE);
    expect(phases).toEqual([
      undefined,
      'Pending',
      'Loading',
      'Sailing',
      'Sailing',
      'Pending',
      'Loading',
      'Sailing',
    ]);
    expect(bench.get(FLEETS, 'default', 'f').status).toMatchObject({
      observedGeneration: (created.metadata.generation ?? 0) + 1,
      ships: 3,
      currentRoute: 'tea',
      conditions: [
        { type: 'Ready', status: 'True', observedGeneration: 2 },
        { type: 'Sailing', status: 'True' },
      ],
    });
  });
});

describe('an autoscaler', () => {
  it('moves its deployment with the load, within its bounds', () => {
    const bench = startLife({ quiet: false });
    const sizes = new Set<number>();
    bench.store.onChange(DEPLOYMENTS.key, ({ object }) => {
      if (object.metadata.name === 'payment')
        sizes.add(bench.get(DEPLOYMENTS, 'shop', 'payment').spec.replicas ?? 0);
    });
    bench.clock.advance(15 * MINUTE);
    bench.life.stop();
    expect(sizes.size).toBeGreaterThan(2);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(6);
    expect(bench.list(EVENTS, 'shop').some((event) => event['reason'] === 'SuccessfulRescale')).toBe(true);
    const { status } = bench.get(AUTOSCALERS, 'shop', 'payment');
    expect(status?.['currentMetrics']).toMatchObject([{ type: 'Resource', resource: { name: 'cpu' } }]);
  });

  it('says that its target is missing', () => {
    const bench = startLife();
    bench.store.remove(DEPLOYMENTS.key, 'shop', 'payment');
    bench.clock.advance(MINUTE);
    expect(bench.get(AUTOSCALERS, 'shop', 'payment').status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'AbleToScale', status: 'False', reason: 'FailedGetScale' }),
    );
  });
});

it('a disruption budget allows no more to go than its pods can spare', () => {
  const bench = startLife();
  const live = bench.get(DISRUPTION_BUDGETS, 'shop', 'web');
  bench.update(DISRUPTION_BUDGETS, { ...live, spec: { ...live.spec, minAvailable: '100%' } });
  bench.clock.advance(SECOND);
  expect(bench.get(DISRUPTION_BUDGETS, 'shop', 'web').status).toMatchObject({
    disruptionsAllowed: 0,
    desiredHealthy: 3,
    expectedPods: 3,
    conditions: [{ type: 'DisruptionAllowed', status: 'False', reason: 'InsufficientPods' }],
  });
});

describe('a service', () => {
  it('gets its addresses and follows its pods', () => {
    const bench = startLife();
    bench.create(SERVICES, {
      metadata: { name: 'front', namespace: 'shop' },
      spec: {
        type: 'LoadBalancer',
        selector: { app: 'web' },
        ports: [{ name: 'web', port: 80, targetPort: 'http' }],
      },
    });
    bench.clock.advance(SECOND);
    const service = bench.get(SERVICES, 'shop', 'front');
    expect(service.spec).toMatchObject({
      clusterIP: expect.stringMatching(/^10\.96\./),
      ports: [{ nodePort: expect.any(Number) }],
    });
    expect(service.status?.loadBalancer?.ingress).toHaveLength(1);
    const slice = () =>
      bench.list(ENDPOINT_SLICES, 'shop').find(({ metadata }) => metadata.generateName === 'front-');
    expect(slice()).toMatchObject({
      ports: [{ port: 8080 }],
      endpoints: [{ conditions: { ready: true } }, {}, {}],
    });
    bench.store.remove(DEPLOYMENTS.key, 'shop', 'web');
    bench.clock.advance(10 * SECOND);
    expect(slice()?.['endpoints']).toEqual([]);
    expect(bench.get(ENDPOINTS, 'shop', 'front')['subsets']).toBeUndefined();
    bench.store.remove(SERVICES.key, 'shop', 'front');
    bench.clock.advance(SECOND);
    expect(slice()).toBeUndefined();
    expect(bench.find(ENDPOINTS, 'shop', 'front')).toBeUndefined();
  });
});

it('nodes renew their leases every ten seconds', () => {
  const bench = startLife({ quiet: false });
  const renewals: unknown[] = [];
  bench.store.onChange(LEASES.key, ({ object }) => renewals.push(object.metadata.name));
  bench.clock.advance(30.5 * SECOND);
  bench.life.stop();
  expect(renewals.filter((name) => name === 'node-1')).toHaveLength(3);
});

it('events of others are forgotten too, the oldest first', () => {
  const bench = startLife();
  for (let at = 0; at < 1100; at++)
    bench.create(EVENTS, { metadata: { name: `e${at}`, namespace: 'default' } });
  bench.store.remove(PODS.key, 'shop', 'db-0');
  bench.clock.advance(10 * SECOND);
  expect(bench.list(EVENTS).length).toBeLessThanOrEqual(1000);
  expect(bench.find(EVENTS, 'default', 'e0')).toBeUndefined();
  expect(bench.find(EVENTS, 'default', 'e1099')).toBeDefined();
});
