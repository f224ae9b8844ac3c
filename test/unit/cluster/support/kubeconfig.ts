import { loadKubeconfig } from '../../../../src/cluster/kubeconfig/load.ts';
import type { ClusterTarget } from '../../../../src/cluster/kubeconfig/target.ts';
import { testDirectory } from './directory.ts';
import { tlsBase64 } from './tls.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface KubeconfigParts {
  readonly cluster?: Fields;
  readonly user?: Fields;
  readonly context?: Fields;
}

/** A kubeconfig of one context `main`. JSON is YAML. */
export function kubeconfigText({ cluster, user, context }: KubeconfigParts): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'main',
    clusters: [{ name: 'cluster', cluster: { server: 'https://127.0.0.1:6443', ...cluster } }],
    users: [{ name: 'user', user: user ?? {} }],
    contexts: [{ name: 'main', context: { cluster: 'cluster', user: 'user', ...context } }],
  });
}

/** Writes it into a directory of its own and loads it, without any environment. */
export function loadParts(parts: KubeconfigParts, env: Readonly<Record<string, string>> = {}): ClusterTarget {
  const directory = testDirectory();
  const path = directory.write('config', kubeconfigText(parts));
  return loadKubeconfig({ path, env, homeDir: directory.path });
}

/** The target of a test server whose certificate the test authority has signed. */
export function targetFor(origin: string, parts: KubeconfigParts = {}): ClusterTarget {
  const authority = origin.startsWith('https:') ? { 'certificate-authority-data': tlsBase64('ca.crt') } : {};
  return loadParts({ ...parts, cluster: { server: origin, ...authority, ...parts.cluster } });
}
