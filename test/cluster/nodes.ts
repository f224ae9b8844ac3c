import type { ApiClient } from './api.ts';
import { forEachConcurrently } from './concurrency.ts';
import type { Ports } from './state.ts';
import { waitUntil } from './wait.ts';

/** Creates `count` simulated nodes and waits until pods can be scheduled on all of them. */
export async function createNodes(
  api: ApiClient,
  count: number,
  ports: Ports,
  signal: AbortSignal | undefined,
): Promise<void> {
  const indexes = Array.from({ length: count }, (_, index) => index);
  await forEachConcurrently(indexes, 8, (index) => api.create('/api/v1/nodes', nodeOf(index, ports)));
  await waitUntil('nodes are ready', () => unreadyNodes(api), { timeoutMs: 60_000, signal });
}

function nodeOf(index: number, ports: Ports): unknown {
  const name = `kwok-node-${index}`;
  // Room for any test: nothing is really used.
  const resources = { cpu: '10k', memory: '10Ti', 'ephemeral-storage': '10Ti', pods: '100k' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'topology.kubernetes.io/region': 'test',
        'topology.kubernetes.io/zone': `test-${'abc'[index % 3]}`,
      },
    },
    status: {
      allocatable: resources,
      capacity: resources,
      // Given from the start, as a kubelet does when it registers: logs and exec must find the node at any time.
      addresses: [
        { type: 'InternalIP', address: '127.0.0.1' },
        { type: 'Hostname', address: name },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: ports.kubelet } },
    },
  };
}

interface Node {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly taints?: readonly unknown[] };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

async function unreadyNodes(api: ApiClient): Promise<string | undefined> {
  const list = (await api.get('/api/v1/nodes')) as { readonly items: readonly Node[] };
  const unready = list.items.filter((node) => !isReady(node)).map(({ metadata }) => metadata.name);
  return unready.length === 0 ? undefined : `not ready: ${unready.join(', ')}`;
}

function isReady({ spec, status }: Node): boolean {
  // Each node is born with a not-ready taint, which goes a moment after the condition has become true.
  const isTainted = (spec.taints ?? []).length > 0;
  return (
    !isTainted &&
    (status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false)
  );
}
