import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { listenLocally } from '../../../src/ports/local-port.ts';

/** The first bytes that a client of an address gets. */
async function greetingAt(port: number, host: string): Promise<string> {
  const client = connect({ port, host });
  onTestFinished(() => void client.destroy());
  const [chunk] = (await once(client, 'data')) as [Buffer];
  return chunk.toString();
}

it('one free port is listened on under both of the names that localhost has', async () => {
  const local = await listenLocally(0, (connection) => void connection.write('hello'));
  onTestFinished(local.close);
  expect(local.addresses).toEqual([`127.0.0.1:${local.port}`, `[::1]:${local.port}`]);
  expect(await Promise.all(['127.0.0.1', '::1'].map((host) => greetingAt(local.port, host)))).toEqual([
    'hello',
    'hello',
  ]);
});

it.each(['127.0.0.1', '::1'])(
  'a port that somebody else has on %s is taken, and left alone on the other',
  async (host) => {
    const other = createServer();
    other.listen({ port: 0, host, ipv6Only: true });
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    await expect(listenLocally(port, () => undefined)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    const free = createServer();
    free.listen({ port, host: host === '::1' ? '127.0.0.1' : '::1' });
    await once(free, 'listening');
    free.close();
  },
);

it('closing ends its connections', async () => {
  const local = await listenLocally(0, (connection) => void connection.write('hello'));
  const client = connect(local.port, '127.0.0.1');
  await once(client, 'data');
  const closed = once(client, 'close');
  await local.close();
  await closed;
});
