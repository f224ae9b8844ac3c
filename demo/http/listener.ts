import { once } from 'node:events';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { Certificates } from './certificates.ts';
import { Connections } from './connections.ts';
import type { ServerContext } from './context.ts';
import { serveRequest } from './exchange.ts';
import { Upgrades } from './upgrade.ts';

export interface ListenOptions {
  readonly context: ServerContext;
  readonly certificates: Certificates;
  /** 0 for any free one. */
  readonly port: number;
}

/** A listening server. */
export interface Listener {
  readonly port: number;
  /** Stops listening and breaks off whatever is open. */
  close(): Promise<void>;
}

/** As the real server announces them. */
const SETTINGS = {
  maxConcurrentStreams: 100,
  initialWindowSize: 256 * 1024,
  maxFrameSize: 256 * 1024,
  maxHeaderListSize: 1024 * 1024,
};

/**
 * Listens on 127.0.0.1 for HTTP/1.1 and HTTP/2 over TLS. Client certificates are asked for and not insisted on.
 *
 * @throws the system's error when the port is taken.
 */
export async function listen({ certificates, context, port }: ListenOptions): Promise<Listener> {
  const { ca, server: own } = certificates;
  const server = createSecureServer({
    key: own.key,
    cert: own.cert,
    ca: ca.cert,
    requestCert: true,
    rejectUnauthorized: false,
    allowHTTP1: true,
    settings: SETTINGS,
  });
  const connections = new Connections();
  const upgrades = new Upgrades(context);
  server.on('connection', (socket: Socket) => connections.add(socket));
  server.on('request', (request, response) => void serveRequest(context, connections, request, response));
  server.on('upgrade', upgrades.accept.bind(upgrades));
  // Handshakes that fail and clients that vanish are everyday life; without listeners they would end the process.
  server.on('sessionError', () => undefined);
  server.on('tlsClientError', () => undefined);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => close(server, connections) };
}

async function close(server: Http2SecureServer, connections: Connections): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  connections.destroyAll();
  await closed;
}
