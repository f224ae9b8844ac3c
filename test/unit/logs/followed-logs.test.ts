import { describe, expect, it, onTestFinished } from 'vitest';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { KubegraphError } from '../../../src/errors/kubegraph-error.ts';
import { FollowedLogs } from '../../../src/logs/followed-logs.ts';
import type { PodsLogsOptions } from '../../../src/logs/pods-logs.ts';
import { change, FakeEvents, synced } from '../execution/support/fake-events.ts';
import { ManualClock } from '../watch/support/manual-clock.ts';
import type { Written } from './support/fake-log.ts';
import { FakeNodes } from './support/fake-nodes.ts';
import { loggedPod, type LoggedPod } from './support/logged-pod.ts';

const at = (second: number, text: string): Written => ({
  time: `2026-01-01T00:00:${String(second).padStart(2, '0')}.000000000Z`,
  text,
});

/** Logs of the pods that the test tells of. */
function followed(options: Partial<PodsLogsOptions> = {}) {
  const events = new FakeEvents();
  const nodes = new FakeNodes();
  const clock = new ManualClock();
  const logs = new FollowedLogs(events, {
    upstream: nodes,
    identity: KUBECONFIG_IDENTITY,
    clock,
    random: () => 0,
    range: {},
    laterRange: {},
    follow: true,
    container: undefined,
    isOnePod: false,
    resumeFrom: undefined,
    ...options,
  });
  onTestFinished(() => logs.close());
  /** What has come when others have been waited for as long as they are. */
  const taken = async (): Promise<readonly string[]> => {
    const lines: string[] = [];
    const take = (): void => {
      for (let line = logs.take(); line !== undefined; line = logs.take())
        lines.push(`${line.place.pod}/${line.place.container} ${line.text.toString()}`);
    };
    logs.onReady = take;
    take();
    await clock.advance(3_000);
    logs.onReady = () => {};
    return lines;
  };
  const tell = (type: 'ADDED' | 'MODIFIED' | 'DELETED', name: string, pod: LoggedPod): void =>
    events.put(change(type, name, loggedPod(name, pod)));
  return { events, nodes, clock, logs, taken, tell };
}

const running: LoggedPod = { containers: { c: 'running' } };

it('are in the order of time, whichever container they are of', async () => {
  const { nodes, events, tell, taken } = followed();
  nodes.log('x', 'c').write(at(1, 'one'), at(4, 'four'));
  nodes.log('y', 'c').write(at(2, 'two'), at(5, 'five'));
  nodes.log('y', 'd').write(at(3, 'three'));
  tell('ADDED', 'x', running);
  tell('ADDED', 'y', { containers: { c: 'running', d: 'running' } });
  events.put(synced());
  expect(await taken()).toEqual(['x/c one', 'y/c two', 'y/d three', 'x/c four', 'y/c five']);
});

it('do not wait for a container that has nothing to say', async () => {
  const { nodes, events, tell, taken } = followed();
  nodes.log('quiet', 'c');
  nodes.log('x', 'c').write(at(1, 'one'));
  tell('ADDED', 'quiet', running);
  tell('ADDED', 'x', running);
  events.put(synced());
  expect(await taken()).toEqual(['x/c one']);
  nodes.log('x', 'c').write(at(2, 'two'));
  expect(await taken()).toEqual(['x/c two']);
});

it('include those of pods that come later, from their beginning, and of containers that start later', async () => {
  const { nodes, events, tell, taken } = followed({ range: { tailLines: 1 } });
  nodes.log('x', 'c').write(at(1, 'one'), at(2, 'two'));
  nodes.log('new', 'c').write(at(3, 'three'), at(4, 'four'));
  tell('ADDED', 'x', running);
  events.put(synced());
  expect(await taken()).toEqual(['x/c two']);
  tell('ADDED', 'new', { containers: { c: 'waiting' } });
  expect(await taken()).toEqual([]);
  tell('MODIFIED', 'new', running);
  expect(await taken()).toEqual(['new/c three', 'new/c four']);
});

it('go on when a container has started again', async () => {
  const { nodes, events, tell, taken } = followed();
  const log = nodes.log('x', 'c');
  log.write(at(1, 'one'));
  tell('ADDED', 'x', running);
  events.put(synced());
  await taken();
  log.write(at(2, 'last words'));
  log.end();
  tell('MODIFIED', 'x', { containers: { c: 'ended' } });
  expect(await taken()).toEqual(['x/c last words']);
  log.restart();
  log.write(at(3, 'again'));
  tell('MODIFIED', 'x', { containers: { c: 'restarted' } });
  expect(await taken()).toEqual(['x/c again']);
});

it('bring the last words of a pod that is deleted, and another pod of its name from the beginning', async () => {
  const { nodes, events, tell, taken, logs } = followed();
  const old = nodes.log('x', 'c');
  tell('ADDED', 'x', running);
  events.put(synced());
  await taken();
  old.write(at(1, 'last words'));
  old.end();
  tell('DELETED', 'x', running);
  tell('ADDED', 'x', { containers: { c: 'waiting' }, uid: 'another' });
  expect(await taken()).toEqual(['x/c last words']);
  expect([...logs.positions]).toEqual([]);
  old.restart();
  old.write(at(2, 'first words'));
  tell('MODIFIED', 'x', { containers: { c: 'running' }, uid: 'another' });
  expect(await taken()).toEqual(['x/c first words']);
});

it('know where each container has been read to, and only as far as has been taken', async () => {
  const { nodes, events, tell, logs, clock } = followed();
  nodes.log('x', 'c').write(at(1, 'one'), at(2, 'two'));
  tell('ADDED', 'x', running);
  events.put(synced());
  await clock.advance(0);
  expect(logs.positions).toEqual([]);
  logs.take();
  const place = { namespace: 'a', pod: 'x', container: 'c' };
  expect(logs.positions).toEqual([[place, { at: '2026-01-01T00:00:01.000000000', lines: 1 }]]);
});

it('end with the first error that no second try mends', async () => {
  const { nodes, events, tell, logs, taken } = followed();
  nodes.log('x', 'c').refusals.push(new KubegraphError('FORBIDDEN', 'no logs for you'));
  tell('ADDED', 'x', running);
  events.put(synced());
  await taken();
  expect(logs.hasEnded).toBe(true);
  expect(logs.error).toMatchObject({ code: 'FORBIDDEN' });
});

it('end with what ends the watch, and where they were then', async () => {
  const { nodes, events, tell, logs, taken } = followed();
  nodes.log('x', 'c').write(at(1, 'one'));
  tell('ADDED', 'x', running);
  events.put(synced());
  await taken();
  events.end(new KubegraphError('LIFETIME_EXCEEDED', 'too old'));
  expect(logs.hasEnded).toBe(true);
  expect(logs.error).toMatchObject({ code: 'LIFETIME_EXCEEDED' });
  expect(logs.positions).toHaveLength(1);
});

it('are those of no more containers than anybody means', async () => {
  const { events, tell, logs } = followed();
  const names = Array.from({ length: 201 }, (_, index) => `c${index}`);
  tell('ADDED', 'x', { containers: Object.fromEntries(names.map((name) => [name, 'running'] as const)) });
  events.put(synced());
  expect(logs.error).toMatchObject({ code: 'BAD_USER_INPUT' });
});

describe('without following', () => {
  it('end when all that is there has been taken', async () => {
    const { nodes, events, tell, logs, taken } = followed({ follow: false });
    nodes.log('x', 'c').write(at(1, 'one'));
    nodes.log('y', 'c').write(at(2, 'two'));
    tell('ADDED', 'x', running);
    tell('ADDED', 'y', running);
    events.put(synced());
    expect(await taken()).toEqual(['x/c one', 'y/c two']);
    expect([logs.hasEnded, logs.error, events.isClosed]).toEqual([true, undefined, true]);
  });

  it('end at once where there is nothing', () => {
    const { events, logs } = followed({ follow: false });
    expect(logs.hasEnded).toBe(false);
    events.put(synced());
    expect([logs.hasEnded, logs.error]).toEqual([true, undefined]);
  });
});

describe('of one pod', () => {
  const one = { isOnePod: true } as const;

  it('end when its container will write no more', async () => {
    const { nodes, events, tell, logs, taken } = followed(one);
    const log = nodes.log('x', 'c');
    log.write(at(1, 'one'));
    tell('ADDED', 'x', { ...running, restartPolicy: 'OnFailure' });
    events.put(synced());
    expect(await taken()).toEqual(['x/c one']);
    expect(logs.hasEnded).toBe(false);
    log.end();
    tell('MODIFIED', 'x', { containers: { c: 'ended' }, restartPolicy: 'OnFailure' });
    await taken();
    expect([logs.hasEnded, logs.error]).toEqual([true, undefined]);
  });

  it('go on where it will be started again, until the pod is deleted', async () => {
    const { nodes, events, tell, logs, taken } = followed(one);
    const log = nodes.log('x', 'c');
    tell('ADDED', 'x', running);
    events.put(synced());
    log.end();
    tell('MODIFIED', 'x', { containers: { c: 'ended' } });
    await taken();
    expect(logs.hasEnded).toBe(false);
    tell('DELETED', 'x', { containers: { c: 'ended' } });
    await taken();
    expect([logs.hasEnded, logs.error]).toEqual([true, undefined]);
  });

  it('are NOT_FOUND where there is none', () => {
    const { events, logs } = followed(one);
    events.put(synced());
    expect(logs.error).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are those of the container that its annotation names', async () => {
    const { nodes, events, tell, taken } = followed(one);
    nodes.log('x', 'd').write(at(1, 'one'));
    const annotations = { 'kubectl.kubernetes.io/default-container': 'd' };
    tell('ADDED', 'x', { containers: { c: 'running', d: 'running' }, annotations });
    events.put(synced());
    expect(await taken()).toEqual(['x/d one']);
  });

  it.each([undefined, 'other'])(
    'name its containers where it is not clear which is meant: %s',
    (container) => {
      const { tell, logs } = followed({ ...one, container });
      tell('ADDED', 'x', { containers: { c: 'running', d: 'running' } });
      expect(logs.error).toMatchObject({ code: 'BAD_USER_INPUT', message: expect.stringContaining('c, d') });
    },
  );
});
