import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { testGateway } from '../support/test-gateway.ts';

const GRACE_MS = 10_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
});

/** A client that asks for another protocol, and keeps its side of the connection open whatever it is told. */
async function upgrading(port: number, path: string): Promise<Socket> {
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  onTestFinished(() => void client.destroy());
  client.write(
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
  );
  await once(client, 'data');
  return client;
}

it.each(['/nowhere', '/exec/a/p?command=id', '/graphql'])(
  'a shutdown does not wait for ever for somebody who does not go: %s',
  async (path) => {
    const { listener, port } = await testGateway();
    const client = await upgrading(port, path);
    const closing = listener.close();
    const gone = once(client, 'close');
    // Until the gateway has begun to wait.
    await new Promise((resolve) => setImmediate(resolve));
    vi.advanceTimersByTime(GRACE_MS);
    await closing;
    client.end();
    await gone;
    expect(client.destroyed).toBe(true);
  },
);
