import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inject } from 'vitest';
import { layoutOf } from '../../cluster/layout.ts';
import { atEnd } from './at-end.ts';
import { type KubectlProcesses, kubectlProcesses } from './kubectl-processes.ts';
import { startKubegraphProxy } from './local-servers.ts';

/** kubectl whose server is a `kubegraph proxy`, and which has no credentials of its own. */
export interface ProxiedKubectl extends KubectlProcesses {
  /** Of the proxy. */
  readonly url: string;
  /** The same, in the protocol that kubectl spoke before WebSocket. */
  readonly bySpdy: KubectlProcesses;
}

const NO_WEBSOCKETS = {
  KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false',
  KUBECTL_PORT_FORWARD_WEBSOCKETS: 'false',
};

/** kubectl as admin, without anything between. */
export async function directKubectl(): Promise<KubectlProcesses> {
  const directory = await temporaryDirectory();
  return kubectlProcesses(layoutOf(inject('clusterDir')).kubeconfig, path.join(directory, 'cache'));
}

/** Starts a proxy as admin, and points kubectl at it. Both end after the file's last test. */
export async function proxiedKubectl(...flags: readonly string[]): Promise<ProxiedKubectl> {
  const proxy = await startKubegraphProxy(layoutOf(inject('clusterDir')).kubeconfig, ...flags);
  atEnd(() => proxy.close());
  const directory = await temporaryDirectory();
  const kubeconfig = path.join(directory, 'config');
  await writeFile(kubeconfig, kubeconfigFor(proxy.url));
  const cache = path.join(directory, 'cache');
  return {
    url: proxy.url,
    ...kubectlProcesses(kubeconfig, cache),
    bySpdy: kubectlProcesses(kubeconfig, cache, NO_WEBSOCKETS),
  };
}

/** JSON is YAML. */
function kubeconfigFor(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'proxy',
    clusters: [{ name: 'proxy', cluster: { server } }],
    contexts: [{ name: 'proxy', context: { cluster: 'proxy', user: '' } }],
  });
}

/** A folder that goes after the file's last test. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'kubegraph-proxied-'));
  atEnd(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
