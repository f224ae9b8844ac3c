import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Context, handleProtocols, makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Answer } from '../execution/answer.ts';
import type { Payload } from '../execution/subscription-answer.ts';
import { isKubegraphError } from '../errors/kubegraph-error.ts';
import { callerOf } from './caller.ts';
import { type AuthMode, MAX_BODY_BYTES } from './options.ts';
import { Rounds } from './rounds.ts';
import { type Connection, newConnection, ping, transportOf } from './websocket-connection.ts';
import { executionArgs, type OperationOptions, runOperation } from './websocket-operations.ts';

export interface WebSocketOptions extends Omit<OperationOptions, 'isLeaving'> {
  readonly mode: AuthMode;
}

/** Idle connections are pinged this often: shorter than what proxies on the way put up with. */
const PING_INTERVAL_MS = 12_000;

export interface WebSockets {
  /** Takes over a connection that asks to be upgraded. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /**
   * To be called before subscriptions are ended because the gateway goes: they are not `complete` then. graphql-ws' client takes
   * that for the end, while it subscribes again when its connection is lost.
   */
  readonly leave: () => void;
  /** Says goodbye to everybody; clients reconnect elsewhere. Resolves when they have left. */
  readonly close: () => Promise<void>;
}

/** The `graphql-transport-ws` protocol, on the same path as HTTP. */
export function createWebSockets(options: WebSocketOptions): WebSockets {
  const server = new WebSocketServer({ noServer: true, handleProtocols, maxPayload: MAX_BODY_BYTES });
  const pings = new Rounds<Connection>(PING_INTERVAL_MS, ping);
  let isLeaving = false;
  const operationOptions = { ...options, isLeaving: () => isLeaving };
  const protocol = makeServer<Record<string, unknown>, Connection>({
    onConnect: (context) => admit(options.mode, context),
    onSubscribe: (context, id, payload) => executionArgs(operationOptions, context, id, payload),
    execute: runOperation,
    subscribe: runOperation,
    onNext: ({ extra: { raw, operations } }, id, _payload, _args, result) => {
      // What `run` has answered comes back as it is.
      const payload = result as Answer | Payload;
      const operation = operations.get(id);
      if ('json' in payload && operation !== undefined)
        options.deliveries.delivered('websocket', payload, operation.since);
      return raw.hold(payload);
    },
    onComplete: ({ extra: { operations } }, id, payload) => {
      // The client may have given the id to another operation meanwhile.
      if (operations.get(id)?.payload === payload) operations.delete(id);
    },
  });
  server.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    const connection = newConnection(request, socket);
    const closed = protocol.opened(transportOf(connection), connection);
    pings.add(connection);
    socket.on('pong', () => (connection.isAlive = true));
    socket.once('close', (code, reason) => {
      pings.remove(connection);
      for (const { controller } of connection.operations.values()) controller.abort();
      void closed(code, reason.toString());
    });
    // Without a listener a broken connection would be thrown; it closes by itself.
    socket.on('error', () => socket.terminate());
  });
  return {
    upgrade: (request, socket, head) =>
      server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client, request)),
    leave: () => {
      isLeaving = true;
    },
    close: async () => {
      for (const client of server.clients) client.close(1001, 'the gateway is shutting down');
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Browsers cannot set headers on WebSockets: the token comes in the connection's parameters, or in the header elsewhere. */
function admit(
  mode: AuthMode,
  { connectionParams, extra }: Context<Record<string, unknown>, Connection>,
): boolean {
  const fromParams = connectionParams?.['authorization'] ?? connectionParams?.['Authorization'];
  const authorization =
    typeof fromParams === 'string' ? fromParams : (extra.request.headers.authorization ?? null);
  try {
    extra.identity = callerOf(mode, authorization);
    return true;
  } catch (error) {
    if (!isKubegraphError(error, 'UNAUTHENTICATED')) throw error;
    // graphql-ws would say 4403; clients look for 4401 to ask for a new token.
    extra.socket.close(4401, 'Unauthorized');
    return false;
  }
}
