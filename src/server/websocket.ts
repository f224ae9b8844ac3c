import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { GraphQLError, parse } from 'graphql';
import { type Context, handleProtocols, makeServer, type SubscribePayload } from 'graphql-ws';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Identity } from '../cluster/identity.ts';
import type { Answer } from '../execution/answer.ts';
import { type DocumentRequest, namesDocument } from '../execution/document-name.ts';
import type { Engine, OperationAnswer } from '../execution/engine.ts';
import { isKubegraphError } from '../errors/kubegraph-error.ts';
import { isJsonObject, tryParseJson } from '../util/json.ts';
import { callerOf } from './caller.ts';
import { RawPayloads } from './raw-payloads.ts';
import { type AuthMode, MAX_BODY_BYTES } from './options.ts';

export interface WebSocketOptions {
  readonly engine: Engine;
  readonly mode: AuthMode;
}

/** Idle connections are pinged this often: shorter than what proxies on the way put up with. */
const PING_INTERVAL_MS = 12_000;

/** Operations at the same time on one connection. */
const MAX_OPERATIONS_PER_CONNECTION = 100;

interface Operation {
  readonly payload: SubscribePayload | undefined;
  readonly controller: AbortController;
}

interface Connection {
  readonly request: IncomingMessage;
  readonly socket: WebSocket;
  /** Set when the connection has been acknowledged. */
  identity?: Identity;
  /** One for each operation that is under way, by its id. */
  readonly operations: Map<string, Operation>;
  readonly raw: RawPayloads;
}

export interface WebSockets {
  /** Takes over a connection that asks to be upgraded. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Says goodbye to everybody; clients reconnect elsewhere. */
  readonly close: () => Promise<void>;
  /** Cuts off whoever is still there. */
  readonly terminate: () => void;
}

/** The `graphql-transport-ws` protocol, on the same path as HTTP. */
export function createWebSockets(options: WebSocketOptions): WebSockets {
  const server = new WebSocketServer({ noServer: true, handleProtocols, maxPayload: MAX_BODY_BYTES });
  const protocol = makeServer<Record<string, unknown>, Connection>({
    onConnect: (context) => admit(options.mode, context),
    onSubscribe: (context, id, payload) => executionArgs(options.engine, context, id, payload),
    execute: runOperation,
    subscribe: runOperation,
    onNext: (context, _id, _payload, _args, result) => context.extra.raw.hold(result as Answer),
    onComplete: ({ extra: { operations } }, id, payload) => {
      // The client may have given the id to another operation meanwhile.
      if (operations.get(id)?.payload === payload) operations.delete(id);
    },
  });
  server.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    const connection: Connection = { request, socket, operations: new Map(), raw: new RawPayloads() };
    const closed = protocol.opened(transportOf(connection), connection);
    const stopPings = keepAlive(socket);
    socket.once('close', (code, reason) => {
      stopPings();
      for (const { controller } of connection.operations.values()) controller.abort();
      void closed(code, reason.toString());
    });
    // Without a listener a broken connection would be thrown; it closes by itself.
    socket.on('error', () => socket.terminate());
  });
  return {
    upgrade: (request, socket, head) =>
      server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client, request)),
    close: async () => {
      for (const client of server.clients) client.close(1001, 'the gateway is shutting down');
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
    terminate: () => {
      for (const client of server.clients) client.terminate();
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

/** What `runOperation` gets: graphql-ws hands it through, with the document to tell subscriptions from the rest. */
interface OperationArgs {
  readonly run: () => Promise<OperationAnswer>;
}

function executionArgs(
  engine: Engine,
  { extra }: Context<Record<string, unknown>, Connection>,
  id: string,
  payload: SubscribePayload,
): readonly GraphQLError[] {
  const { identity, operations } = extra;
  if (identity === undefined) throw new Error('an operation before the connection was acknowledged');
  if (operations.size >= MAX_OPERATIONS_PER_CONNECTION) {
    return [
      new GraphQLError(`at most ${MAX_OPERATIONS_PER_CONNECTION} operations at a time on one connection`, {
        extensions: { code: 'TOO_MANY_REQUESTS' },
      }),
    ];
  }
  const controller = new AbortController();
  operations.set(id, { controller, payload });
  const run = (): Promise<OperationAnswer> =>
    engine.execute({
      ...documentOf(payload),
      variables: payload.variables,
      operationName: payload.operationName,
      identity,
      signal: controller.signal,
    });
  // graphql-ws wants execution arguments; ours is one function. The engine parses, so the document is a stand-in.
  const args = { run, document: ANY_OPERATION, schema: undefined };
  return args as never;
}

/** graphql-ws hands on what else is in a payload, without a type. */
function documentOf(payload: SubscribePayload & DocumentRequest): DocumentRequest {
  const { query, documentId, extensions } = payload;
  return { query, documentId, extensions };
}

const ANY_OPERATION = parse('{ operation }', { noLocation: true });

function runOperation(args: unknown): Promise<never> {
  return (args as OperationArgs).run() as Promise<never>;
}

function transportOf({
  socket,
  raw,
  operations,
}: Connection): Parameters<ReturnType<typeof makeServer>['opened']>[0] {
  return {
    protocol: socket.protocol,
    send: (text) =>
      new Promise((resolve, reject) => {
        if (socket.readyState !== socket.OPEN) return resolve();
        socket.send(raw.release(text), (error) => (error ? reject(error) : resolve()));
      }),
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

/** @returns what stops it. A client that does not answer a ping until the next one is gone. */
function keepAlive(socket: WebSocket): () => void {
  let isAlive = true;
  socket.on('pong', () => (isAlive = true));
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING_INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}
