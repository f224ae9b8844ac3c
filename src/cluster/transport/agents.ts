import { buildConnector, type Dispatcher, Pool, ProxyAgent } from 'undici';
import type { ClusterTarget } from '../kubeconfig/target.ts';
import { CONNECTIONS } from '../timeouts.ts';
import { http2Only, TCP_OPTIONS, type TlsOptions } from './connector.ts';

/**
 * The connections of one kind of identity, with one set of certificates.
 *
 *   unary         HTTP/1.1 keep-alive
 *   http1Stream   HTTP/1.1 without a bound: every stream has a connection to itself
 *   http2Stream   many streams on one connection, where the server can
 */
export interface Agents {
  readonly unary: Dispatcher;
  readonly http1Stream: Dispatcher;
  /** Undefined where HTTP/2 is out of the question. */
  http2Stream(): Dispatcher | undefined;
  /** To be called once the server has turned out not to speak HTTP/2. */
  forgetHttp2(): void;
  /** Lets calls that are under way end, and closes then. */
  retire(): void;
  destroy(): Promise<void>;
}

/** What an agent sets on the way, so that a call knows how far it got. */
export interface Progress {
  /** Whether writing the request to a connection has begun. */
  isSent: boolean;
}

/** @param tls undefined for a plain-http server. */
export function createAgents(target: ClusterTarget, tls: TlsOptions | undefined): Agents {
  const proxy = target.proxyUrl?.reveal();
  const make = (options: AgentOptions): Dispatcher => createAgent(target.server.origin, proxy, tls, options);
  const unary = make({ http2: false, connections: CONNECTIONS.maxUnary });
  const http1Stream = make({ http2: false });
  // undici's SOCKS tunnel offers no HTTP/2.
  const http2Stream =
    tls === undefined || proxy?.startsWith('socks') === true ? undefined : make({ http2: true });
  const all = [unary, http1Stream, http2Stream].filter((agent) => agent !== undefined);
  let http2 = http2Stream === undefined ? undefined : reportingProgress(http2Stream);
  return {
    unary: reportingProgress(unary),
    http1Stream: reportingProgress(http1Stream),
    http2Stream: () => http2,
    forgetHttp2: () => {
      http2 = undefined;
    },
    retire: () => void Promise.allSettled(all.map((agent) => agent.close())),
    destroy: async () => void (await Promise.allSettled(all.map((agent) => agent.destroy()))),
  };
}

interface AgentOptions {
  readonly http2: boolean;
  /** The most connections. Default: no bound. */
  readonly connections?: number;
}

function createAgent(
  origin: string,
  proxy: string | undefined,
  tls: TlsOptions | undefined,
  { http2, connections }: AgentOptions,
): Dispatcher {
  const shared: Pool.Options = {
    // Deadlines are ours: undici's would also end quiet watches.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: CONNECTIONS.idleMs,
    keepAliveMaxTimeout: CONNECTIONS.idleMs,
    ...(connections === undefined ? {} : { connections }),
    // Without `pipelining`, undici 7 opens a connection for each HTTP/2 stream; with `connections: 1` it stops dead.
    ...(http2 ? { allowH2: true, pipelining: CONNECTIONS.maxStreams, pingInterval: CONNECTIONS.pingMs } : {}),
  };
  const connecting = { ...(tls ?? TCP_OPTIONS), allowH2: http2 };
  if (proxy !== undefined) return createProxyAgent(proxy, shared, connecting, http2);
  const connect = buildConnector(connecting);
  return new Pool(origin, { ...shared, connect: http2 ? http2Only(connect) : connect });
}

function createProxyAgent(
  proxy: string,
  shared: Pool.Options,
  requestTls: buildConnector.BuildOptions,
  http2: boolean,
): Dispatcher {
  return new ProxyAgent({
    ...shared,
    uri: proxy,
    requestTls,
    proxyTls: { ...TCP_OPTIONS },
    factory: (origin, options) => {
      // The options are the agent's own, with `connect` the way through the tunnel.
      const { connect, ...rest } = options as Pool.Options & { connect: buildConnector.connector };
      const safe = withoutReconnect(connect);
      return new Pool(origin, { ...rest, connect: http2 ? http2Only(safe) : safe });
    },
  });
}

/** undici takes a socket error while connecting for passing and connects again for ever. A proxy that hangs up gives one. */
function withoutReconnect(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    connect(options, (error, socket) => {
      if (error === null) callback(null, socket);
      else callback(new Error('no connection through the proxy', { cause: error }), null);
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
