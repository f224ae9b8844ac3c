import { homedir } from 'node:os';
import { defaultCacheDirectory, diskCache, noCache } from '../catalog/document-cache.ts';
import { KUBECONFIG_IDENTITY } from '../cluster/identity.ts';
import { loadKubeconfig } from '../cluster/kubeconfig/load.ts';
import type { ClusterTarget } from '../cluster/kubeconfig/target.ts';
import { createUpstream } from '../cluster/transport/create.ts';
import { createGateway, type Gateway } from '../server/gateway.ts';
import { graphiql } from '../server/graphiql.ts';
import { isLoopbackHost } from '../server/guard.ts';
import { listen, type Listener } from '../server/listener.ts';
import { type AuthMode, GRAPHQL_PATH } from '../server/options.ts';
import { jsonLines } from '../util/log.ts';
import { type Command, type Flags, UsageError } from './command.ts';

export const serve: Command = {
  name: 'serve',
  summary: 'Serves GraphQL over everything that the cluster of a kubeconfig has.',
  flags: {
    kubeconfig: {
      type: 'string',
      value: 'FILE',
      description: 'Default: $KUBECONFIG, then ~/.kube/config, then the service account of the pod.',
    },
    context: { type: 'string', value: 'NAME', description: 'Default: the current context.' },
    host: { type: 'string', value: 'HOST', description: 'Where to listen. Default: 127.0.0.1.' },
    port: { type: 'string', value: 'PORT', description: 'Default: 4000. 0 takes a free one.' },
    auth: {
      type: 'string',
      value: 'MODE',
      description:
        "kubeconfig: everyone acts as the kubeconfig's user, on this machine only (default). passthrough: everyone acts with the bearer token they send.",
    },
    'read-only': { type: 'boolean', description: 'Refuse everything that would change the cluster.' },
    'no-exec': {
      type: 'boolean',
      description: 'Do not run the credential plugins that the kubeconfig names.',
    },
    'no-cache': { type: 'boolean', description: 'Keep nothing on disk.' },
  },
  run,
};

interface ServeOptions {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly mode: AuthMode;
  readonly readOnly: boolean;
  readonly execPolicy: 'allow' | 'deny';
  readonly useCache: boolean;
}

async function run(flags: Flags): Promise<number> {
  const options = readOptions(flags);
  const log = jsonLines((line) => process.stderr.write(line));
  const target = loadKubeconfig({
    env: process.env,
    homeDir: homedir(),
    ...(options.kubeconfig === undefined ? {} : { path: options.kubeconfig }),
    ...(options.context === undefined ? {} : { context: options.context }),
  });
  const upstream = createUpstream({
    target,
    mode: options.mode,
    readOnly: options.readOnly,
    execPolicy: options.execPolicy,
    onWarning: (message) => log.warn(message),
  });
  if (target.tls.insecureSkipVerify) {
    log.warn(
      "the kubeconfig skips verification of the API server's certificate: whoever is on the way can read and change everything",
    );
  }
  const cacheDirectory = options.useCache ? defaultCacheDirectory(process.env, homedir()) : undefined;
  const server = target.server.origin + target.server.pathPrefix;
  const cache = cacheDirectory === undefined ? noCache : diskCache(cacheDirectory, server);
  const gateway = createGateway({ upstream, cache, mode: options.mode, log, graphiql });
  try {
    // Looking before listening: a cluster that cannot be reached is said at once, and the first request finds it known.
    if (options.mode === 'kubeconfig') await gateway.catalogs.get(KUBECONFIG_IDENTITY);
    const listener = await startListening(gateway, options);
    // Whoever has read the greeting may end the process at once.
    const signalled = untilSignal();
    process.stdout.write(greeting(target, listener, options));
    await signalled;
    await listener.close();
    return 0;
  } catch (error) {
    await gateway.close();
    throw error;
  }
}

function readOptions(flags: Flags): ServeOptions {
  const text = (name: string): string | undefined =>
    typeof flags[name] === 'string' ? flags[name] : undefined;
  const mode = text('auth') ?? 'kubeconfig';
  if (mode !== 'kubeconfig' && mode !== 'passthrough') {
    throw new UsageError(`--auth is kubeconfig or passthrough, not ${JSON.stringify(mode)}`);
  }
  const host = text('host') ?? '127.0.0.1';
  if (mode === 'kubeconfig' && !isLoopbackHost(host)) {
    throw new UsageError(
      `--host ${host} would lend the kubeconfig's rights to the network: use --auth passthrough, or listen on 127.0.0.1`,
    );
  }
  return {
    kubeconfig: text('kubeconfig'),
    context: text('context'),
    host,
    port: readPort(text('port') ?? '4000'),
    mode,
    readOnly: flags['read-only'] === true,
    execPolicy: flags['no-exec'] === true ? 'deny' : 'allow',
    useCache: flags['no-cache'] !== true,
  };
}

function readPort(value: string): number {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (port <= 65_535) return port;
  throw new UsageError(`--port is a number from 0 to 65535, not ${JSON.stringify(value)}`);
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

function greeting(target: ClusterTarget, listener: Listener, options: ServeOptions): string {
  const who =
    options.mode === 'kubeconfig' ? `context ${target.contextName ?? 'in-cluster'}` : "callers' own tokens";
  const what = options.readOnly ? ', read-only' : '';
  return `kubegraph: ${listener.url}${GRAPHQL_PATH} → ${target.server.host} (${who}${what})\n`;
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
