import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { Engine } from '../../../src/execution/engine.ts';
import { Deliveries } from '../../../src/server/deliveries.ts';
import { RawPayloads } from '../../../src/server/raw-payloads.ts';
import { createWebSockets } from '../../../src/server/websocket.ts';
import { FakeAnswer, payloadOf } from './support/fake-answer.ts';
import { listening } from './support/listening.ts';
import { acknowledged } from './support/ws-client.ts';

/** Acknowledged clients of a server whose every operation is a subscription of the test. */
async function subscribers(planned: Promise<void> = Promise.resolve()) {
  const answers: FakeAnswer[] = [];
  let answered: () => void = () => undefined;
  const execute = async (): Promise<FakeAnswer> => {
    await planned;
    const answer = new FakeAnswer();
    answers.push(answer);
    answered();
    return answer;
  };
  const deliveries = new Deliveries();
  // Of the engine nothing else is used.
  const engine = { execute } as unknown as Engine;
  const { upgrade } = createWebSockets({ engine, deliveries, mode: 'kubeconfig' });
  const sockets: Socket[] = [];
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  const server = createServer().on('upgrade', (request, socket, head) => {
    sockets.push(request.socket);
    upgrade(request, socket, head);
  });
  const url = `http://127.0.0.1:${await listening(server)}`;
  return {
    deliveries,
    connect: () => acknowledged({ url }),
    /** The connections, seen from the server. */
    sockets,
    next: async (): Promise<FakeAnswer> => {
      while (answers.length === 0) await new Promise<void>((resolve) => (answered = resolve));
      return answers.shift() as FakeAnswer;
    },
  };
}

const subscribe = (id: string) => ({ id, type: 'subscribe', payload: { query: 'subscription { x }' } });

it('sends what is taken, and then that it is complete', async () => {
  const { connect, next, deliveries } = await subscribers();
  const client = await connect();
  client.send(subscribe('1'));
  const answer = await next();
  answer.push(payloadOf('{"data":1}', { receivedAt: performance.now() }));
  expect(await client.next()).toBe('{"id":"1","type":"next","payload":{"data":1}}');
  expect(deliveries.open.websocket).toBe(1);
  answer.end();
  expect(await client.next()).toBe('{"id":"1","type":"complete"}');
  expect(deliveries.open.websocket).toBe(0);
  const { count, sum } = deliveries.latency.websocket;
  expect(count).toBe(1);
  expect(sum).toBeGreaterThan(0);
});

it('ends a subscription at once when its client completes it', async () => {
  const { connect, next, deliveries } = await subscribers();
  const client = await connect();
  client.send(subscribe('1'));
  const answer = await next();
  client.send({ id: '1', type: 'complete' });
  await answer.closed;
  expect(deliveries.open.websocket).toBe(0);
});

it('ends one that was completed before it had begun', async () => {
  let plan: () => void = () => undefined;
  const { connect, next, deliveries } = await subscribers(new Promise((resolve) => (plan = resolve)));
  const client = await connect();
  client.send(subscribe('1'));
  client.send({ id: '1', type: 'complete' });
  client.send({ type: 'ping' });
  await client.next();
  plan();
  await (
    await next()
  ).closed;
  expect(deliveries.open.websocket).toBe(0);
});

it('ends all of a client that leaves', async () => {
  const { connect, next, deliveries } = await subscribers();
  const client = await connect();
  const answers = [];
  for (const id of ['1', '2', '3']) {
    client.send(subscribe(id));
    answers.push(await next());
  }
  client.socket.terminate();
  await Promise.all(answers.map(({ closed }) => closed));
  expect(deliveries.open.websocket).toBe(0);
});

it('leaves what a client does not read with its subscriptions, and sends all of it in the end', async () => {
  const { connect, next, sockets } = await subscribers();
  const client = await connect();
  const ids = ['1', '2'];
  const answers: FakeAnswer[] = [];
  for (const id of ids) {
    client.send(subscribe(id));
    answers.push(await next());
  }
  client.socket.pause();
  const count = 1_500;
  for (const answer of answers)
    answer.push(...Array.from({ length: count }, (_, i) => payloadOf(`"${i} ${'x'.repeat(10_000)}"`)));
  const [socket] = sockets as [Socket];
  while (!socket.writableNeedDrain) await new Promise((resolve) => setImmediate(resolve));
  const [first, second] = answers as [FakeAnswer, FakeAnswer];
  expect([first.waiting > 0, second.waiting > 0]).toEqual([true, true]);
  expect(socket.writableLength).toBeLessThan(128 * 1024);
  client.socket.resume();
  const seen = new Map(ids.map((id) => [id, 0]));
  for (let i = 0; i < 2 * count; i++) {
    const { id, payload } = JSON.parse(await client.next()) as { id: string; payload: string };
    expect(payload.startsWith(`${seen.get(id)} `)).toBe(true);
    seen.set(id, (seen.get(id) ?? 0) + 1);
  }
  expect([...seen.values()]).toEqual([count, count]);
});

it('cuts off a client that does not answer one ping until the next', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const { connect, next } = await subscribers();
  const [silent, other] = [await connect(), await connect()];
  // It does not see the ping, either.
  silent.socket.pause();
  silent.send(subscribe('1'));
  const answer = await next();
  const pinged = once(other.socket, 'ping');
  vi.advanceTimersByTime(12_000);
  await pinged;
  other.send({ type: 'ping' });
  expect(await other.next()).toContain('pong');
  vi.advanceTimersByTime(12_000);
  await answer.closed;
  other.send({ type: 'ping' });
  expect(await other.next()).toContain('pong');
});

it('makes the text of a payload once for all who get it', () => {
  const payload = payloadOf('{"data":"ü"}');
  const print = vi.spyOn(payload.json, 'toString');
  for (const connection of [new RawPayloads(), new RawPayloads()]) {
    const message = JSON.stringify({ payload: connection.hold(payload) });
    expect(connection.release(message)).toBe('{"payload":{"data":"ü"}}');
  }
  expect(print).toHaveBeenCalledTimes(1);
});
