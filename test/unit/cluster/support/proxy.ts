import { createServer, type IncomingMessage } from 'node:http';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { listen } from './server.ts';

export interface TestProxy {
  readonly url: string;
  /** Host and port of each tunnel that was asked for. */
  readonly tunnels: readonly string[];
  /** The `proxy-authorization` header of each. */
  readonly authorizations: readonly (string | undefined)[];
}

/** An HTTP proxy that tunnels anywhere, or answers every tunnel with `status`, or hangs up. Closes with the test. */
export async function testProxy(behaviour: 'tunnel' | 'hang up' | number = 'tunnel'): Promise<TestProxy> {
  const tunnels: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    tunnels.push(request.url ?? '');
    authorizations.push(request.headers['proxy-authorization']);
    if (behaviour === 'hang up') client.destroy();
    else if (behaviour !== 'tunnel') client.end(`HTTP/1.1 ${behaviour} No\r\n\r\n`);
    else {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      tunnel(client, Number(new URL(`http://${request.url ?? ''}`).port), sockets);
    }
  });
  server.on('connection', (socket: Socket) => track(socket, sockets));
  const port = await listen(server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${port}`, tunnels, authorizations };
}

/** A SOCKS5 proxy without authentication (RFC 1928). Closes with the test. */
export async function socksProxy(): Promise<TestProxy> {
  const tunnels: string[] = [];
  const sockets = new Set<Socket>();
  const server = createTcpServer((client) => {
    track(client, sockets);
    client.once('data', () => {
      client.write(Buffer.from([5, 0]));
      client.once('data', (request: Buffer) => {
        // Version, CONNECT, reserved, IPv4, four bytes of address, two of port.
        const port = request.readUInt16BE(request.length - 2);
        tunnels.push(String(port));
        client.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
        tunnel(client, port, sockets);
      });
    });
  });
  const port = await listen(server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `socks5://127.0.0.1:${port}`, tunnels, authorizations: [] };
}

function tunnel(client: Socket, port: number, sockets: Set<Socket>): void {
  const server = connect(port, '127.0.0.1');
  track(server, sockets);
  client.pipe(server).pipe(client);
}

function track(socket: Socket, sockets: Set<Socket>): void {
  sockets.add(socket);
  socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
}
