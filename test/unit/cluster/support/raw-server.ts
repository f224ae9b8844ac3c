import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { onTestFinished } from 'vitest';
import { listen } from './server.ts';
import { tlsText } from './tls.ts';

export interface RawServer {
  readonly origin: string;
  readonly port: number;
  readonly connections: number;
  /** What has come in on all connections. */
  readonly received: string;
}

/** A server that speaks bytes, for answers that no HTTP library would send. Closes with the test. */
export async function rawServer(
  kind: 'http' | 'https',
  onConnection: (socket: Socket, index: number) => void,
): Promise<RawServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let received = '';
  const accept = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
    });
    onConnection(socket, connections);
    connections += 1;
  };
  const tls = { cert: tlsText('server.crt'), key: tlsText('server.key') };
  const server = kind === 'http' ? createServer(accept) : createTlsServer(tls, accept);
  server.on('tlsClientError', () => undefined);
  const port = await listen(server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    origin: `${kind}://127.0.0.1:${port}`,
    port,
    get connections() {
      return connections;
    },
    get received() {
      return received;
    },
  };
}
