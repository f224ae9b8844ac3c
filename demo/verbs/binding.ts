import { readObject } from './body.ts';
import { badRequest, conflict, fieldRequired, invalid } from './errors.ts';
import { liveObject } from './get.ts';
import { timestamp } from './identity.ts';
import { recordOf, textOf } from './json-errors.ts';
import type { Cluster, Reply, ResourceRequest } from './request.ts';
import { createdStatus } from './status-reply.ts';
import { readWriteOptions } from './write-options.ts';

const BINDING = { group: '', version: 'v1', kind: 'Binding', isCustom: false };

/**
 * Puts a pod on a node, as a scheduler does.
 *
 * @throws ApiError 404; 409 for a pod that has a node; 400, 422 for the body
 */
export async function bind(cluster: Cluster, request: ResourceRequest): Promise<Reply> {
  const { resource, name } = request;
  const { dryRun } = readWriteOptions(request, 'CreateOptions');
  const { value } = readObject(cluster, request, BINDING);
  if (recordOf(value['metadata'])['name'] !== name) {
    throw badRequest('name in URL does not match name in Binding object');
  }
  const target = recordOf(value['target'])['name'];
  if (typeof target !== 'string' || target === '') {
    throw invalid(BINDING, name, [fieldRequired('target.name', '')]);
  }
  const pod = liveObject(cluster, request);
  const spec = recordOf(pod['spec']);
  const problem = spec['nodeName']
    ? `pod ${name} is already assigned to node "${textOf(spec['nodeName'])}"`
    : pod.metadata.deletionTimestamp && `pod ${name} is being deleted, cannot be assigned to a host`;
  if (problem) throw conflict({ group: '', kind: 'pods/binding' }, name, problem);
  const status = recordOf(pod['status']);
  const conditions = Array.isArray(status['conditions']) ? status['conditions'] : [];
  const scheduled = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: timestamp(cluster.clock),
  };
  const others = conditions.filter((condition) => recordOf(condition)['type'] !== 'PodScheduled');
  const next = {
    ...pod,
    spec: { ...spec, nodeName: target },
    status: { ...status, conditions: [...others, scheduled] },
  };
  if (!dryRun) cluster.store.replace(resource.storageKey, next);
  return createdStatus();
}
