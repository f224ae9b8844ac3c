import { homedir } from 'node:os';
import { defaultCacheDirectory, diskCache, noCache } from '../catalog/document-cache.ts';
import { KUBECONFIG_IDENTITY } from '../cluster/identity.ts';
import { loadKubeconfig } from '../cluster/kubeconfig/load.ts';
import type { ClusterTarget } from '../cluster/kubeconfig/target.ts';
import { createUpstream } from '../cluster/transport/create.ts';
import { createGateway, type Gateway } from '../server/gateway.ts';
import { graphiql } from '../server/graphiql.ts';
import { listen, type Listener } from '../server/listener.ts';
import type { AuthMode } from '../server/options.ts';
import type { Log } from '../util/log.ts';
import { UsageError } from './command.ts';

/** How a gateway is to be run as a process of its own. */
export interface ServeOptions {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly mode: AuthMode;
  readonly readOnly: boolean;
  readonly execPolicy: 'allow' | 'deny';
  readonly useCache: boolean;
}

/** A gateway that listens, and what it listens for. */
export interface RunningGateway {
  readonly target: ClusterTarget;
  readonly listener: Listener;
}

/**
 * Starts a gateway. Rejects with a UsageError or KubegraphError, whose message is one line that says what to do, when the
 * kubeconfig, the cluster or the port is not to be had.
 */
export async function startGateway(options: ServeOptions, log: Log): Promise<RunningGateway> {
  const target = loadKubeconfig({
    env: process.env,
    homeDir: homedir(),
    ...(options.kubeconfig === undefined ? {} : { path: options.kubeconfig }),
    ...(options.context === undefined ? {} : { context: options.context }),
  });
  if (target.tls.insecureSkipVerify) {
    log.warn(
      "the kubeconfig skips verification of the API server's certificate: whoever is on the way can read and change everything",
    );
  }
  const gateway = gatewayFor(target, options, log);
  try {
    // Looking before listening: a cluster that cannot be reached is said at once, and the first request finds it known.
    if (options.mode === 'kubeconfig') await gateway.catalogs.get(KUBECONFIG_IDENTITY);
    return { target, listener: await startListening(gateway, options) };
  } catch (error) {
    await gateway.close();
    throw error;
  }
}

function gatewayFor(target: ClusterTarget, options: ServeOptions, log: Log): Gateway {
  const { mode, readOnly, execPolicy } = options;
  const upstream = createUpstream({
    target,
    mode,
    readOnly,
    execPolicy,
    onWarning: (message) => log.warn(message),
  });
  const cacheDirectory = options.useCache ? defaultCacheDirectory(process.env, homedir()) : undefined;
  const server = target.server.origin + target.server.pathPrefix;
  const cache = cacheDirectory === undefined ? noCache : diskCache(cacheDirectory, server);
  return createGateway({ upstream, cache, mode, log, graphiql });
}

async function startListening(gateway: Gateway, { host, port }: ServeOptions): Promise<Listener> {
  try {
    return await listen(gateway, { host, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE')
      throw new UsageError(`port ${port} on ${host} is taken: choose another with --port`);
    if (code === 'EACCES')
      throw new UsageError(`port ${port} may not be used by this user: choose one above 1023`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new UsageError(`--host ${host} is no address of this machine`);
    throw error;
  }
}

/** Resolves when the process is told to end. To be called before anybody can know that it runs. */
export function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
