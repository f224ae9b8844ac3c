import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { tlsText } from './tls.ts';

/** What HTTP/1.1 and HTTP/2 answers have in common. */
export interface Answer extends NodeJS.WritableStream {
  statusCode: number;
  setHeader(name: string, value: string | readonly string[]): unknown;
}

/** What a test server saw of one request. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly httpVersion: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Names and values in order, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
  /** The common name of the client's certificate; undefined when it showed none. */
  readonly clientName: string | undefined;
  /** Ends its connection without a word. */
  readonly hangUp: () => void;
  /** Breaks its connection off: what the client sends from now on fails. */
  readonly reset: () => void;
  /** Resolves once the client has closed the request or its connection. */
  readonly closed: Promise<void>;
}

export type Handler = (request: SeenRequest, answer: Answer) => void;

export interface TestServer {
  readonly origin: string;
  readonly port: number;
  /** In order of arrival. */
  readonly requests: readonly SeenRequest[];
  /** How many connections there have been. */
  readonly connections: number;
}

export interface TestServerOptions {
  /** `http`: plain. `https`: HTTP/1.1 only. `http2`: both, as the API server. Default `http2`. */
  readonly kind?: 'http' | 'https' | 'http2';
  readonly certificate?: 'server' | 'renamed-server' | 'expired-server';
  readonly handler?: Handler;
}

/** A server on 127.0.0.1 that asks for a client certificate, takes any, and closes with the test. */
export async function testServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { kind = 'http2', handler = (_, answer) => void answer.end('{}') } = options;
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  const socketOf = (port: number | undefined): Socket | undefined =>
    [...sockets].find((socket) => socket.remotePort === port);
  const onRequest = async (
    request: IncomingMessage | Http2ServerRequest,
    answer: ServerResponse | Http2ServerResponse,
  ): Promise<void> => {
    // A client that goes away in the middle of its request is no failure of the server.
    request.on('error', () => undefined);
    answer.on('error', () => undefined);
    const seen = await see(request, answer, socketOf);
    requests.push(seen);
    handler(seen, answer);
  };
  const server = create(
    kind,
    options.certificate ?? 'server',
    (request, answer) => void onRequest(request, answer),
  );
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
  });
  server.on('tlsClientError', () => undefined);
  const port = await listen(server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    origin: `${kind === 'http' ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    requests,
    get connections() {
      return connections;
    },
  };
}

/** Listens on a free port of 127.0.0.1. */
export async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createHttpServer();
  const port = await listen(server);
  server.close();
  await once(server, 'close');
  return port;
}

type Listener = (
  request: IncomingMessage | Http2ServerRequest,
  answer: ServerResponse | Http2ServerResponse,
) => void;

function create(kind: 'http' | 'https' | 'http2', certificate: string, listener: Listener): Server {
  if (kind === 'http') return createHttpServer(listener);
  const tls = {
    cert: tlsText(`${certificate as 'server'}.crt`),
    key: tlsText(`${certificate as 'server'}.key`),
    ca: tlsText('ca.crt'),
    requestCert: true,
    rejectUnauthorized: false,
  };
  if (kind === 'https') return createHttpsServer(tls, listener);
  return createSecureServer({ ...tls, allowHTTP1: true }, listener);
}

async function see(
  request: IncomingMessage | Http2ServerRequest,
  answer: Answer,
  socketOf: (port: number | undefined) => Socket | undefined,
): Promise<SeenRequest> {
  const socket = 'stream' in request ? request.stream.session?.socket : request.socket;
  const closed = new Promise<void>((resolve) => answer.once('close', () => resolve()));
  const port = socket?.remotePort;
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return {
    method: request.method ?? '',
    url: request.url ?? '',
    httpVersion: request.httpVersion,
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    body: Buffer.concat(chunks).toString('utf8'),
    clientName: clientNameOf(socket),
    hangUp: () => void socketOf(port)?.destroy(),
    reset: () => void socketOf(port)?.resetAndDestroy(),
    closed,
  };
}

function clientNameOf(socket: unknown): string | undefined {
  // An HTTP/2 session shows its socket through a proxy that `instanceof` sees through.
  if (!(socket instanceof TLSSocket)) return undefined;
  const name: unknown = socket.getPeerCertificate().subject?.CN;
  return typeof name === 'string' ? name : undefined;
}
