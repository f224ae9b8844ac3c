import { matchesLabelSelector } from '../api/label-selector.ts';
import type { KubeObject } from '../api/object.ts';
import { ApiError } from '../api/status.ts';
import { readObject } from './body.ts';
import { removeObject } from './delete.ts';
import { deleteOptionsFrom } from './delete-options.ts';
import { badRequest } from './errors.ts';
import { liveObject } from './get.ts';
import { recordOf } from './json-errors.ts';
import type { Cluster, Reply, ResourceRequest } from './request.ts';
import { createdStatus } from './status-reply.ts';
import { readWriteOptions } from './write-options.ts';

const EVICTION = { group: 'policy', version: 'v1', kind: 'Eviction', isCustom: false };
const BUDGETS = 'policy/poddisruptionbudgets';

/**
 * Deletes a pod, if its disruption budget allows one to go.
 *
 * @throws ApiError 429 when it does not; 500 for a pod with several budgets, as the real server has it; 404, 409, 422
 */
export async function evict(cluster: Cluster, request: ResourceRequest): Promise<Reply> {
  const options = readWriteOptions(request, 'CreateOptions');
  const { value } = readObject(cluster, request, EVICTION);
  if (recordOf(value['metadata'])['name'] !== request.name) {
    throw badRequest('name in URL does not match name in Eviction object');
  }
  const deleteOptions = deleteOptionsFrom(value['deleteOptions']);
  const dryRun = options.dryRun || deleteOptions.dryRun;
  const pod = liveObject(cluster, request);
  if (!isFinished(pod)) takeFromBudget(cluster, pod, dryRun);
  removeObject(cluster, request, pod, { ...deleteOptions, dryRun });
  return createdStatus();
}

function isFinished(pod: KubeObject): boolean {
  const { phase } = recordOf(pod['status']);
  return (
    pod.metadata.deletionTimestamp !== undefined || ['Failed', 'Pending', 'Succeeded'].includes(String(phase))
  );
}

function takeFromBudget({ store }: Cluster, pod: KubeObject, dryRun: boolean): void {
  const budgets = store
    .snapshot(BUDGETS, pod.metadata.namespace)
    .objects.filter((budget) =>
      matchesLabelSelector(recordOf(budget['spec'])['selector'], pod.metadata.labels),
    );
  const [budget, ...others] = budgets;
  if (budget === undefined) return;
  if (others.length > 0) {
    const message =
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
    throw new ApiError(500, message);
  }
  const status = recordOf(budget['status']);
  const allowed = Number(status['disruptionsAllowed'] ?? 0);
  if (allowed <= 0) throw violated(budget);
  if (!dryRun) store.replace(BUDGETS, { ...budget, status: { ...status, disruptionsAllowed: allowed - 1 } });
}

function violated({ metadata, status }: KubeObject): ApiError {
  const { desiredHealthy = 0, currentHealthy = 0 } = recordOf(status);
  const message = `The disruption budget ${metadata.name} needs ${String(desiredHealthy)} healthy pods and has ${String(currentHealthy)} currently`;
  return new ApiError(429, "Cannot evict pod as it would violate the pod's disruption budget.", {
    reason: 'TooManyRequests',
    details: { causes: [{ reason: 'DisruptionBudget', message }] },
  });
}
