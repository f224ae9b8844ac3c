import type { ApiClient } from './api.ts';
import { forEachConcurrently } from './concurrency.ts';
import { podOf } from './pod-template.ts';
import { waitUntil } from './wait.ts';

/** The namespace of the pods that `createPods` makes. */
const BENCH_NAMESPACE = 'bench';

/** Creations in flight. The API server is the bottleneck; more only lengthens its queue. */
const IN_FLIGHT = 32;

/** Creates `count` two-container pods in the namespace `bench` and waits until all are Running. */
export async function createPods(
  api: ApiClient,
  count: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const metadata = { name: BENCH_NAMESPACE };
  await api.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata });
  const indexes = Array.from({ length: count }, (_, index) => index);
  await forEachConcurrently(indexes, IN_FLIGHT, async (index) => {
    signal?.throwIfAborted();
    await api.create(`/api/v1/namespaces/${BENCH_NAMESPACE}/pods`, podOf(index));
  });
  // The control plane schedules them while they are created; what is left then is a small part.
  const timeoutMs = 60_000 + count * 50;
  await waitUntil('pods are running', () => pendingPods(api), { timeoutMs, intervalMs: 200, signal });
}

async function pendingPods(api: ApiClient): Promise<string | undefined> {
  const path = `/api/v1/namespaces/${BENCH_NAMESPACE}/pods?fieldSelector=status.phase%21%3DRunning&limit=1`;
  const list = (await api.get(path)) as {
    readonly items: readonly { readonly metadata: { readonly name: string } }[];
  };
  const [pod] = list.items;
  return pod === undefined ? undefined : `${pod.metadata.name} is not`;
}
