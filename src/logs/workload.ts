import type { Identity } from '../cluster/identity.ts';
import { readJson, sendOk } from '../cluster/read.ts';
import { pathOf } from '../cluster/resource-path.ts';
import type { Upstream, UpstreamRequest } from '../cluster/upstream.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import { labelSelectorText } from '../util/label-selector.ts';

const COLLECTIONS = {
  DEPLOYMENT: { group: 'apps', version: 'v1', resource: 'deployments' },
  STATEFULSET: { group: 'apps', version: 'v1', resource: 'statefulsets' },
  DAEMONSET: { group: 'apps', version: 'v1', resource: 'daemonsets' },
  JOB: { group: 'batch', version: 'v1', resource: 'jobs' },
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
  const path = pathOf(COLLECTIONS[kind], namespace, name);
  const { body } = await sendOk(upstream, { identity, method: 'GET', path, ...limits });
  const { metadata, spec, status } = (await readJson(body)) as WorkloadJson;
  const podSelector = spec?.selector === undefined ? '' : labelSelectorText(spec.selector);
  // It would mean all pods of the namespace.
  if (podSelector === '') {
    throw new KubegraphError(
      'UPSTREAM_ERROR',
      `the ${kind.toLowerCase()} ${name} does not say which pods are its own`,
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
