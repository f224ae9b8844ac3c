import type { Clock, Random } from '../api/clock.ts';
import type { LogSource } from '../streams/logs.ts';
import type { Cluster, HandleResource } from '../verbs/request.ts';
import { ServerAccess } from './access.ts';
import { generateCertificates, type Certificates } from './certificates.ts';
import type { ServerContext } from './context.ts';
import type { Documents } from './documents.ts';
import type { Interceptor } from './interceptor.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { listen, type Listener } from './listener.ts';
import type { Tokens } from './users.ts';

export interface ServeOptions {
  readonly cluster: Cluster;
  /** A function is given the server's own address, `127.0.0.1:PORT`, which discovery mentions. */
  readonly documents: Documents | ((serverAddress: string) => Documents);
  readonly logs: LogSource;
  readonly handle: HandleResource;
  /** Shared with the access reviews in `handle`. Default: one of the server's own. */
  readonly access?: ServerAccess;
  /** Default: a free one. */
  readonly port?: number;
  readonly clock: Clock;
  readonly random: Random;
  /** Default: none. */
  readonly interceptor?: Interceptor;
}

/** A text for each of the two people. */
export interface ForUsers {
  readonly admin: string;
  readonly viewer: string;
}

export interface ApiListener {
  /** `https://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  /** PEM text. */
  readonly ca: string;
  /** Kubeconfig files with a client certificate inside. */
  readonly kubeconfigs: ForUsers;
  /** The same with a bearer token in place of the certificate. */
  readonly tokenKubeconfigs: ForUsers;
  readonly tokens: Tokens;
  /** Stops listening and breaks off all connections. */
  close(): Promise<void>;
  /**
   * Closes and listens again on the same port, with the same certificates and tokens: the objects stay.
   *
   * @param pauseMs how long nobody listens in between. Default: 0.
   */
  restart(options?: { readonly pauseMs?: number }): Promise<void>;
  /** As `restart`, with new certificates and tokens: the old ones are refused, and the kubeconfigs are new. */
  rotate(): Promise<void>;
}

/** Serves a cluster over HTTPS on 127.0.0.1, to whoever has one of its kubeconfigs. */
export async function serveApi(options: ServeOptions): Promise<ApiListener> {
  const { clock, cluster, documents, handle, interceptor, logs } = options;
  const access =
    options.access ?? new ServerAccess({ store: cluster.store, registry: cluster.registry, clock });
  const random = options.random.fork('http');
  let certificates = await generateCertificates();
  let listener: Listener | undefined;
  const start = async (port: number): Promise<Listener> => {
    let made: Documents | undefined;
    const context: ServerContext = {
      cluster,
      logs,
      handle,
      access,
      clock,
      random,
      interceptor,
      // Not made before the port is known, nor before somebody asks.
      get documents() {
        return (made ??=
          typeof documents === 'function' ? documents(`127.0.0.1:${listener?.port}`) : documents);
      },
    };
    listener = await listen({ context, certificates, port });
    return listener;
  };
  const { port } = await start(options.port ?? 0);
  const url = `https://127.0.0.1:${port}`;
  const restart = async (pauseMs: number): Promise<void> => {
    await listener?.close();
    if (pauseMs > 0) await new Promise<void>((resolve) => clock.after(pauseMs, resolve));
    await start(port);
  };
  return {
    url,
    port,
    get ca() {
      return certificates.ca.cert;
    },
    get kubeconfigs() {
      return kubeconfigs(url, certificates);
    },
    get tokenKubeconfigs() {
      return kubeconfigs(url, certificates, access.users.tokens);
    },
    get tokens() {
      return access.users.tokens;
    },
    close: async () => listener?.close(),
    restart: ({ pauseMs = 0 } = {}) => restart(pauseMs),
    rotate: async () => {
      certificates = await generateCertificates();
      access.users.renewTokens();
      await restart(0);
    },
  };
}

function kubeconfigs(url: string, certificates: Certificates, tokens?: Tokens): ForUsers {
  const text = (user: 'admin' | 'viewer'): string =>
    kubeconfigText({
      url,
      ca: certificates.ca.cert,
      user,
      certificate: certificates[user],
      ...(tokens === undefined ? {} : { token: tokens[user] }),
    });
  return { admin: text('admin'), viewer: text('viewer') };
}
