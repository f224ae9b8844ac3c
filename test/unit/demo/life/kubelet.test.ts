import { describe, expect, it } from 'vitest';
import { EVENTS, type Pod, PODS } from '../../../../demo/life/kinds.ts';
import { container } from '../../../../demo/life/initial/manifests.ts';
import { MINUTE, SECOND } from '../../../../demo/life/time.ts';
import { type Bench, startLife } from './support.ts';

function createPod(bench: Bench, spec: Partial<Pod['spec']> = {}): Pod {
  return bench.create(PODS, {
    metadata: { name: 'p', namespace: 'default' },
    spec: { containers: [container('c', 'app:1')], ...spec },
    status: { phase: 'Pending' },
  });
}

/** What `kubectl get pods` shows of a pod, at each of its changes. */
function watched(bench: Bench): string[] {
  const seen: string[] = [];
  bench.store.onChange(PODS.key, ({ type, object }) => {
    if (object.metadata.name !== 'p') return;
    // Stored under the key of pods.
    const { status } = object as Pod;
    const [first] = status?.containerStatuses ?? [];
    const { waiting, running, terminated } = first?.state ?? {};
    const state =
      waiting?.reason ?? terminated?.reason ?? (running === undefined ? '' : `running ready=${first?.ready}`);
    seen.push(`${type} ${status?.phase} ${state} ${first?.restartCount ?? 0}`);
  });
  return seen;
}

function reasons(bench: Bench): readonly unknown[] {
  return bench
    .list(EVENTS, 'default')
    .filter(({ metadata }) => metadata.name.startsWith('p.'))
    .map((event) => event['reason']);
}

describe('a pod', () => {
  it('goes from pending over container creation and running to ready', () => {
    const bench = startLife();
    const seen = watched(bench);
    createPod(bench, { containers: [container('c', 'app:1', { port: 80, readinessPath: '/' })] });
    bench.clock.advance(MINUTE);
    expect(seen).toEqual([
      'ADDED Pending  0',
      'MODIFIED Pending  0',
      'MODIFIED Pending ContainerCreating 0',
      'MODIFIED Running running ready=false 0',
      'MODIFIED Running running ready=true 0',
    ]);
    expect(new Set(reasons(bench))).toEqual(new Set(['Scheduled', 'Pulled', 'Created', 'Started']));
  });

  it('reports addresses, conditions and container states as a kubelet does', () => {
    const bench = startLife();
    createPod(bench);
    bench.clock.advance(MINUTE);
    const { spec, status } = bench.get(PODS, 'default', 'p');
    expect(spec.nodeName).toMatch(/^node-[123]$/);
    expect(status).toMatchObject({
      observedGeneration: 1,
      phase: 'Running',
      podIP: expect.stringMatching(/^10\.244\./),
      podIPs: [{ ip: status?.podIP }],
      hostIP: expect.stringMatching(/^172\.18\.0\./),
      qosClass: 'Burstable',
      startTime: '2026-03-02T12:00:00Z',
    });
    expect(status?.conditions?.map(({ type, status: state }) => `${type}=${state}`)).toEqual([
      'PodReadyToStartContainers=True',
      'Initialized=True',
      'Ready=True',
      'ContainersReady=True',
      'PodScheduled=True',
    ]);
    expect(status?.containerStatuses?.[0]).toMatchObject({
      image: 'docker.io/library/app:1',
      imageID: expect.stringMatching(/^docker\.io\/library\/app@sha256:[0-9a-f]{64}$/),
      containerID: expect.stringMatching(/^containerd:\/\/[0-9a-f]{64}$/),
      started: true,
      lastState: {},
    });
  });

  it('waits for ever on a node that does not exist', () => {
    const bench = startLife();
    createPod(bench, { nodeName: 'nowhere' });
    bench.clock.advance(MINUTE);
    expect(bench.get(PODS, 'default', 'p').status).toEqual({ phase: 'Pending' });
  });

  it('runs its init containers first', () => {
    const bench = startLife();
    createPod(bench, { initContainers: [container('i', 'init:1')] });
    bench.clock.advance(10);
    expect(bench.get(PODS, 'default', 'p').status?.containerStatuses?.[0]?.state).toEqual({
      waiting: { reason: 'PodInitializing' },
    });
    bench.clock.advance(MINUTE);
    const { status } = bench.get(PODS, 'default', 'p');
    expect(status?.initContainerStatuses?.[0]?.state.terminated).toMatchObject({
      exitCode: 0,
      reason: 'Completed',
    });
    expect(status?.phase).toBe('Running');
  });

  it('crashes again and again with growing pauses, and counts it on one event', () => {
    const bench = startLife({ quiet: false });
    const pauses = new Set<string>();
    bench.store.onChange(PODS.key, ({ object }) => {
      const message =
        object.metadata.name === 'p' &&
        (object as Pod).status?.containerStatuses?.[0]?.state.waiting?.message;
      if (message) pauses.add(message.split(' ')[1] ?? '');
    });
    createPod(bench, { containers: [container('c', 'app:crash')] });
    bench.clock.advance(20 * MINUTE);
    expect([...pauses]).toEqual(['10s', '20s', '40s', '1m20s', '2m40s', '5m0s']);
    const backOff = bench.list(EVENTS, 'default').find((event) => event['reason'] === 'BackOff');
    expect(backOff).toMatchObject({
      type: 'Warning',
      count: expect.any(Number),
      message: expect.stringContaining('Back-off restarting failed container c in pod p_default('),
    });
    expect(backOff?.count).toBeGreaterThan(4);
    bench.life.stop();
  });

  it('ends gracefully when it is deleted, and is gone after that', () => {
    const bench = startLife();
    createPod(bench);
    bench.clock.advance(MINUTE);
    const seen = watched(bench);
    const live = bench.get(PODS, 'default', 'p');
    bench.store.replace(PODS.key, {
      ...live,
      metadata: {
        ...live.metadata,
        deletionTimestamp: '2026-03-02T12:01:30Z',
        deletionGracePeriodSeconds: 30,
      },
    });
    bench.clock.advance(100);
    expect(bench.find(PODS, 'default', 'p')).toBeDefined();
    bench.clock.advance(5 * SECOND);
    expect(seen.slice(1)).toEqual(['MODIFIED Succeeded Completed 0', 'DELETED Succeeded Completed 0']);
    expect(reasons(bench)).toContain('Killing');
  });

  it('stays, ended, as long as a finalizer holds it', () => {
    const bench = startLife();
    createPod(bench);
    bench.clock.advance(MINUTE);
    const live = bench.get(PODS, 'default', 'p');
    const metadata = {
      ...live.metadata,
      finalizers: ['example.com/hold'],
      deletionTimestamp: '2026-03-02T12:01:30Z',
      deletionGracePeriodSeconds: 30,
    };
    bench.store.replace(PODS.key, { ...live, metadata });
    bench.clock.advance(MINUTE);
    expect(bench.get(PODS, 'default', 'p')).toMatchObject({
      metadata: { deletionGracePeriodSeconds: 0 },
      status: { phase: 'Succeeded' },
    });
  });
});
