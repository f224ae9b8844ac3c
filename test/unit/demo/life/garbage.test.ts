import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../demo/api/object.ts';
import { CONFIG_MAPS, DEPLOYMENTS, NAMESPACES, PODS, REPLICA_SETS } from '../../../../demo/life/kinds.ts';
import { MINUTE, SECOND } from '../../../../demo/life/time.ts';
import { type Bench, startLife } from './support.ts';

function podsOf(bench: Bench, app: string): number {
  return bench.list(PODS, 'shop').filter(({ metadata }) => metadata.labels?.['app'] === app).length;
}

function markDeleted(bench: Bench, finalizer: string): void {
  const live = bench.get(DEPLOYMENTS, 'shop', 'web');
  const metadata = {
    ...live.metadata,
    deletionTimestamp: '2026-03-02T12:00:00Z',
    deletionGracePeriodSeconds: 0,
    finalizers: [finalizer],
  };
  bench.store.replace(DEPLOYMENTS.key, { ...live, metadata });
}

function configMap(name: string, owners: readonly KubeObject[]): Pick<KubeObject, 'metadata'> {
  const ownerReferences = owners.map(({ apiVersion, kind, metadata }) => ({
    apiVersion,
    kind,
    name: metadata.name,
    uid: metadata.uid ?? '',
  }));
  return { metadata: { name, namespace: 'default', ownerReferences } };
}

describe('what belongs to a deleted object', () => {
  it('is deleted after it in the background', () => {
    const bench = startLife();
    bench.store.remove(DEPLOYMENTS.key, 'shop', 'web');
    bench.clock.advance(10 * SECOND);
    expect(
      bench.list(REPLICA_SETS, 'shop').filter(({ metadata }) => metadata.labels?.['app'] === 'web'),
    ).toEqual([]);
    expect(podsOf(bench, 'web')).toBe(0);
    expect(podsOf(bench, 'api')).toBe(3);
  });

  it('is deleted before it in the foreground', () => {
    const bench = startLife();
    const order: string[] = [];
    for (const { key } of [DEPLOYMENTS, REPLICA_SETS, PODS]) {
      bench.store.onChange(key, ({ type, object }) => {
        if (type === 'DELETED') order.push(object.kind);
      });
    }
    markDeleted(bench, 'foregroundDeletion');
    bench.clock.advance(10 * SECOND);
    expect(order.filter((kind, at) => kind !== order[at - 1])).toEqual([
      'ReplicaSet',
      'Pod',
      'ReplicaSet',
      'Deployment',
    ]);
  });

  it('is kept, without its owner, when it is orphaned; and a new owner adopts it', () => {
    const bench = startLife();
    const spec = bench.get(DEPLOYMENTS, 'shop', 'web').spec;
    const pods = bench.list(PODS, 'shop').map(({ metadata }) => metadata.uid);
    markDeleted(bench, 'orphan');
    bench.clock.advance(10 * SECOND);
    expect(bench.find(DEPLOYMENTS, 'shop', 'web')).toBeUndefined();
    const sets = bench
      .list(REPLICA_SETS, 'shop')
      .filter(({ metadata }) => metadata.labels?.['app'] === 'web');
    expect(sets.map(({ metadata }) => metadata.ownerReferences)).toEqual([undefined, undefined]);
    bench.create(DEPLOYMENTS, { metadata: { name: 'web', namespace: 'shop' }, spec, status: {} });
    bench.clock.advance(MINUTE);
    expect(bench.get(DEPLOYMENTS, 'shop', 'web').status).toMatchObject({ availableReplicas: 3 });
    expect(bench.list(PODS, 'shop').map(({ metadata }) => metadata.uid)).toEqual(pods);
  });

  it('is kept while another owner is left, and loses the reference to the one that is gone', () => {
    const bench = startLife();
    const [first, second] = [
      bench.create(CONFIG_MAPS, configMap('a', [])),
      bench.create(CONFIG_MAPS, configMap('b', [])),
    ];
    bench.create(CONFIG_MAPS, configMap('child', [first, second]));
    bench.clock.advance(SECOND);
    bench.store.remove(CONFIG_MAPS.key, 'default', 'a');
    bench.clock.advance(SECOND);
    expect(bench.get(CONFIG_MAPS, 'default', 'child').metadata.ownerReferences).toMatchObject([
      { name: 'b' },
    ]);
    bench.store.remove(CONFIG_MAPS.key, 'default', 'b');
    bench.clock.advance(SECOND);
    expect(bench.find(CONFIG_MAPS, 'default', 'child')).toBeUndefined();
  });

  it('is deleted when its owner has never been there, but not when the kind of owner is unknown', () => {
    const bench = startLife();
    const absent = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'absent', uid: 'no-such' } };
    bench.create(CONFIG_MAPS, configMap('dangling', [absent]));
    bench.create(CONFIG_MAPS, configMap('foreign', [{ ...absent, apiVersion: 'example.com/v1' }]));
    bench.clock.advance(SECOND);
    expect(bench.find(CONFIG_MAPS, 'default', 'dangling')).toBeUndefined();
    expect(bench.find(CONFIG_MAPS, 'default', 'foreign')).toBeDefined();
  });
});

describe('a namespace', () => {
  it('is emptied, and goes when the last object in it has gone', () => {
    const bench = startLife();
    const live = bench.get(NAMESPACES, undefined, 'shop');
    const order: string[] = [];
    bench.store.onChange(PODS.key, ({ type }) => order.push(`pod ${type}`));
    bench.store.onChange(NAMESPACES.key, ({ type }) => order.push(`namespace ${type}`));
    bench.store.replace(NAMESPACES.key, {
      ...live,
      metadata: { ...live.metadata, deletionTimestamp: '2026-03-02T12:00:00Z' },
      status: { phase: 'Terminating' },
    });
    bench.clock.advance(10);
    expect(bench.get(NAMESPACES, undefined, 'shop').status?.conditions).toMatchObject([
      { type: 'NamespaceDeletionDiscoveryFailure', status: 'False' },
      { type: 'NamespaceDeletionGroupVersionParsingFailure', status: 'False' },
      { type: 'NamespaceDeletionContentFailure', status: 'False' },
      {
        type: 'NamespaceContentRemaining',
        status: 'True',
        reason: 'SomeResourcesRemain',
        message: expect.stringMatching(/pods\. has \d+ resource instances/),
      },
      {
        type: 'NamespaceFinalizersRemaining',
        status: 'True',
        message: expect.stringContaining('kubernetes.io/pvc-protection in 2'),
      },
    ]);
    bench.clock.advance(MINUTE);
    expect(bench.find(NAMESPACES, undefined, 'shop')).toBeUndefined();
    expect(bench.list(PODS, 'shop')).toEqual([]);
    expect(order.at(-1)).toBe('namespace DELETED');
    expect(order.filter((step) => step === 'pod ADDED')).toEqual([]);
  });

  it('waits for what a finalizer holds, and says so', () => {
    const bench = startLife();
    bench.create(NAMESPACES, {
      metadata: { name: 'held' },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
    bench.create(CONFIG_MAPS, {
      metadata: { name: 'holding', namespace: 'held', finalizers: ['example.com/hold'] },
    });
    bench.clock.advance(SECOND);
    const live = bench.get(NAMESPACES, undefined, 'held');
    bench.store.replace(NAMESPACES.key, {
      ...live,
      metadata: { ...live.metadata, deletionTimestamp: '2026-03-02T12:00:01Z' },
    });
    bench.clock.advance(MINUTE);
    expect(bench.get(NAMESPACES, undefined, 'held').status?.conditions?.at(-1)).toMatchObject({
      type: 'NamespaceFinalizersRemaining',
      status: 'True',
      message:
        'Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
    });
    bench.store.remove(CONFIG_MAPS.key, 'held', 'holding');
    bench.clock.advance(SECOND);
    expect(bench.find(NAMESPACES, undefined, 'held')).toBeUndefined();
  });
});
