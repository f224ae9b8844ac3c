import { describe, expect, it } from 'vitest';
import {
  type Deployment,
  DEPLOYMENTS,
  PODS,
  REPLICA_SETS,
  type ReplicaSet,
} from '../../../../demo/life/kinds.ts';
import { deployment, container } from '../../../../demo/life/initial/manifests.ts';
import { isReady } from '../../../../demo/life/pods.ts';
import { MINUTE, SECOND } from '../../../../demo/life/time.ts';
import { type Bench, startLife } from './support.ts';

const NAME = 'shopping';
const WITH_PROBE = container('c', 'app:1', { port: 8080, readinessPath: '/healthz' });

function create(bench: Bench, spec: Partial<Deployment['spec']> = {}): Deployment {
  const draft = deployment(NAME, { namespace: 'default', replicas: 4, containers: [WITH_PROBE] });
  const created = bench.create(DEPLOYMENTS, {
    metadata: { ...draft.metadata, name: NAME },
    // What the draft has is a deployment's.
    spec: { ...(draft.spec as Deployment['spec']), ...spec },
    status: {},
  });
  bench.clock.advance(MINUTE);
  return created;
}

function setImage(bench: Bench, image: string): void {
  const live = bench.get(DEPLOYMENTS, 'default', NAME);
  const { template } = live.spec;
  const containers = [{ ...(template.spec.containers[0] ?? container('c', image)), image }];
  bench.update(DEPLOYMENTS, {
    ...live,
    spec: { ...live.spec, template: { ...template, spec: { ...template.spec, containers } } },
  });
}

function status(bench: Bench): Deployment['status'] {
  return bench.get(DEPLOYMENTS, 'default', NAME).status;
}

function sets(bench: Bench): readonly ReplicaSet[] {
  return bench.list(REPLICA_SETS, 'default').toSorted((a, b) => revision(a) - revision(b));
}

function revision({ metadata }: ReplicaSet): number {
  return Number(metadata.annotations?.['deployment.kubernetes.io/revision']);
}

describe('a deployment', () => {
  it('gets a replica set named after its template, whose pods become ready', () => {
    const bench = startLife();
    create(bench);
    const [set] = sets(bench);
    const hash = set?.metadata.labels?.['pod-template-hash'];
    expect(set?.metadata.name).toBe(`${NAME}-${hash}`);
    expect(set?.spec.selector.matchLabels).toEqual({ app: NAME, 'pod-template-hash': hash });
    expect(set?.metadata.ownerReferences).toMatchObject([
      { kind: 'Deployment', controller: true, blockOwnerDeletion: true },
    ]);
    expect(status(bench)).toMatchObject({
      replicas: 4,
      readyReplicas: 4,
      updatedReplicas: 4,
      availableReplicas: 4,
      observedGeneration: 1,
    });
    expect(status(bench)?.conditions).toMatchObject([
      { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' },
      {
        type: 'Progressing',
        status: 'True',
        reason: 'NewReplicaSetAvailable',
        message: `ReplicaSet "${set?.metadata.name}" has successfully progressed.`,
      },
    ]);
    expect(
      bench.get(DEPLOYMENTS, 'default', NAME).metadata.annotations?.['deployment.kubernetes.io/revision'],
    ).toBe('1');
  });

  it('never has more or fewer pods than it allows while it is rolled out', () => {
    const bench = startLife();
    create(bench, { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } });
    const seen: { active: number; ready: number }[] = [];
    bench.store.onChange(PODS.key, () => {
      const active = bench
        .list(PODS, 'default')
        .filter(({ metadata }) => metadata.deletionTimestamp === undefined);
      seen.push({ active: active.length, ready: active.filter(isReady).length });
    });
    setImage(bench, 'app:2');
    bench.clock.advance(MINUTE);
    expect(Math.max(...seen.map(({ active }) => active))).toBe(5);
    expect(Math.min(...seen.map(({ ready }) => ready))).toBe(3);
    expect(sets(bench).map(({ spec }) => spec.replicas)).toEqual([0, 4]);
    expect(status(bench)).toMatchObject({
      replicas: 4,
      updatedReplicas: 4,
      availableReplicas: 4,
      observedGeneration: 2,
    });
  });

  it('goes back to the replica set of an earlier template, as the newest revision', () => {
    const bench = startLife();
    create(bench);
    const first = sets(bench)[0]?.metadata.name;
    setImage(bench, 'app:2');
    bench.clock.advance(MINUTE);
    setImage(bench, 'app:1');
    bench.clock.advance(MINUTE);
    const after = sets(bench);
    expect(after.map(({ metadata, spec }) => [metadata.name === first, spec.replicas])).toEqual([
      [false, 0],
      [true, 4],
    ]);
    expect(after.map(revision)).toEqual([2, 3]);
    expect(after[1]?.metadata.annotations?.['deployment.kubernetes.io/revision-history']).toBe('1');
  });

  it('keeps its old pods when the new ones crash, and reports that it does not get on', () => {
    const bench = startLife();
    create(bench);
    setImage(bench, 'app:crash');
    // In quiet there are no retries, so the new pods stay in back-off.
    bench.clock.advance(11 * MINUTE);
    expect(bench.list(PODS, 'default').filter(isReady).length).toBeGreaterThanOrEqual(3);
    expect(status(bench)?.conditions).toMatchObject([
      { type: 'Available', status: 'True' },
      { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' },
    ]);
  });

  it('ends all old pods before it starts new ones when it is to be recreated', () => {
    const bench = startLife();
    create(bench, { strategy: { type: 'Recreate' } });
    let mixed = 0;
    bench.store.onChange(PODS.key, () => {
      const images = new Set(bench.list(PODS, 'default').map(({ spec }) => spec.containers[0]?.image));
      mixed = Math.max(mixed, images.size);
    });
    setImage(bench, 'app:2');
    bench.clock.advance(MINUTE);
    expect(mixed).toBe(1);
    expect(status(bench)).toMatchObject({ updatedReplicas: 4, availableReplicas: 4 });
  });

  it('is scaled without a new revision, also while it is paused', () => {
    const bench = startLife();
    create(bench);
    const live = bench.get(DEPLOYMENTS, 'default', NAME);
    bench.update(DEPLOYMENTS, { ...live, spec: { ...live.spec, replicas: 6, paused: true } });
    setImage(bench, 'app:2');
    bench.clock.advance(MINUTE);
    expect(sets(bench).map(({ spec }) => spec.replicas)).toEqual([6]);
    const paused = bench.get(DEPLOYMENTS, 'default', NAME);
    bench.update(DEPLOYMENTS, { ...paused, spec: { ...paused.spec, paused: false } });
    bench.clock.advance(MINUTE);
    expect(sets(bench).map(({ spec }) => spec.replicas)).toEqual([0, 6]);
  });

  it('replaces a pod that is deleted, and lets go of one whose labels are changed', () => {
    const bench = startLife();
    create(bench);
    const [first, second] = bench.list(PODS, 'default');
    if (first === undefined || second === undefined) throw new Error('no pods');
    bench.store.remove(PODS.key, 'default', first.metadata.name);
    bench.store.replace(PODS.key, { ...second, metadata: { ...second.metadata, labels: { app: 'other' } } });
    bench.clock.advance(10 * SECOND);
    expect(bench.get(PODS, 'default', second.metadata.name).metadata.ownerReferences).toBeUndefined();
    expect(bench.list(PODS, 'default')).toHaveLength(5);
    expect(status(bench)).toMatchObject({ replicas: 4, availableReplicas: 4 });
  });

  it('counts a collision when its hash is taken', () => {
    const bench = startLife();
    create(bench, { replicas: 1 });
    const [set] = sets(bench);
    if (set === undefined) throw new Error('no replica set');
    const { ownerReferences: _, ...metadata } = set.metadata;
    bench.store.remove(DEPLOYMENTS.key, 'default', NAME);
    bench.store.remove(REPLICA_SETS.key, 'default', set.metadata.name);
    bench.create(REPLICA_SETS, {
      ...set,
      metadata: { ...metadata, labels: { app: 'someone' } },
      spec: { ...set.spec, replicas: 0 },
    });
    create(bench, { replicas: 1 });
    expect(status(bench)?.collisionCount).toBe(1);
    expect(status(bench)).toMatchObject({ replicas: 1, availableReplicas: 1 });
  });
});
