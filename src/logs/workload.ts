import type { Identity } from '../cluster/identity.ts';
import { readJson, sendOk } from '../cluster/read.ts';
import type { Upstream, UpstreamRequest } from '../cluster/upstream.ts';
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

/** A workload, as far as it says something about its pods. */
export interface WorkloadState {
  readonly uid: string;
  /** The label selector that finds them. */
  readonly podSelector: string;
  /** Whether it is a Job that makes no pod any more. */
  readonly hasEnded: boolean;
}

/** Rejects as a read of it does. */
export async function readWorkload(
  upstream: Upstream,
  identity: Identity,
  { kind, namespace, name }: Workload,
  limits: Pick<UpstreamRequest, 'signal' | 'deadlineMs'>,
): Promise<WorkloadState> {
  const [group, resource] = COLLECTIONS[kind].split(' ');
  const path = `/${group}/namespaces/${encodeURIComponent(namespace)}/${resource}/${encodeURIComponent(name)}`;
  const { body } = await sendOk(upstream, { identity, method: 'GET', path, ...limits });
  const { metadata, spec, status } = (await readJson(body)) as WorkloadJson;
  const podSelector = spec?.selector === undefined ? '' : labelSelectorText(spec.selector);
  // It would mean all pods of the namespace.
  if (podSelector === '') {
    throw new KubegraphError(
      'UPSTREAM_ERROR',
      `the ${resource?.slice(0, -1)} ${name} does not say which pods are its own`,
    );
  }
  return { uid: metadata?.uid ?? '', podSelector, hasEnded: kind === 'JOB' && isOver(status?.conditions) };
}

function isOver(conditions: readonly Condition[] = []): boolean {
  return conditions.some(
    ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
  );
}

interface WorkloadJson {
  readonly metadata?: { readonly uid?: string };
  readonly spec?: { readonly selector?: Parameters<typeof labelSelectorText>[0] };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

interface Condition {
  readonly type: string;
  readonly status: string;
}
