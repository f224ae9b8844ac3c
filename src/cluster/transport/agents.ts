import { buildConnector, Client, type Dispatcher, Pool, ProxyAgent } from 'undici';
import type { ClusterTarget } from '../kubeconfig/target.ts';
import { CONNECTIONS } from '../timeouts.ts';
import { http2Only, TCP_OPTIONS, type TlsOptions } from './connector.ts';
import { Http2Connections } from './http2-connections.ts';

/**
 * The connections of one kind of identity, with one set of certificates.
 *
 *   unary         HTTP/1.1 keep-alive
 *   reads         the same connections, without a word on progress: that costs 15 µs of a small call's 150
 *   http1Stream   HTTP/1.1 without a bound: every stream, and every download, has a connection to itself
 *   http2Stream   many streams on one connection, where the server can
 */
export interface Agents {
  readonly unary: Requester;
  readonly reads: Requester;
  readonly http1Stream: Dispatching;
  /** Undefined where HTTP/2 is out of the question. */
  http2Stream(): Requester | undefined;
  /** To be called once the server has turned out not to speak HTTP/2. */
  forgetHttp2(): void;
  /** Lets calls that are under way end, and closes then. Never rejects. */
  retire(): Promise<void>;
  destroy(): Promise<void>;
}

interface Requester {
  request<T>(options: Dispatcher.RequestOptions<T>): Promise<Dispatcher.ResponseData<T>>;
}

/** One that can also be told what to do with whatever comes. */
interface Dispatching extends Requester {
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean;
}

/** What an agent sets on the way, so that a call knows how far it got. */
export interface Progress {
  /** Whether writing the request to a connection has begun. */
  isSent: boolean;
}

/** @param tls undefined for a plain-http server. */
export function createAgents(target: ClusterTarget, tls: TlsOptions | undefined): Agents {
  const { origin } = target.server;
  const proxy = target.proxyUrl?.reveal();
  const unary = createAgent(
    proxy,
    tls,
    (connect) => new Pool(origin, { ...SHARED, connect, connections: CONNECTIONS.maxUnary }),
  );
  const http1Stream = createAgent(proxy, tls, (connect) => new Pool(origin, { ...SHARED, connect }));
  const http2Stream = new Http2Connections(() =>
    reportingProgress(
      createAgent(
        proxy,
        tls,
        (connect) => new Client(origin, { ...SHARED, ...HTTP2, connect: http2Only(connect) }),
        true,
      ),
    ),
  );
  // undici's SOCKS tunnel offers no HTTP/2.
  let hasHttp2 = tls !== undefined && !(proxy !== undefined && isSocks(proxy));
  return {
    unary: reportingProgress(unary),
    reads: unary,
    http1Stream: reportingProgress(http1Stream),
    http2Stream: () => (hasHttp2 ? http2Stream : undefined),
    forgetHttp2: () => {
      hasHttp2 = false;
    },
    retire: async () => {
      await Promise.allSettled([unary.close(), http1Stream.close(), http2Stream.retire()]);
    },
    destroy: async () => {
      await Promise.allSettled([unary.destroy(), http1Stream.destroy(), http2Stream.destroy()]);
    },
  };
}

const SHARED = {
  // Deadlines are ours: undici's would also end quiet watches.
  headersTimeout: 0,
  bodyTimeout: 0,
  keepAliveTimeout: CONNECTIONS.idleMs,
  keepAliveMaxTimeout: CONNECTIONS.idleMs,
} as const;

/** Without `pipelining`, undici 7 sends one HTTP/2 stream after the other. */
const HTTP2 = {
  allowH2: true,
  pipelining: CONNECTIONS.maxStreams,
  pingInterval: CONNECTIONS.pingMs,
} as const;

/** @param make gets the way to a connection: direct, or through the proxy. */
function createAgent(
  proxy: string | undefined,
  tls: TlsOptions | undefined,
  make: (connect: buildConnector.connector) => Dispatcher,
  allowH2 = false,
): Dispatcher {
  const connecting = { ...(tls ?? TCP_OPTIONS), allowH2 };
  if (proxy === undefined) return make(buildConnector(connecting));
  return new ProxyAgent({
    ...SHARED,
    uri: proxy,
    requestTls: connecting,
    // With TLS options, undici speaks TLS to a SOCKS proxy too.
    ...(isSocks(proxy) ? {} : { proxyTls: { ...TCP_OPTIONS } }),
    // The options are the agent's own, with `connect` the way through the tunnel.
    factory: (_, options) =>
      make(withoutReconnect((options as { connect: buildConnector.connector }).connect)),
  });
}

function isSocks(proxy: string): boolean {
  return proxy.startsWith('socks');
}

/** undici takes a socket error while connecting for passing and connects again for ever. A proxy that hangs up gives one. */
function withoutReconnect(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    connect(options, (error, socket) => {
      if (error === null) callback(null, socket);
      else callback(new Error(error.message, { cause: error }), null);
    });
  };
}

/** Reports to the `Progress` that a request carries as its `opaque`. */
function reportingProgress(agent: Dispatcher): Dispatcher {
  return agent.compose((dispatch) => (options, handler) => {
    // `request()` hands all its options on to `dispatch()`, which its types do not say.
    const { opaque } = options as { opaque?: Progress };
    const start = handler.onRequestStart?.bind(handler);
    // undici calls it on a connection that stands, right before the first byte.
    handler.onRequestStart = (controller, context) => {
      if (opaque !== undefined) opaque.isSent = true;
      start?.(controller, context);
    };
    return dispatch(options, handler);
  });
}
