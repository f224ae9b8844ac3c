import type { Socket } from 'node:net';
import { KUBECONFIG_IDENTITY } from '../cluster/identity.ts';
import { Destination } from '../ports/destination.ts';
import { parseForwardTarget, TARGET_KINDS } from '../ports/forward-target.ts';
import { listenLocally, type LocalPort } from '../ports/local-port.ts';
import { parsePortPair, type PortPair } from '../ports/port-pair.ts';
import { jsonLines, type Log } from '../util/log.ts';
import { connectCluster } from './cluster-connection.ts';
import { CLUSTER_FLAGS, PLUGIN_FLAGS, readClusterFlags } from './cluster-flags.ts';
import { namingServer } from './cluster-target.ts';
import { type Command, CommandFailure, type Flags, textOf, UsageError } from './command.ts';
import { untilSignal } from './gateway-process.ts';

export const portForward: Command = {
  name: 'port-forward',
  summary: 'Forwards ports of this machine to a pod, or to one that is ready of a service or workload.',
  words: '[KIND/]NAME [LOCAL:]REMOTE...',
  flags: {
    ...CLUSTER_FLAGS,
    namespace: {
      type: 'string',
      short: 'n',
      value: 'NAME',
      description: "Default: the context's.",
    },
    ...PLUGIN_FLAGS,
  },
  run,
};

async function run(flags: Flags, [named = '', ...ports]: readonly string[]): Promise<number> {
  const target = parseForwardTarget(named);
  if (target === undefined) {
    throw new UsageError(
      `say what to forward to: a pod's NAME, or KIND/NAME with one of ${TARGET_KINDS.join(', ')}, not ${JSON.stringify(named)}`,
    );
  }
  const pairs = ports.map(readPair);
  if (pairs.length === 0) throw new UsageError('say which ports: [LOCAL:]REMOTE, such as 8080:80');
  const log = jsonLines((line) => process.stderr.write(line));
  const cluster = connectCluster(
    {
      ...readClusterFlags(flags),
      mode: 'kubeconfig',
      readOnly: false,
      useCache: false,
    },
    log,
  );
  const { upstream } = cluster;
  const namespace = textOf(flags, 'namespace') ?? cluster.target.namespace;
  const remotes = pairs.map(({ remote }) => remote);
  const destination = new Destination({
    upstream,
    identity: KUBECONFIG_IDENTITY,
    namespace,
    target,
    remotes,
  });
  try {
    // Before anything listens: whoever connects then finds somebody there.
    await destination.find().catch((error: unknown) => {
      throw namingServer(error, cluster.target);
    });
    await forwardAll(pairs, destination, log);
  } finally {
    await upstream.close();
  }
  return 0;
}

function readPair(text: string): PortPair {
  const pair = parsePortPair(text);
  if (pair !== undefined) return pair;
  throw new UsageError(
    `a port is [LOCAL:]REMOTE, such as 8080:80, 80, :80 or 8443:https, not ${JSON.stringify(text)}`,
  );
}

async function forwardAll(pairs: readonly PortPair[], destination: Destination, log: Log): Promise<void> {
  const open: LocalPort[] = [];
  const signalled = untilSignal();
  try {
    for (const [index, { local }] of pairs.entries()) {
      const forward = (connection: Socket): void =>
        void destination.forward(connection, index).catch((error: unknown) => {
          log.warn('a connection was not forwarded', {
            remote: pairs[index]?.remote,
            reason: reasonOf(error),
          });
        });
      open.push(
        await listenLocally(local, forward).catch((error: unknown) => Promise.reject(taken(error, local))),
      );
    }
    const { ports } = await destination.find();
    const lines = open.flatMap(({ addresses }, index) =>
      addresses.map((address) => `Forwarding from ${address} -> ${ports[index]}\n`),
    );
    process.stdout.write(lines.join(''));
    await signalled;
  } finally {
    await Promise.all(open.map((port) => port.close()));
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function taken(error: unknown, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return new CommandFailure(`port ${port} is taken: choose another one, or 0 for any`);
  if (code === 'EACCES')
    return new UsageError(`port ${port} may not be used by this user: choose one above 1023`);
  return error;
}
