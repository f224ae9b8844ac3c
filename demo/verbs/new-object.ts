import type { KubeObject } from '../api/object.ts';
import { apiVersionOf, type ServedResource } from '../api/resource.ts';
import { DEFINITIONS } from '../registry/custom.ts';
import { createdDefinition } from '../registry/lifecycle.ts';
import { isRecord, recordOf } from './json-errors.ts';
import type { Cluster } from './request.ts';
import { withServiceAddresses } from './service-addresses.ts';
import { hasSubresource } from './strategy.ts';
import { ZERO_VALUES } from './zero-values.ts';

/** A new object's status is the server's: what a client sends is dropped where status has a door of its own. */
export function withoutStatus(object: KubeObject, resource: ServedResource): KubeObject {
  if (!('status' in object) || !hasSubresource(resource, 'status')) return object;
  const { status: _, ...rest } = object;
  return rest;
}

/** What the real server adds to a new object of certain kinds, after the managed fields are settled. */
export function completed(object: KubeObject, resource: ServedResource, cluster: Cluster): KubeObject {
  if (resource.isCustom) return object;
  const whole: KubeObject = { ...ZERO_VALUES[`${apiVersionOf(resource)} ${resource.kind}`], ...object };
  const complete = COMPLETIONS[resource.storageKey];
  return complete === undefined ? withServiceAddresses(cluster, whole, resource.storageKey) : complete(whole);
}

const COMPLETIONS: Readonly<Record<string, (object: KubeObject) => KubeObject>> = {
  '/namespaces': (object) => ({
    ...object,
    spec: { ...recordOf(object['spec']), finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  }),
  '/pods': (object) => ({
    ...object,
    spec: withAdmission(recordOf(object['spec'])),
    status: { phase: 'Pending', qosClass: qosClass(object) },
  }),
  '/persistentvolumeclaims': (object) => ({ ...object, status: { phase: 'Pending' } }),
  'batch/jobs': withJobLabels,
  [DEFINITIONS]: createdDefinition,
};

/** Set by the real server before it looks who owns which field, so that the creator owns it. */
export function withImpliedLabels(object: KubeObject, { storageKey }: ServedResource): KubeObject {
  if (storageKey !== '/namespaces') return object;
  const { metadata } = object;
  const labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name };
  return { ...object, metadata: { ...metadata, labels } };
}

/** How long pods stay on a node that is in trouble. */
const TOLERATION_SECONDS = 300;

/** What the real server's admission plugins add to the spec of a pod. */
function withAdmission(spec: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const tolerations = Array.isArray(spec['tolerations']) ? spec['tolerations'] : [];
  const added = ['not-ready', 'unreachable']
    .map((condition) => `node.kubernetes.io/${condition}`)
    .filter((key) => !tolerations.some((toleration) => recordOf(toleration)['key'] === key))
    .map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: TOLERATION_SECONDS }));
  const priority = { priority: 0, preemptionPolicy: 'PreemptLowerPriority' };
  return { ...priority, ...spec, tolerations: [...tolerations, ...added] };
}

function qosClass(pod: KubeObject): string {
  const containers = recordOf(pod['spec'])['containers'];
  const resources = (Array.isArray(containers) ? containers : []).map((item) =>
    recordOf(recordOf(item)['resources']),
  );
  const isSet = resources.some(({ requests, limits }) => hasMembers(requests) || hasMembers(limits));
  if (!isSet) return 'BestEffort';
  const isFixed = resources.every(({ requests, limits }) => {
    const [least, most] = [recordOf(requests), recordOf(limits)];
    return ['cpu', 'memory'].every(
      (key) => most[key] !== undefined && (least[key] ?? most[key]) === most[key],
    );
  });
  return isFixed ? 'Guaranteed' : 'Burstable';
}

function withJobLabels(job: KubeObject): KubeObject {
  const spec = recordOf(job['spec']);
  if (spec['manualSelector'] === true) return job;
  const { uid = '', name } = job.metadata;
  const own = {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  const template = recordOf(spec['template']);
  const metadata = recordOf(template['metadata']);
  const labels = { ...recordOf(metadata['labels']), ...own };
  const selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } };
  return {
    ...job,
    metadata: { ...job.metadata, labels: { ...job.metadata.labels, ...own } },
    spec: { ...spec, selector, template: { ...template, metadata: { ...metadata, labels } } },
  };
}

function hasMembers(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length > 0;
}
