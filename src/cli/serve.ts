import { isLoopbackHost } from '../server/guard.ts';
import { GRAPHQL_PATH } from '../server/options.ts';
import { jsonLines } from '../util/log.ts';
import { CLUSTER_FLAGS, PLUGIN_FLAGS, readClusterFlags } from './cluster-flags.ts';
import { type Command, type Flags, textOf, UsageError } from './command.ts';
import { DOCUMENT_FLAGS, readDocumentFlags } from './document-flags.ts';
import { readConfigFlag, readSchemaFlags, SCHEMA_FLAGS } from './schema-flags.ts';
import { readSubscriptionFlags, SUBSCRIPTION_FLAGS } from './subscription-flags.ts';
import { type RunningGateway, type ServeOptions, startGateway, untilSignal } from './gateway-process.ts';

export const serve: Command = {
  name: 'serve',
  summary: 'Serves GraphQL over everything that the cluster of a kubeconfig has.',
  flags: {
    ...CLUSTER_FLAGS,
    host: { type: 'string', value: 'HOST', description: 'Where to listen. Default: 127.0.0.1.' },
    port: { type: 'string', value: 'PORT', description: 'Default: 4000. 0 takes a free one.' },
    auth: {
      type: 'string',
      value: 'MODE',
      description:
        "kubeconfig: everyone acts as the kubeconfig's user, on this machine only (default). passthrough: everyone acts with the bearer token they send.",
    },
    'read-only': { type: 'boolean', description: 'Refuse everything that would change the cluster.' },
    'enable-exec': {
      type: 'boolean',
      description: 'Let clients run commands in pods, as far as they are allowed to.',
    },
    'enable-service-proxy': {
      type: 'boolean',
      description: "Let clients ask the cluster's services, at /services/, as far as they are allowed to.",
    },
    raw: {
      type: 'boolean',
      description:
        "Also serve the API server's own REST API, at /k8s/, but for the ways into pods, nodes and services.",
    },
    ...SUBSCRIPTION_FLAGS,
    ...PLUGIN_FLAGS,
    'no-cache': { type: 'boolean', description: 'Keep nothing on disk.' },
    ...DOCUMENT_FLAGS,
    ...SCHEMA_FLAGS,
  },
  run,
};

async function run(flags: Flags): Promise<number> {
  const options = readOptions(flags);
  const running = await startGateway(
    options,
    jsonLines((line) => process.stderr.write(line)),
  );
  // Whoever has read the greeting may end the process at once.
  const signalled = untilSignal();
  process.stdout.write(greeting(running, options));
  try {
    await Promise.race([signalled, running.failure]);
  } finally {
    await running.listener.close();
  }
  return 0;
}

/** Flags that lead out of the API, and what is there. */
const WAYS_OUT = [
  ['enable-exec', 'commands in pods'],
  ['enable-service-proxy', 'services'],
] as const;

function readOptions(flags: Flags): ServeOptions {
  const mode = textOf(flags, 'auth') ?? 'kubeconfig';
  if (mode !== 'kubeconfig' && mode !== 'passthrough') {
    throw new UsageError(`--auth is kubeconfig or passthrough, not ${JSON.stringify(mode)}`);
  }
  const host = textOf(flags, 'host') ?? '127.0.0.1';
  if (mode === 'kubeconfig' && !isLoopbackHost(host)) {
    throw new UsageError(
      `--host ${host} would lend the kubeconfig's rights to the network: use --auth passthrough, or listen on 127.0.0.1`,
    );
  }
  const readOnly = flags['read-only'] === true;
  for (const [flag, what] of WAYS_OUT) {
    if (readOnly && flags[flag] === true)
      throw new UsageError(`--read-only and --${flag} exclude each other: ${what} may change anything`);
  }
  const config = readConfigFlag(flags);
  return {
    ...readClusterFlags(flags),
    host,
    port: readPort('--port', textOf(flags, 'port') ?? '4000'),
    mode,
    readOnly,
    enableExec: flags['enable-exec'] === true,
    enableServiceProxy: flags['enable-service-proxy'] === true,
    raw: flags['raw'] === true,
    subscriptionLimits: readSubscriptionFlags(flags),
    useCache: flags['no-cache'] !== true,
    schema: readSchemaFlags(flags, config),
    documents: readDocumentFlags(flags, config),
  };
}

/** @param flag as in `--port`. */
export function readPort(flag: string, value: string): number {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (port <= 65_535) return port;
  throw new UsageError(`${flag} is a number from 0 to 65535, not ${JSON.stringify(value)}`);
}

function greeting({ target, listener }: RunningGateway, options: ServeOptions): string {
  const who =
    options.mode === 'kubeconfig' ? `context ${target.contextName ?? 'in-cluster'}` : "callers' own tokens";
  const what = options.readOnly ? ', read-only' : '';
  return `kubegraph: ${listener.url}${GRAPHQL_PATH} → ${target.server.host} (${who}${what})\n`;
}
