import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { createExecDoor, type SessionLimits } from '../../../../src/server/exec/exec-door.ts';
import { targetFor } from '../../cluster/support/kubeconfig.ts';
import { testUpstream } from '../../cluster/support/upstream.ts';
import { podStreams, type PodStream } from '../../support/pod-streams.ts';
import { ManualClock } from '../../watch/support/manual-clock.ts';
import { listening } from '../support/listening.ts';

interface Session {
  readonly client: WebSocket;
  readonly pod: PodStream;
  readonly clock: ManualClock;
}

const NEVER_MS = 24 * 60 * 60_000;

async function session(limits: Partial<SessionLimits>): Promise<Session> {
  const streams = await podStreams();
  const clock = new ManualClock();
  const note = (): void => undefined;
  const door = createExecDoor({
    upstream: testUpstream({ target: targetFor(streams.origin) }),
    mode: 'kubeconfig',
    log: { info: note, warn: note, error: note },
    report: note,
    limits: { idleMs: NEVER_MS, totalMs: NEVER_MS, ...limits },
    clock,
  });
  const server = createServer();
  server.on('upgrade', door.upgrade);
  const client = new WebSocket(
    `ws://127.0.0.1:${await listening(server)}/exec/a/p?command=sh`,
    'v5.channel.k8s.io',
  );
  onTestFinished(() => client.terminate());
  await once(client, 'open');
  return { client, pod: await streams.next(), clock };
}

it('a session in which nothing moves is ended on both sides', async () => {
  const { client, pod } = await session({ idleMs: 30 });
  await Promise.all([once(client, 'close'), pod.closed]);
});

it('a session is ended on both sides when it is as old as it may be, and not before', async () => {
  const { client, pod, clock } = await session({ totalMs: 1_000 });
  await clock.advance(999);
  const heard = once(client, 'message');
  pod.send(1, 'still there');
  expect(String((await heard)[0])).toBe('\u0001still there');
  const ended = Promise.all([once(client, 'close'), pod.closed]);
  await clock.advance(1);
  await ended;
});
