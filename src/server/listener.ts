import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describeError } from '../util/log.ts';
import { Lazy } from '../util/lazy.ts';
import { type Metric, METRICS_CONTENT_TYPE, renderMetrics } from '../util/metrics.ts';
import { Deliveries } from './deliveries.ts';
import { answerWithEditor } from './editor.ts';
import { Doors } from './doors.ts';
import type { Gateway } from './gateway.ts';
import { type Refusal, refuseBadHost, refuseForeign, refuseForms } from './guard.ts';
import { readiness } from './health.ts';
import type { KeptCompressed } from './kept-compressed.ts';
import { gatewayMetrics } from './metrics.ts';
import { GRAPHQL_PATH } from './options.ts';
import { executePlain } from './plain-execution.ts';
import { answerPlainly } from './plain-requests.ts';
import { limitBody } from './request-body.ts';
import { EventStreams } from './sse/event-streams.ts';
import { responseTo } from './upgraded.ts';
import { onUpgrade } from './upgrades.ts';
import type { WebSockets } from './websocket.ts';
import { KEEP_NOTHING } from './whole-answer.ts';

export interface Listener {
  /** For example `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Stops accepting, lets what is under way end, and closes the gateway. */
  readonly close: () => Promise<void>;
}

/** Whoever has not finished so long after the shutdown began is cut off, in milliseconds. */
const SHUTDOWN_GRACE_MS = 10_000;

interface ListenerState {
  readonly isShuttingDown: boolean;
  readonly doors: Doors;
  readonly eventStreams: EventStreams;
  readonly metrics: readonly Metric[];
}

/**
 * Slow senders of headers are cut off after so long, in milliseconds. Bodies have `limitBody`: those that are passed on may take as long
 * as they like.
 */
const REQUEST_TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 0,
  connectionsCheckingInterval: 2_000,
};

/** Streams are quiet for hours: the system asks, from time to time, whether the client is still there. In milliseconds. */
const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelay: 30_000 };

/**
 * A connection on which nothing has moved for so long is cut off, in milliseconds: a client that has stopped reading a long list
 * would keep one to the API server, too.
 */
const STALLED_MS = 120_000;

/** Serves HTTP, SSE, WebSocket, health and metrics on one port. Rejects when the port cannot be had. */
export async function listen(gateway: Gateway, at: { host: string; port: number }): Promise<Listener> {
  const { mode, log } = gateway.options;
  const doors = new Doors(gateway);
  const deliveries = new Deliveries();
  const webSockets = new Lazy(() => loadWebSockets(gateway, deliveries));
  const state = {
    isShuttingDown: false,
    doors,
    eventStreams: new EventStreams(deliveries),
    metrics: gatewayMetrics({ ...gateway, deliveries }),
  };
  const server = createServer({ ...REQUEST_TIMEOUTS, ...KEEP_ALIVE }, (request, response) => {
    handle(gateway, state, request, response).catch((error: unknown) => {
      log.error('a request failed inside the gateway', describeError(error));
      if (response.headersSent) response.destroy();
      else sendText(response, 500, 'internal error\n');
    });
  });
  server.setTimeout(STALLED_MS);
  const endUpgraded = onUpgrade(server, async (request, socket, head) => {
    const refusal = refuseBadHost(request) ?? (mode === 'kubeconfig' ? refuseForeign(request) : undefined);
    if (refusal !== undefined) return refuseUpgrade(request, 403);
    try {
      const door = state.isShuttingDown ? undefined : doors.find(request);
      if (door !== undefined) return await (await door).upgrade(request, socket, head);
      if (pathnameOf(request) !== GRAPHQL_PATH) return refuseUpgrade(request, 404);
      (await webSockets.get()).upgrade(request, socket, head);
    } catch (error) {
      log.error('a connection could not be upgraded', describeError(error));
      socket.destroy();
    }
  });
  await startListening(server, at);
  return {
    url: urlOf(server.address() as AddressInfo),
    close: async () => {
      state.isShuttingDown = true;
      // They may last for hours, and nobody can resume them.
      doors.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const cutOff = setTimeout(() => {
        server.closeAllConnections();
        endUpgraded();
      }, SHUTDOWN_GRACE_MS);
      (await webSockets.made)?.leave();
      // Subscriptions learn where to resume before their connections go.
      await gateway.drain();
      await (await webSockets.made)?.close();
      server.closeIdleConnections();
      await closed;
      clearTimeout(cutOff);
      await gateway.close();
    },
  };
}

/** The first answer needs none of it, and many clients never do. */
async function loadWebSockets(
  { engine, options: { mode } }: Gateway,
  deliveries: Deliveries,
): Promise<WebSockets> {
  const { createWebSockets } = await import('./websocket.ts');
  return createWebSockets({ engine, deliveries, mode });
}

/** Empty for a request line that holds no URL, such as `GET //`: whoever sends that must not bring the process down. */
function pathnameOf({ url = '/' }: IncomingMessage): string {
  if (url === GRAPHQL_PATH) return url;
  return URL.canParse(url, 'http://localhost') ? new URL(url, 'http://localhost').pathname : '';
}

async function handle(
  gateway: Gateway,
  state: ListenerState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { mode } = gateway.options;
  const path = pathnameOf(request);
  const liftLimit = limitBody(request);
  const badHost = refuseBadHost(request);
  if (badHost !== undefined) return sendRefusal(response, badHost);
  if (path === '/livez') return sendText(response, 200, 'ok\n');
  if (path === '/readyz') {
    const { status, body } = await readiness(gateway.catalogs, mode, state.isShuttingDown);
    return sendText(response, status, body);
  }
  if (path === '/metrics') {
    return sendText(response, 200, renderMetrics(state.metrics), METRICS_CONTENT_TYPE);
  }
  const foreign = mode === 'kubeconfig' ? refuseForeign(request) : undefined;
  const door = foreign === undefined ? state.doors.find(request) : undefined;
  if (door !== undefined) {
    liftLimit();
    return (await door).handle(request, response);
  }
  const refusal = foreign ?? refuseForms(request);
  if (refusal !== undefined) return sendRefusal(response, refusal);
  if (path === '/') {
    response.writeHead(302, { location: GRAPHQL_PATH });
    response.end();
    return;
  }
  if (path !== GRAPHQL_PATH) return sendText(response, 404, `not here: GraphQL is at ${GRAPHQL_PATH}\n`);
  const content = await askEditor(gateway, request);
  if (content !== undefined) return answerWithEditor(request, response, content);
  await answerPlainly(request, response, {
    execute: (params, takes, signal) => executePlain(gateway, request, params, takes, signal),
    eventStreams: state.eventStreams,
    otherwise: async () => (await gateway.yoga())(request, response),
  });
}

async function askEditor(
  { engine, options: { graphiql, mode } }: Gateway,
  request: IncomingMessage,
): Promise<KeptCompressed | undefined> {
  return graphiql === false || request.method !== 'GET' ? undefined : graphiql(request, { engine, mode });
}

function sendText(
  response: ServerResponse,
  status: number,
  body: string,
  contentType = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { 'content-type': contentType });
  response.end(body);
}

function refuseUpgrade(request: IncomingMessage, status: number): void {
  responseTo(request).writeHead(status).end();
}

function sendRefusal(response: ServerResponse, { status, message }: Refusal): void {
  const code = status === 403 ? 'FORBIDDEN' : 'BAD_REQUEST';
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': KEEP_NOTHING,
    connection: 'close',
  });
  response.end(JSON.stringify({ errors: [{ message, extensions: { code } }] }));
}

function startListening(server: Server, at: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
