import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { responseTo } from '../../../src/server/upgraded.ts';
import { onUpgrade } from '../../../src/server/upgrades.ts';
import { listening } from './support/listening.ts';

const UPGRADE = 'GET /b HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';

/** A server that answers `/slow` never and anything else at once, and says what was upgraded. */
async function aServer() {
  const upgraded: string[] = [];
  const server = createServer((request, response) => {
    if (request.url !== '/slow') response.end('answer');
  });
  onUpgrade(server, ({ url = '' }, socket) => {
    upgraded.push(url);
    socket.end('upgraded');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const send = (bytes: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1');
    socket.write(bytes);
    return text(socket);
  };
  return { upgraded, send };
}

describe('a request for another protocol', () => {
  it('is handed over', async () => {
    const { upgraded, send } = await aServer();
    expect(await send(UPGRADE)).toBe('upgraded');
    expect(upgraded).toEqual(['/b']);
  });

  it('is cut off where an earlier one of the connection has no answer yet', async () => {
    const { upgraded, send } = await aServer();
    expect(await send(`GET /slow HTTP/1.1\r\nHost: a\r\n\r\n${UPGRADE}`)).toBe('');
    expect(upgraded).toEqual([]);
  });
});

describe('a connection that has been handed over', () => {
  it('is ended with all others by whoever ends them', async () => {
    const server = createServer();
    const endAll = onUpgrade(server, (_, socket) => void socket.write('upgraded'));
    const socket = connect(await listening(server), '127.0.0.1');
    socket.write(UPGRADE);
    await once(socket, 'data');
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    endAll();
    await closed;
    socket.destroy();
  });

  it('is cut off where it is answered and nobody reads for as long as the server waits', async () => {
    const server = createServer();
    server.setTimeout(20);
    const cutOff = new Promise<void>((resolve) => {
      onUpgrade(server, (request, socket) => {
        socket.once('close', () => resolve());
        responseTo(request).end(Buffer.alloc(32 * 1024 * 1024));
      });
    });
    const socket = connect(await listening(server), '127.0.0.1').pause();
    socket.on('error', () => undefined);
    socket.write(UPGRADE);
    await cutOff;
    socket.destroy();
  });
});
