import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Cluster } from '../../cluster/cluster.ts';

export interface KubectlProxy {
  /** `http://127.0.0.1:PORT`: every path answers what `kubectl get --raw` prints. */
  readonly url: string;
  close(): Promise<void>;
}

/** `kubectl proxy` as admin: the suites compare some thousand answers, and a process for each would take minutes. */
export function startKubectlProxy(cluster: Pick<Cluster, 'dir'>): Promise<KubectlProxy> {
  return startProxy(join(cluster.dir, 'kubectl'), ['proxy', '--port=0']);
}

/** `kubegraph proxy` from the sources, as the user of a kubeconfig. */
export function startKubegraphProxy(kubeconfig: string, ...flags: readonly string[]): Promise<KubectlProxy> {
  const program = ['--import', 'tsx', fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url))];
  const args = ['proxy', '--port=0', '--kubeconfig', kubeconfig, ...flags];
  return startProxy(process.execPath, [...program, ...args]);
}

async function startProxy(command: string, args: readonly string[]): Promise<KubectlProxy> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = () => child.kill();
  process.once('exit', stop);
  const closed = once(child, 'close');
  for await (const line of createInterface(child.stdout)) {
    const address = /Starting to serve on (\S+)/.exec(line)?.[1];
    if (address === undefined) continue;
    return {
      url: `http://${address}`,
      close: async () => {
        process.off('exit', stop);
        stop();
        await closed;
      },
    };
  }
  throw new Error('the proxy ended before it served anything');
}
