import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Cluster } from '../../cluster/cluster.ts';

/** A process that listens on this machine. */
export interface LocalServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  close(): Promise<void>;
}

const SERVES = /Starting to serve on (\S+)/;

/**
 * `kubectl proxy` as admin, where every path answers what `kubectl get --raw` prints: the suites compare some thousand answers, and
 * a process for each would take minutes.
 */
export function startKubectlProxy(cluster: Pick<Cluster, 'dir'>): Promise<LocalServer> {
  return start(join(cluster.dir, 'kubectl'), ['proxy', '--port=0'], SERVES);
}

/** `kubegraph proxy` from the sources, as the user of a kubeconfig. */
export function startKubegraphProxy(kubeconfig: string, ...flags: readonly string[]): Promise<LocalServer> {
  return startKubegraph(['proxy', '--port=0', '--kubeconfig', kubeconfig, ...flags], SERVES);
}

/** `kubegraph port-forward` from the sources, as the user of a kubeconfig, with one port. */
export function startKubegraphPortForward(
  kubeconfig: string,
  ...words: readonly string[]
): Promise<LocalServer> {
  const address = /^Forwarding from (127\.0\.0\.1:\d+) -> /;
  return startKubegraph(['port-forward', '--kubeconfig', kubeconfig, ...words], address);
}

function startKubegraph(args: readonly string[], address: RegExp): Promise<LocalServer> {
  const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));
  return start(process.execPath, ['--import', 'tsx', main, ...args], address);
}

/** @param address where it listens, in a line of its output. */
async function start(command: string, args: readonly string[], address: RegExp): Promise<LocalServer> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = () => child.kill();
  process.once('exit', stop);
  const closed = once(child, 'close');
  for await (const line of createInterface(child.stdout)) {
    const host = address.exec(line)?.[1];
    if (host === undefined) continue;
    return {
      url: `http://${host}`,
      close: async () => {
        process.off('exit', stop);
        stop();
        await closed;
      },
    };
  }
  throw new Error(`${command} ended before it served anything`);
}
