import { describe, expect, it, onTestFinished } from 'vitest';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { KubegraphError } from '../../../src/errors/kubegraph-error.ts';
import { FollowedLogs, type FollowedLogsOptions } from '../../../src/logs/followed-logs.ts';
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
function followed(options: Partial<FollowedLogsOptions> = {}) {
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

it('bring what a pod that comes later has written before it started again', async () => {
  const { nodes, events, tell, taken } = followed();
  const log = nodes.log('x', 'c');
  log.write(at(1, 'first run'));
  log.restart();
  log.write(at(2, 'second run'));
  events.put(synced());
  tell('ADDED', 'x', { containers: { c: 'restarted' } });
  expect(await taken()).toEqual(['x/c first run', 'x/c second run']);
});

it('bring of a pod that is there at the beginning only what its container has written since it started', async () => {
  const { nodes, events, tell, taken } = followed();
  const log = nodes.log('x', 'c');
  log.write(at(1, 'first run'));
  log.restart();
  log.write(at(2, 'second run'));
  tell('ADDED', 'x', { containers: { c: 'restarted' } });
  events.put(synced());
  expect(await taken()).toEqual(['x/c second run']);
});

it('include, when they are resumed, pods that have come and finished meanwhile, also those that started again', async () => {
  const resumeFrom = { since: '2026-01-01T00:00:02Z', position: () => undefined };
  const { nodes, events, tell, taken } = followed({ resumeFrom, range: { sinceTime: resumeFrom.since } });
  nodes.log('x', 'c').write(at(1, 'before'), at(2, 'of x'));
  const log = nodes.log('y', 'c');
  log.write(at(3, 'first run'));
  log.restart();
  log.write(at(4, 'second run'));
  tell('ADDED', 'x', { containers: { c: 'ended' }, restartPolicy: 'Never' });
  tell('ADDED', 'y', { containers: { c: 'restarted' } });
  events.put(synced());
  expect(await taken()).toEqual(['x/c of x', 'y/c first run', 'y/c second run']);
});

it('are read to their end where the node does not say that a container has ended', async () => {
  const { nodes, clock, events, tell, taken, logs } = followed({ isOnePod: true });
  const log = nodes.log('x', 'c');
  log.write(at(1, 'one'));
  tell('ADDED', 'x', { ...running, restartPolicy: 'Never' });
  events.put(synced());
  expect(await taken()).toEqual(['x/c one']);
  tell('MODIFIED', 'x', { containers: { c: 'ended' }, restartPolicy: 'Never' });
  log.write(at(2, 'two'));
  expect(await taken()).toEqual(['x/c two']);
  expect(logs.hasEnded).toBe(false);
  await clock.advance(10_000);
  expect([logs.hasEnded, logs.error]).toEqual([true, undefined]);
});

it('end with why a log cannot be read, also where its node has not said that the container has ended', async () => {
  const { nodes, clock, events, tell, taken, logs } = followed();
  const log = nodes.log('x', 'c');
  tell('ADDED', 'x', running);
  events.put(synced());
  await taken();
  log.refusals.push(new KubegraphError('FORBIDDEN', 'no more logs for you'));
  tell('MODIFIED', 'x', { containers: { c: 'ended' } });
  await clock.advance(10_000);
  expect(logs.error).toMatchObject({ code: 'FORBIDDEN' });
});

it('have their pods looked at when a log comes to an end', async () => {
  const { nodes, clock, events, tell, taken } = followed();
  let hurried = 0;
  Object.assign(events, { hurry: () => (hurried += 1) });
  const log = nodes.log('x', 'c');
  tell('ADDED', 'x', running);
  events.put(synced());
  await taken();
  expect(hurried).toBe(0);
  log.end();
  await clock.advance(0);
  expect(hurried).toBe(1);
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

describe('of pods of which there is a last one', () => {
  /** The answers to whether it has come; the last one stays. */
  function finite(...answers: readonly (boolean | KubegraphError)[]) {
    const asked: ((uid: string) => boolean)[] = [];
    const isComplete = async (knows: (uid: string) => boolean): Promise<boolean> => {
      const answer = answers[Math.min(asked.length, answers.length - 1)];
      asked.push(knows);
      if (typeof answer === 'boolean') return answer;
      throw answer as KubegraphError;
    };
    const setup = followed({ isComplete });
    const ended: LoggedPod = { containers: { c: 'ended' }, restartPolicy: 'Never' };
    const end = (name: string): void => {
      setup.nodes.log(name, 'c').write(at(1, `of ${name}`));
      setup.tell('ADDED', name, ended);
    };
    return { ...setup, asked, end };
  }

  it('end when it has come and all lines have been taken', async () => {
    const { end, events, logs, taken, asked, clock } = finite(true);
    end('x');
    events.put(synced());
    await clock.advance(1_000);
    expect(asked).toEqual([]);
    expect(await taken()).toEqual(['x/c of x']);
    expect([logs.hasEnded, logs.error, events.isClosed]).toEqual([true, undefined, true]);
    expect(asked).toHaveLength(1);
  });

  it('end without a pod', async () => {
    const { events, logs, taken } = finite(true);
    await taken();
    expect(logs.hasEnded).toBe(false);
    events.put(synced());
    await taken();
    expect([logs.hasEnded, logs.error]).toEqual([true, undefined]);
  });

  it('are not asked about while a pod has not finished', async () => {
    const { nodes, tell, events, logs, taken, asked } = finite(true);
    nodes.log('x', 'c');
    tell('ADDED', 'x', running);
    events.put(synced());
    await taken();
    expect([asked.length, logs.hasEnded]).toEqual([0, false]);
  });

  it('go on with pods that come before it, and ask less and less often while none does', async () => {
    const { end, events, logs, taken, asked, clock } = finite(false, false, false, false, true);
    end('x');
    events.put(synced());
    expect(await taken()).toEqual(['x/c of x']);
    expect([asked.length, logs.hasEnded]).toEqual([3, false]);
    end('y');
    expect(await taken()).toEqual(['y/c of y']);
    expect(logs.hasEnded).toBe(true);
    expect(clock.pendingMs).toEqual([]);
  });

  it('say which pods they know', async () => {
    const { end, events, taken, asked } = finite(false);
    end('x');
    events.put(synced());
    await taken();
    expect(['uid of x', 'another'].map((uid) => asked[0]?.(uid))).toEqual([true, false]);
  });

  it('end with why it cannot be known, unless that passes', async () => {
    const passing = new KubegraphError('UNREACHABLE', 'not now');
    const { events, logs, taken, clock } = finite(
      passing,
      passing,
      new KubegraphError('FORBIDDEN', 'no more'),
    );
    events.put(synced());
    await clock.advance(0);
    expect(logs.hasEnded).toBe(false);
    await taken();
    expect(logs.error).toMatchObject({ code: 'FORBIDDEN' });
  });
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

  it('end where its container never began, and never will', () => {
    const { events, tell, logs } = followed(one);
    tell('ADDED', 'x', { containers: { c: 'waiting' }, phase: 'Failed' });
    events.put(synced());
    expect([logs.hasEnded, logs.error]).toEqual([true, undefined]);
  });

  it('end with their pod, whatever it says of its containers', async () => {
    const { nodes, events, tell, logs, taken } = followed(one);
    nodes.log('x', 'c').write(at(1, 'one'));
    tell('ADDED', 'x', { ...running, phase: 'Failed' });
    events.put(synced());
    expect(await taken()).toEqual(['x/c one']);
    expect([logs.hasEnded, logs.error]).toEqual([true, undefined]);
  });

  it('of which only the name is known end with what its container has written', async () => {
    const { nodes, clock, events, logs, taken } = followed({ ...one, container: 'c' });
    const log = nodes.log('x', 'c');
    log.write(at(1, 'one'));
    events.put(change('ADDED', 'x'), synced());
    expect(await taken()).toEqual(['x/c one']);
    log.write(at(2, 'two'));
    await clock.advance(60_000);
    expect(await taken()).toEqual(['x/c two']);
    expect(logs.hasEnded).toBe(false);
    log.end();
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

  it('are those of the first container where nothing says which', async () => {
    const { nodes, events, tell, taken } = followed(one);
    nodes.log('x', 'c').write(at(1, 'one'));
    tell('ADDED', 'x', { containers: { c: 'running', d: 'running' } });
    events.put(synced());
    expect(await taken()).toEqual(['x/c one']);
  });

  it('name its containers where there is none that is called so', () => {
    const { tell, logs } = followed({ ...one, container: 'other' });
    tell('ADDED', 'x', { containers: { c: 'running', d: 'running' } });
    expect(logs.error).toMatchObject({ code: 'BAD_USER_INPUT', message: expect.stringContaining('c, d') });
  });
});
