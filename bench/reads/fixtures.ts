import { forEachConcurrently } from '../../test/cluster/concurrency.ts';
import { podOf } from '../../test/cluster/pod-template.ts';
import { waitUntil } from '../../test/cluster/wait.ts';
import type { Api } from './api.ts';

/** What the small cases read, besides a node. */
export const NAMESPACE = 'kubegraph-bench';
export const CONFIG_MAPS = 100;
const SMALL_PODS = 5;

/** Creations in flight: more only lengthens the API server's queue. */
const IN_FLIGHT = 32;

interface List {
  readonly metadata: { readonly remainingItemCount?: number };
  readonly items: readonly { readonly metadata: { readonly name: string } }[];
}

/** Makes the namespace of the small cases; what is there already stays. */
export async function makeFixtures(api: Api): Promise<void> {
  await makePods(api, NAMESPACE, SMALL_PODS);
  await forEachConcurrently(indexes(CONFIG_MAPS), IN_FLIGHT, (index) =>
    api.create(`/api/v1/namespaces/${NAMESPACE}/configmaps`, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: configMapName(index), labels: { 'app.kubernetes.io/part-of': 'shop' } },
      data: { 'log-level': 'info', index: String(index) },
    }),
  );
}

/** Removes it and waits until it is gone: nothing can be made in a namespace that is going. */
export async function removeFixtures(api: Api): Promise<void> {
  const path = `/api/v1/namespaces/${NAMESPACE}`;
  await api.remove(path);
  const left = async (): Promise<string | undefined> =>
    (await api.exists(path)) ? 'it is there' : undefined;
  await waitUntil(`namespace ${NAMESPACE} is gone`, left, { timeoutMs: 120_000, intervalMs: 500 });
}

export function configMapName(index: number): string {
  return `item-${index}`;
}

/** Makes a namespace have the first `count` of the test cluster's pods, and waits until all of its pods are running. */
export async function makePods(api: Api, namespace: string, count: number): Promise<void> {
  await api.create('/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  });
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const present = await countOf(api, path);
  await forEachConcurrently(indexes(count).slice(present), IN_FLIGHT, (index) =>
    // The template says `unknown`; it is a pod.
    api.create(path, podOf(index) as object),
  );
  const pending = async (): Promise<string | undefined> => {
    const left = await countOf(api, `${path}?fieldSelector=status.phase%21%3DRunning`);
    return left === 0 ? undefined : `${left} are not`;
  };
  await waitUntil('pods are running', pending, { timeoutMs: 60_000 + count * 50, intervalMs: 500 });
}

/** How many objects a list has. */
export async function countOf(api: Api, path: string): Promise<number> {
  const list = (await api.get(`${path}${path.includes('?') ? '&' : '?'}limit=1`)) as List;
  const { remainingItemCount } = list.metadata;
  if (remainingItemCount !== undefined) return list.items.length + remainingItemCount;
  if (list.items.length === 0 || !path.includes('?')) return list.items.length;
  // With a selector the server does not count what is left.
  return ((await api.get(path)) as List).items.length;
}

/** The name of some node. */
export async function anyNode(api: Api): Promise<string> {
  const { items } = (await api.get('/api/v1/nodes?limit=1')) as List;
  const [node] = items;
  if (node === undefined) throw new Error('the cluster has no node');
  return node.metadata.name;
}

function indexes(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
