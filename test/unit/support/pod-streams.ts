import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';

/** One stream of a pod, seen from the node. */
export interface PodStream {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly socket: WebSocket;
  /** The next message: its channel and its bytes as text. Rejects when there will be none. */
  readonly next: () => Promise<readonly [channel: number, text: string]>;
  readonly send: (channel: number, data: string | Uint8Array) => void;
  /** Says how the command has ended, and goodbye. */
  readonly end: (status: object) => void;
  readonly closed: Promise<void>;
}

export interface PodStreamsOptions {
  /** Subprotocols that are spoken, best first. Default: both of exec's. */
  readonly protocols?: readonly string[];
  /** What a GET answers, by its path and query; to be changed at any time. Default: nothing is there. */
  readonly objects?: Readonly<Record<string, object>>;
  /** An answer to all requests to be upgraded. Default: they are. */
  readonly refusal?: { readonly status: number; readonly body: string; readonly headers?: object };
}

export interface PodStreams {
  readonly origin: string;
  /** The next stream that is opened, in the order in which they are. */
  readonly next: () => Promise<PodStream>;
  /** Requests so far, upgraded or not. */
  readonly requests: readonly IncomingMessage[];
}

/** An API server of nothing but pods' streams: it speaks the documented protocols as a test tells it. It closes with the test. */
export async function podStreams(options: PodStreamsOptions = {}): Promise<PodStreams> {
  const { protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'], objects = {}, refusal } = options;
  const requests: IncomingMessage[] = [];
  const arrivals = new Arrivals<PodStream>();
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => protocols.find((each) => offered.has(each)) ?? false,
  });
  const server = createServer((request, response) => {
    requests.push(request);
    const object = objects[decodeURIComponent(request.url ?? '')];
    response.writeHead(object === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(object ?? { kind: 'Status', reason: 'NotFound', code: 404, message: 'not found' }),
    );
  });
  server.on('upgrade', (request: IncomingMessage, socket, head: Buffer) => {
    requests.push(request);
    if (refusal !== undefined) {
      const headers = Object.entries({ 'Content-Length': refusal.body.length, ...refusal.headers });
      const lines = headers.map(([name, value]) => `${name}: ${String(value)}\r\n`).join('');
      socket.end(`HTTP/1.1 ${refusal.status} No\r\n${lines}\r\n${refusal.body}`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => arrivals.add(streamOf(request, client)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const client of sockets.clients) client.terminate();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, next: () => arrivals.next(), requests };
}

function streamOf(request: IncomingMessage, socket: WebSocket): PodStream {
  const messages = new Arrivals<readonly [number, string]>();
  socket.on('message', (data: Buffer) => messages.add([data[0] ?? -1, data.subarray(1).toString()]));
  const closed = once(socket, 'close').then(() => messages.end());
  const send = (channel: number, data: string | Uint8Array): void =>
    socket.send(Buffer.concat([Buffer.of(channel), Buffer.from(data)]));
  return {
    request,
    url: new URL(request.url ?? '', 'http://localhost'),
    socket,
    next: () => messages.next(),
    send,
    end: (status) => {
      send(3, JSON.stringify(status));
      socket.close(1000);
    },
    closed,
  };
}

/** What comes, for whoever waits for it. */
class Arrivals<T> {
  readonly #waiting: T[] = [];
  #isOver = false;
  #arrived: () => void = () => undefined;

  add(item: T): void {
    this.#waiting.push(item);
    this.#arrived();
  }

  end(): void {
    this.#isOver = true;
    this.#arrived();
  }

  async next(): Promise<T> {
    while (this.#waiting.length === 0) {
      if (this.#isOver) throw new Error('nothing comes any more');
      await new Promise<void>((resolve) => (this.#arrived = resolve));
    }
    return this.#waiting.shift() as T;
  }
}
