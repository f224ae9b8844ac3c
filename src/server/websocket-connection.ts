import type { IncomingMessage } from 'node:http';
import type { makeServer, SubscribePayload } from 'graphql-ws';
import type { RawData, WebSocket } from 'ws';
import type { Identity } from '../cluster/identity.ts';
import { namesDocument } from '../execution/document-name.ts';
import { isJsonObject, tryParseJson } from '../util/json.ts';
import { RawPayloads } from './raw-payloads.ts';

export interface Operation {
  readonly payload: SubscribePayload | undefined;
  readonly controller: AbortController;
  /** When it began, by `performance.now()`. */
  readonly since: number;
}

export interface Connection {
  readonly request: IncomingMessage;
  readonly socket: WebSocket;
  /** Set when the connection has been acknowledged. */
  identity?: Identity;
  /** One for each operation that is under way, by its id. */
  readonly operations: Map<string, Operation>;
  readonly raw: RawPayloads;
  /** Whether it has answered the last ping. */
  isAlive: boolean;
  /** Settled once all that has been sent is on its way. */
  flushed: Promise<void>;
}

export function newConnection(request: IncomingMessage, socket: WebSocket): Connection {
  const raw = new RawPayloads();
  return { request, socket, operations: new Map(), raw, isAlive: true, flushed: Promise.resolve() };
}

/** A client that does not answer a ping until the next one is gone. */
export function ping(connection: Connection): void {
  if (!connection.isAlive) return connection.socket.terminate();
  connection.isAlive = false;
  connection.socket.ping();
}

/** The connection as graphql-ws sees it. */
export function transportOf(connection: Connection): Parameters<ReturnType<typeof makeServer>['opened']>[0] {
  const { socket, raw, operations } = connection;
  return {
    protocol: socket.protocol,
    send: (text) => {
      const sent = new Promise<void>((resolve, reject) => {
        if (socket.readyState !== socket.OPEN) return resolve();
        socket.send(raw.release(text), (error) => (error ? reject(error) : resolve()));
      });
      connection.flushed = sent.catch(() => undefined);
      return sent;
    },
    close: (code, reason) => socket.close(code, reason),
    onMessage: (handle) => {
      socket.on('message', (data: RawData) => {
        // `ws` hands over Buffers unless it is told otherwise.
        const text = (data as Buffer).toString('utf8');
        const message = tryParseJson(text);
        endCompleted(message, operations);
        handle(withQuery(text, message)).catch(() => socket.close(1011, 'internal error'));
      });
    },
  };
}

/** graphql-ws would wait for the operation's next event before it ends it, and never end a query. */
function endCompleted(message: unknown, operations: Map<string, Operation>): void {
  const { type, id } = (message ?? {}) as { type?: unknown; id?: unknown };
  if (type !== 'complete' || typeof id !== 'string') return;
  operations.get(id)?.controller.abort();
  operations.delete(id);
}

/** graphql-ws takes no operation without a text, but does an empty one. */
function withQuery(text: string, message: unknown): string {
  const { type, payload } = isJsonObject(message) ? message : {};
  if (type !== 'subscribe' || !isJsonObject(payload)) return text;
  if (payload['query'] !== undefined || !namesDocument(payload)) return text;
  return JSON.stringify({ ...(message as object), payload: { ...payload, query: '' } });
}
