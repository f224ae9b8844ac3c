import path from 'node:path';
import { GRAPHQL_PATH } from '../server/options.ts';
import { jsonLines } from '../util/log.ts';
import { type Command, type Flags, UsageError } from './command.ts';
import { type DemoClusterOptions, withDemoCluster } from './demo-cluster.ts';
import { DOCUMENT_FLAGS, readDocumentFlags } from './document-flags.ts';
import { startGateway, untilSignal } from './gateway-process.ts';
import { readConfigFlag, readSchemaFlags, SCHEMA_FLAGS } from './schema-flags.ts';
import { readPort } from './serve.ts';

export const demo: Command = {
  name: 'demo',
  summary: 'Starts a cluster that lives in memory, and the gateway on it: nothing else is needed.',
  flags: {
    port: {
      type: 'string',
      value: 'PORT',
      description: 'Where the gateway listens. Default: 4000. 0 takes a free one.',
    },
    'cluster-port': {
      type: 'string',
      value: 'PORT',
      description: 'Where the API server listens. Default: a free one.',
    },
    'cluster-only': { type: 'boolean', description: 'Only the API server, without the gateway.' },
    seed: {
      type: 'string',
      value: 'NUMBER',
      description: 'Same number, same cluster and course of events. Default: 1.',
    },
    quiet: { type: 'boolean', description: 'Nothing changes by itself.' },
    directory: {
      type: 'string',
      value: 'DIR',
      description: 'Where the kubeconfigs are written. Default: a temporary folder, removed at the end.',
    },
    ...DOCUMENT_FLAGS,
    ...SCHEMA_FLAGS,
  },
  run,
};

async function run(flags: Flags): Promise<number> {
  const log = jsonLines((line) => process.stderr.write(line));
  const port = readPort('--port', typeof flags['port'] === 'string' ? flags['port'] : '4000');
  const config = readConfigFlag(flags);
  const gateway = { schema: readSchemaFlags(flags, config), documents: readDocumentFlags(flags, config) };
  const options = readClusterOptions(flags);
  const stopped = untilSignal();
  await withDemoCluster(options, log, async (cluster, kubeconfig) => {
    if (flags['cluster-only'] === true) {
      process.stdout.write(`kubegraph demo: an API server at ${cluster.api.url}\n${kubectlHint(kubeconfig)}`);
      await stopped;
      return;
    }
    const { listener } = await startGateway({ ...GATEWAY, ...gateway, kubeconfig, port }, log);
    const url = `${listener.url}${GRAPHQL_PATH}`;
    process.stdout.write(
      gateway.documents?.only === true ? onlyTrusted(url, kubeconfig) : greeting(url, kubeconfig),
    );
    await stopped;
    await listener.close();
  });
  return 0;
}

/** The gateway meets the demo cluster as it would any other: through its kubeconfig. */
const GATEWAY = {
  context: undefined,
  host: '127.0.0.1',
  mode: 'kubeconfig',
  readOnly: false,
  execPolicy: 'deny',
  useCache: false,
} as const;

function readClusterOptions(flags: Flags): DemoClusterOptions {
  const { 'cluster-port': port, directory } = flags;
  return {
    quiet: flags['quiet'] === true,
    seed: readSeed(flags['seed']),
    ...(typeof port === 'string' ? { port: readPort('--cluster-port', port) } : {}),
    ...(typeof directory === 'string' ? { directory: path.resolve(directory) } : {}),
  };
}

function readSeed(value: Flags[string]): number {
  const seed = typeof value === 'string' ? Number(value) : 1;
  if (Number.isSafeInteger(seed)) return seed;
  throw new UsageError(`--seed is a whole number, not ${JSON.stringify(value)}`);
}

function greeting(url: string, kubeconfig: string): string {
  const watch =
    'subscription { pods(namespace: "shop") { type object { metadata { name } status { phase } } } }';
  return [
    `kubegraph demo: ${url}  (open it in a browser)`,
    '',
    'Three things to try there:',
    '  { pods(namespace: "shop") { items { metadata { name } status { phase } } } }',
    '  mutation { scaleDeployment(namespace: "shop", name: "web", replicas: 5) { spec { replicas } } }',
    `  ${watch}`,
    '',
    kubectlHint(kubeconfig),
  ].join('\n');
}

/** Nothing that could be tried there is among the documents. */
function onlyTrusted(url: string, kubeconfig: string): string {
  return `kubegraph demo: ${url}  (trusted documents only)\n${kubectlHint(kubeconfig)}`;
}

function kubectlHint(kubeconfig: string): string {
  return `The cluster's kubeconfig: ${kubeconfig}\n`;
}
