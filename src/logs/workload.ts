import type { Identity } from '../cluster/identity.ts';
import { readJson, sendOk } from '../cluster/read.ts';
import type { Upstream } from '../cluster/upstream.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import { labelSelectorText } from '../util/label-selector.ts';

const COLLECTIONS = {
  DEPLOYMENT: 'apis/apps/v1 deployments',
  STATEFULSET: 'apis/apps/v1 statefulsets',
  DAEMONSET: 'apis/apps/v1 daemonsets',
  JOB: 'apis/batch/v1 jobs',
} as const;

export type WorkloadKind = keyof typeof COLLECTIONS;

export interface Workload {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
}

/** The selector of a workload's pods. Rejects as a read of it does. */
export async function podSelectorOf(
  upstream: Upstream,
  identity: Identity,
  { kind, namespace, name }: Workload,
  signal: AbortSignal,
): Promise<string> {
  const [group, resource] = COLLECTIONS[kind].split(' ');
  const path = `/${group}/namespaces/${encodeURIComponent(namespace)}/${resource}/${encodeURIComponent(name)}`;
  const { body } = await sendOk(upstream, { identity, method: 'GET', path, signal });
  const { spec } = (await readJson(body)) as { readonly spec?: { readonly selector?: Selector } };
  const text = spec?.selector === undefined ? '' : labelSelectorText(spec.selector);
  if (text !== '') return text;
  // It would mean all pods of the namespace.
  throw new KubegraphError(
    'UPSTREAM_ERROR',
    `the ${resource?.slice(0, -1)} ${name} does not say which pods are its own`,
  );
}

type Selector = Parameters<typeof labelSelectorText>[0];
