import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { type Cluster, openCluster } from '../../cluster/cluster.ts';
import { atEnd } from './at-end.ts';
import { startGateway, type TestGateway, type TestGatewayOptions } from './gateway.ts';
import { type Kubectl, kubectlOf } from './kubectl.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Directory of the control plane that all suites share. */
    clusterDir: string;
    /** Where `kubectl proxy` serves it, as admin. */
    kubectlProxyUrl: string;
  }
}

export interface Suite {
  readonly cluster: Cluster;
  readonly kubectl: Kubectl;
  /** As admin. */
  readonly gateway: TestGateway;
  /** A namespace of this suite's own. */
  readonly namespace: string;
}

/** What nearly every suite needs. To be called at the top of a file; it cleans up after the file's last test. */
export async function openSuite(options: Partial<TestGatewayOptions> = {}): Promise<Suite> {
  const cluster = await openCluster(inject('clusterDir'));
  const kubectl = kubectlOf(cluster, inject('kubectlProxyUrl'));
  const namespace = await createNamespace(kubectl);
  const gateway = await startGateway({ kubeconfig: cluster.kubeconfig, ...options });
  atEnd(() => gateway.close());
  return { cluster, kubectl, gateway, namespace };
}

/** Makes a namespace that goes with everything in it after the file's last test. */
export async function createNamespace(kubectl: Kubectl): Promise<string> {
  const name = uniqueName();
  await kubectl.run(['create', 'namespace', name]);
  atEnd(() => kubectl.delete('namespace', name));
  return name;
}

/** A name that no other suite or run has. */
export function uniqueName(): string {
  return `kg-${randomBytes(5).toString('hex')}`;
}
