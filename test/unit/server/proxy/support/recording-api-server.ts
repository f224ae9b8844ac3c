import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';
import { listen } from '../../../cluster/support/server.ts';
import { tlsText } from '../../../cluster/support/tls.ts';

export interface Recorded {
  /** `GET /api?limit=1`. */
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
}

export interface ApiServer {
  readonly origin: string;
  /** What has reached it, in order. */
  readonly recorded: readonly Recorded[];
  /** How the next requests are answered. Default: with `{}`. */
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  /** How the next wishes for another protocol are. Default: with 101, and every byte is sent back. */
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

/** An API server that writes down what reaches it. Closes with the test. */
export async function recordingApiServer(): Promise<ApiServer> {
  const recorded: Recorded[] = [];
  const record = ({ method, url, headers, rawHeaders }: IncomingMessage): void =>
    void recorded.push({ line: `${method} ${url}`, headers, rawHeaders });
  const sockets = new Set<Duplex>();
  const handlers: Pick<ApiServer, 'answer' | 'upgrade'> = {
    answer: (request, response) => {
      request.resume().once('end', () => response.setHeader('content-type', 'application/json').end('{}'));
    },
    upgrade: (request, socket) => {
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${request.headers.upgrade}\r\n\r\n`,
      );
      socket.pipe(socket);
    },
  };
  const tls = { cert: tlsText('server.crt'), key: tlsText('server.key') };
  const server = createServer(tls, (request, response) => {
    record(request);
    handlers.answer(request, response);
  });
  server.on('secureConnection', (socket: Duplex) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (request, socket: Duplex, head) => {
    record(request);
    socket.on('error', () => undefined);
    handlers.upgrade(request, socket, head);
  });
  const port = await listen(server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return Object.assign(handlers, { origin: `https://127.0.0.1:${port}`, recorded });
}
