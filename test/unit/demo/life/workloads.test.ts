import { describe, expect, it } from 'vitest';
import {
  CLAIMS,
  CRON_JOBS,
  DAEMON_SETS,
  type Job,
  JOBS,
  NODES,
  type Pod,
  PODS,
  STATEFUL_SETS,
  VOLUMES,
} from '../../../../demo/life/kinds.ts';
import { container, jobSpec } from '../../../../demo/life/initial/manifests.ts';
import { isReady } from '../../../../demo/life/pods.ts';
import { MINUTE, SECOND } from '../../../../demo/life/time.ts';
import { type Bench, startLife } from './support.ts';

function jobNamed(name: string, image: string, spec: Partial<Job['spec']> = {}) {
  return {
    metadata: { name, namespace: 'default' },
    spec: { ...jobSpec({ app: name }, [container('c', image)]), ...spec },
    status: {},
  };
}

function podsOf(bench: Bench, app: string, namespace = 'default'): readonly Pod[] {
  return bench.list(PODS, namespace).filter(({ metadata }) => metadata.labels?.['app'] === app);
}

describe('a stateful set', () => {
  it('makes its pods in order, each after the one before is ready, with claims of their own', () => {
    const bench = startLife();
    const order: string[] = [];
    bench.store.onChange(PODS.key, ({ type, object }) => {
      if (type === 'ADDED')
        order.push(
          `${object.metadata.name} after ${podsOf(bench, 'db', 'shop').filter(isReady).length} ready`,
        );
    });
    const live = bench.get(STATEFUL_SETS, 'shop', 'db');
    bench.update(STATEFUL_SETS, { ...live, spec: { ...live.spec, replicas: 4 } });
    bench.clock.advance(MINUTE);
    expect(order).toEqual(['db-2 after 2 ready', 'db-3 after 3 ready']);
    expect(bench.get(PODS, 'shop', 'db-3').metadata.labels).toMatchObject({
      'apps.kubernetes.io/pod-index': '3',
      'statefulset.kubernetes.io/pod-name': 'db-3',
    });
    expect(bench.get(CLAIMS, 'shop', 'data-db-3').status?.phase).toBe('Bound');
    expect(bench.get(STATEFUL_SETS, 'shop', 'db').status).toMatchObject({
      replicas: 4,
      readyReplicas: 4,
      currentReplicas: 4,
    });
  });

  it('is scaled down from the end and keeps the claims', () => {
    const bench = startLife();
    const live = bench.get(STATEFUL_SETS, 'shop', 'db');
    bench.update(STATEFUL_SETS, { ...live, spec: { ...live.spec, replicas: 1 } });
    bench.clock.advance(MINUTE);
    expect(podsOf(bench, 'db', 'shop').map(({ metadata }) => metadata.name)).toEqual(['db-0']);
    expect(bench.list(CLAIMS, 'shop')).toHaveLength(2);
  });

  it('is updated from the highest number down', () => {
    const bench = startLife();
    const order: string[] = [];
    bench.store.onChange(PODS.key, ({ type, object }) => {
      if (type === 'ADDED') order.push(object.metadata.name);
    });
    const live = bench.get(STATEFUL_SETS, 'shop', 'db');
    const { template } = live.spec;
    const containers = template.spec.containers.map((one) => ({ ...one, image: 'postgres:17' }));
    bench.update(STATEFUL_SETS, {
      ...live,
      spec: { ...live.spec, template: { ...template, spec: { ...template.spec, containers } } },
    });
    bench.clock.advance(MINUTE);
    expect(order).toEqual(['db-1', 'db-0']);
    const { status } = bench.get(STATEFUL_SETS, 'shop', 'db');
    expect(status).toMatchObject({ updatedReplicas: 2, currentReplicas: 2, readyReplicas: 2 });
    expect(status?.currentRevision).toBe(status?.updateRevision);
    expect(status?.currentRevision).not.toBe(live.status?.currentRevision);
  });
});

describe('a daemon set', () => {
  it('has a pod on each node, also on one that comes later', () => {
    const bench = startLife();
    const node = bench.get(NODES, undefined, 'node-1');
    bench.create(NODES, { metadata: { name: 'node-4', labels: {} }, spec: {}, status: node.status ?? {} });
    bench.clock.advance(10 * SECOND);
    const nodes = podsOf(bench, 'node-agent', 'monitoring').map(({ spec }) => spec.nodeName);
    expect(nodes).toHaveLength(4);
    expect(new Set(nodes)).toEqual(new Set(['node-1', 'node-2', 'node-3', 'node-4']));
    expect(bench.get(DAEMON_SETS, 'monitoring', 'node-agent').status).toMatchObject({
      desiredNumberScheduled: 4,
      numberAvailable: 4,
    });
  });
});

describe('the scheduler', () => {
  it('puts nothing on a cordoned node, and says why a pod fits nowhere', () => {
    const bench = startLife();
    for (const node of bench.list(NODES))
      bench.update(NODES, { ...node, spec: { ...node.spec, unschedulable: true } });
    bench.clock.advance(SECOND);
    bench.create(PODS, {
      metadata: { name: 'p', namespace: 'default' },
      spec: { containers: [container('c', 'app:1')] },
      status: {},
    });
    bench.clock.advance(SECOND);
    expect(bench.get(NODES, undefined, 'node-1').spec.taints).toEqual([
      { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' },
    ]);
    const waiting = bench.get(PODS, 'default', 'p');
    expect(waiting.spec.nodeName).toBeUndefined();
    expect(waiting.status?.conditions).toMatchObject([
      {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message: expect.stringContaining('0/3 nodes are available'),
      },
    ]);
    const node = bench.get(NODES, undefined, 'node-2');
    bench.update(NODES, { ...node, spec: { ...node.spec, unschedulable: false } });
    bench.clock.advance(10 * SECOND);
    expect(bench.get(PODS, 'default', 'p')).toMatchObject({
      spec: { nodeName: 'node-2' },
      status: { phase: 'Running' },
    });
  });
});

describe('a job', () => {
  it('runs its pods to completion', () => {
    const bench = startLife();
    bench.create(JOBS, jobNamed('once', 'app:1', { completions: 3, parallelism: 2 }));
    bench.clock.advance(MINUTE);
    expect(podsOf(bench, 'once').map(({ status }) => status?.phase)).toEqual([
      'Succeeded',
      'Succeeded',
      'Succeeded',
    ]);
    expect(bench.get(JOBS, 'default', 'once').status).toMatchObject({
      succeeded: 3,
      conditions: [
        { type: 'SuccessCriteriaMet', status: 'True' },
        { type: 'Complete', status: 'True', reason: 'CompletionsReached' },
      ],
    });
  });

  it('fails when too many of its pods do', () => {
    const bench = startLife();
    const { template } = jobSpec({ app: 'bad' }, [container('c', 'app:crash')]);
    const never = { ...template, spec: { ...template.spec, restartPolicy: 'Never' } };
    bench.create(JOBS, jobNamed('bad', 'app:crash', { backoffLimit: 1, template: never }));
    bench.clock.advance(MINUTE);
    expect(podsOf(bench, 'bad').map(({ status }) => status?.phase)).toEqual(['Failed', 'Failed']);
    expect(bench.get(JOBS, 'default', 'bad').status).toMatchObject({
      failed: 2,
      conditions: [
        { type: 'FailureTarget' },
        { type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' },
      ],
    });
  });

  it('is deleted when its time to live is over', () => {
    const bench = startLife();
    bench.create(JOBS, jobNamed('brief', 'app:1', { ttlSecondsAfterFinished: 30 }));
    bench.clock.advance(MINUTE);
    expect(bench.find(JOBS, 'default', 'brief')).toBeUndefined();
  });
});

describe('a cron job', () => {
  it('starts a job at each of its times, and keeps as many as its history allows', () => {
    const bench = startLife({ quiet: false });
    bench.create(CRON_JOBS, {
      metadata: { name: 'tick', namespace: 'default' },
      spec: {
        schedule: '* * * * *',
        successfulJobsHistoryLimit: 2,
        jobTemplate: { spec: jobSpec({ app: 'tick' }, [container('c', 'app:1')]) },
      },
      status: {},
    });
    bench.clock.advance(4.5 * MINUTE);
    expect(bench.list(JOBS, 'default').map(({ metadata }) => metadata.annotations)).toEqual([
      { 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-03-02T12:03:00Z' },
      { 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-03-02T12:04:00Z' },
    ]);
    expect(bench.get(CRON_JOBS, 'default', 'tick').status).toMatchObject({
      lastScheduleTime: '2026-03-02T12:04:00Z',
    });
    bench.life.stop();
  });
});

describe('a claim', () => {
  it('is bound to a new volume of the default class, and takes it along when it goes', () => {
    const bench = startLife();
    bench.create(CLAIMS, {
      metadata: { name: 'data', namespace: 'default' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      status: { phase: 'Pending' },
    });
    bench.clock.advance(SECOND);
    const claim = bench.get(CLAIMS, 'default', 'data');
    expect(claim).toMatchObject({
      spec: { storageClassName: 'standard' },
      status: { phase: 'Bound', capacity: { storage: '1Gi' } },
    });
    const volume = claim.spec.volumeName ?? '';
    expect(bench.get(VOLUMES, undefined, volume).spec.claimRef).toMatchObject({
      name: 'data',
      uid: claim.metadata.uid,
    });
    bench.store.replace(CLAIMS.key, {
      ...claim,
      metadata: { ...claim.metadata, deletionTimestamp: '2026-03-02T12:00:01Z' },
    });
    bench.clock.advance(SECOND);
    expect(bench.find(CLAIMS, 'default', 'data')).toBeUndefined();
    expect(bench.find(VOLUMES, undefined, volume)).toBeUndefined();
  });
});
