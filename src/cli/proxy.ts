import { statSync } from 'node:fs';
import type { Tunnel } from '../cluster/raw.ts';
import { isLoopbackHost } from '../server/guard.ts';
import type { Filter, FilterOptions } from '../server/proxy/filter.ts';
import type { ProxyServerOptions } from '../server/proxy/proxy-server.ts';
import { jsonLines, type Log } from '../util/log.ts';
import { connectCluster } from './cluster-connection.ts';
import { CLUSTER_FLAGS, PLUGIN_FLAGS, readClusterFlags } from './cluster-flags.ts';
import { type Command, type Flags, textOf, UsageError } from './command.ts';
import { untilSignal } from './gateway-process.ts';
import { listenAt, type ListeningPlace } from './proxy-listening.ts';
import { readPort } from './serve.ts';

export const proxy: Command = {
  name: 'proxy',
  summary: "Serves the API server's own REST API on this machine, as kubectl proxy does.",
  flags: {
    ...CLUSTER_FLAGS,
    port: { type: 'string', short: 'p', value: 'PORT', description: 'Default: 8001. 0 takes a free one.' },
    address: { type: 'string', value: 'ADDRESS', description: 'Where to listen. Default: 127.0.0.1.' },
    'unix-socket': {
      type: 'string',
      short: 'u',
      value: 'FILE',
      description: 'Listen on a socket in the file system instead, for this user alone.',
    },
    'accept-paths': {
      type: 'string',
      value: 'REGEXPS',
      description: 'The paths that may be asked for: regular expressions with commas between. Default: all.',
    },
    'reject-paths': {
      type: 'string',
      value: 'REGEXPS',
      description:
        'The paths that may not, whatever --accept-paths says. Default: exec, attach, port-forward and proxy.',
    },
    'accept-hosts': {
      type: 'string',
      value: 'REGEXPS',
      description: 'The hosts by which the proxy may be called. Default: localhost, 127.0.0.1 and [::1].',
    },
    'reject-methods': {
      type: 'string',
      value: 'REGEXPS',
      description: 'The HTTP methods that may not be used, for example POST,PUT,PATCH,DELETE. Default: none.',
    },
    'disable-filter': {
      type: 'boolean',
      description: 'Let everything pass, requests that pages of other sites make included.',
    },
    'api-prefix': { type: 'string', value: 'PREFIX', description: 'Where the API is. Default: /.' },
    www: { type: 'string', short: 'w', value: 'DIR', description: 'Also serve the files below this folder.' },
    'www-prefix': {
      type: 'string',
      short: 'P',
      value: 'PREFIX',
      description: 'Where the files are. Default: /static/.',
    },
    ...PLUGIN_FLAGS,
  },
  run,
};

async function run(flags: Flags): Promise<number> {
  const log = jsonLines((line) => process.stderr.write(line));
  const place = readPlace(flags);
  const options = { ...readPrefixes(flags), ...(await readFilter(flags)) };
  warn(log, place, options.filter);
  const { createProxyServer } = await import('../server/proxy/proxy-server.ts');
  const { upstream } = connectCluster(
    {
      ...readClusterFlags(flags),
      mode: 'kubeconfig',
      readOnly: false,
      useCache: false,
    },
    log,
  );
  const { server, close } = createProxyServer({ ...options, upstream, log });
  try {
    const where = await listenAt(server, place);
    // Whoever has read the greeting may end the process at once.
    const signalled = untilSignal();
    process.stdout.write(`Starting to serve on ${where}\n`);
    await signalled;
    await close();
  } finally {
    await upstream.close();
  }
  return 0;
}

function readPlace(flags: Flags): ListeningPlace {
  const [socket, port, host] = ['unix-socket', 'port', 'address'].map((name) => textOf(flags, name));
  if (socket === undefined) return { host: host ?? '127.0.0.1', port: readPort('--port', port ?? '8001') };
  if (port === undefined && host === undefined) return { socket };
  throw new UsageError('--unix-socket takes the place of --port and --address: give the one or the others');
}

async function readFilter(flags: Flags): Promise<Pick<ProxyServerOptions, 'filter' | 'tunnels'>> {
  if (flags['disable-filter'] === true) return { filter: undefined, tunnels: ALL_TUNNELS };
  const { createFilter, DEFAULT_FILTER } = await import('../server/proxy/filter.ts');
  const own = Object.entries(FILTER_FLAGS).map(([flag, option]) => {
    const value = textOf(flags, flag) ?? DEFAULT_FILTER[option];
    checkPatterns(flag, () => createFilter({ ...DEFAULT_FILTER, [option]: value }));
    return [option, value] as const;
  });
  const filter = createFilter({ ...DEFAULT_FILTER, ...Object.fromEntries(own) });
  // Whoever says what is rejected has said what is not.
  const tunnels = flags['reject-paths'] === undefined ? NO_TUNNELS : ALL_TUNNELS;
  return { filter, tunnels };
}

const FILTER_FLAGS: Readonly<Record<string, keyof FilterOptions>> = {
  'accept-paths': 'acceptPaths',
  'reject-paths': 'rejectPaths',
  'accept-hosts': 'acceptHosts',
  'reject-methods': 'rejectMethods',
};

const NO_TUNNELS: ReadonlySet<Tunnel> = new Set();
const ALL_TUNNELS: ReadonlySet<Tunnel> = new Set(['attach', 'exec', 'portforward', 'proxy']);

function checkPatterns(flag: string, read: () => Filter): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'BadPattern') throw error;
    throw new UsageError(`--${flag}: ${error.message}`);
  }
}

function readPrefixes(flags: Flags): Pick<ProxyServerOptions, 'apiPrefix' | 'files'> {
  const apiPrefix = readPrefix(flags, 'api-prefix', '/');
  const prefix = readPrefix(flags, 'www-prefix', '/static/');
  const directory = textOf(flags, 'www');
  if (directory === undefined) return { apiPrefix, files: undefined };
  if (prefix === apiPrefix)
    throw new UsageError('--api-prefix and --www-prefix are the same: give each its own');
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() === true) {
    return { apiPrefix, files: { directory, prefix } };
  }
  throw new UsageError(`--www ${directory} is no folder`);
}

function readPrefix(flags: Flags, name: string, otherwise: string): string {
  const value = textOf(flags, name) ?? otherwise;
  if (/^\/$|^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+\/?$/.test(value))
    return value.endsWith('/') ? value : `${value}/`;
  throw new UsageError(`--${name} is a path such as /k8s/, not ${JSON.stringify(value)}`);
}

function warn(log: Log, place: ListeningPlace, filter: Filter | undefined): void {
  if ('socket' in place) return;
  if (filter === undefined) {
    log.warn(
      'without the filter, pages of any site can act through the proxy with the rights of the kubeconfig',
    );
  }
  if (!isLoopbackHost(place.host)) {
    log.warn(`whoever reaches ${place.host} can act through the proxy with the rights of the kubeconfig`);
  }
}
