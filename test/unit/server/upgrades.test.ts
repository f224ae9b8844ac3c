import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { onUpgrade } from '../../../src/server/upgrades.ts';

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
