import { matchesLabelSelector } from '../api/label-selector.ts';
import type { KubeObject } from '../api/object.ts';
import { nameSuffix } from './chance.ts';
import { conditionOf, isTrue } from './conditions.ts';
import type { World } from './controller.ts';
import {
  type Draft,
  type Labels,
  type LabelSelector,
  type Pod,
  type PodSpec,
  PODS,
  type PodTemplate,
  type Toleration,
} from './kinds.ts';
import { controlledBy, controllerOf, isBeingDeleted, keyOf } from './objects.ts';
import { SECOND } from './time.ts';

export interface PodOptions {
  /** Default: the owner's name and a random end. */
  readonly name?: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  /** Put over the template's. */
  readonly spec?: Partial<PodSpec>;
}

/** Creates a pod from the template of its controller, with what admission adds to every pod. */
export function createPod(
  world: World,
  owner: KubeObject,
  template: PodTemplate,
  options: PodOptions = {},
): Pod {
  const labels = { ...template.metadata?.labels, ...options.labels };
  const annotations = { ...template.metadata?.annotations, ...options.annotations };
  const draft: Draft<Pod> = {
    metadata: {
      ...(options.name === undefined ? {} : { name: options.name }),
      generateName: `${owner.metadata.name}-`,
      namespace: owner.metadata.namespace ?? 'default',
      labels,
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      ownerReferences: [controlledBy(owner)],
    },
    spec: admitted({ ...template.spec, ...options.spec }, nameSuffix(world.random)),
    status: { phase: 'Pending', qosClass: qosClassOf(template.spec) },
  };
  return world.objects.create(PODS, draft);
}

/** The spec with the defaults that admission controllers give: service account and its token, priority, tolerations. */
function admitted(spec: PodSpec, suffix: string): PodSpec {
  const volume = `kube-api-access-${suffix}`;
  const mount = { name: volume, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' };
  const { serviceAccountName = 'default' } = spec;
  return specInOrder({
    ...spec,
    volumes: [...(spec.volumes ?? []), { name: volume, projected: TOKEN }],
    containers: spec.containers.map((container) => ({
      ...container,
      volumeMounts: [...(container.volumeMounts ?? []), mount],
    })),
    serviceAccountName,
    serviceAccount: serviceAccountName,
    tolerations: [
      ...(spec.tolerations ?? []),
      ...DEFAULT_TOLERATIONS.filter((one) => !isTolerated(one, spec.tolerations)),
    ],
    priority: spec['priority'] ?? 0,
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
  });
}

const SPEC_ORDER = [
  'volumes',
  'initContainers',
  'containers',
  'restartPolicy',
  'terminationGracePeriodSeconds',
  'dnsPolicy',
  'nodeSelector',
  'serviceAccountName',
  'serviceAccount',
  'nodeName',
  'hostNetwork',
  'securityContext',
  'hostname',
  'subdomain',
  'affinity',
  'schedulerName',
  'tolerations',
  'priorityClassName',
  'priority',
  'enableServiceLinks',
  'preemptionPolicy',
];

/** With its members in the order in which the real server writes them. */
export function specInOrder(spec: PodSpec): PodSpec {
  const known = SPEC_ORDER.filter((member) => spec[member] !== undefined).map((member) => [
    member,
    spec[member],
  ]);
  // The same members again: those in the list first.
  return { ...(Object.fromEntries(known) as unknown as PodSpec), ...spec };
}

const TOKEN = {
  sources: [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    {
      downwardAPI: {
        items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
      },
    },
  ],
  defaultMode: 420,
};

const DEFAULT_TOLERATIONS: readonly Toleration[] = ['not-ready', 'unreachable'].map((name) => ({
  key: `node.kubernetes.io/${name}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}));

function isTolerated(toleration: Toleration, by: readonly Toleration[] = []): boolean {
  return by.some(
    ({ key, effect }) => key === toleration.key && (effect === undefined || effect === toleration.effect),
  );
}

export function qosClassOf({ containers, initContainers = [] }: PodSpec): string {
  const all = [...initContainers, ...containers].map(({ resources = {} }) => resources);
  if (all.every(({ requests = {}, limits = {} }) => Object.keys({ ...requests, ...limits }).length === 0))
    return 'BestEffort';
  const guaranteed = all.every(({ requests = {}, limits = {} }) =>
    ['cpu', 'memory'].every(
      (name) => limits[name] !== undefined && (requests[name] ?? limits[name]) === limits[name],
    ),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

export function isReady(pod: Pod): boolean {
  return isTrue(pod.status?.conditions, 'Ready');
}

/** Neither ended nor about to. */
export function isActive(pod: Pod): boolean {
  return !isEnded(pod) && !isBeingDeleted(pod);
}

export function isEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

/** In how many milliseconds a pod counts as available, having been ready for long enough; undefined while it is not ready. */
export function availableIn(pod: Pod, minReadySeconds: number, now: number): number | undefined {
  const since = conditionOf(pod.status?.conditions, 'Ready');
  if (since?.status !== 'True') return undefined;
  if (minReadySeconds === 0) return 0;
  return Math.max(0, Date.parse(since.lastTransitionTime ?? '') + minReadySeconds * SECOND - now);
}

/**
 * The pods that `owner` controls, ended ones included. Pods that nobody controls and that its selector picks become its
 * own; those of its own that it no longer picks are let go.
 */
export function claimPods(world: World, owner: KubeObject, selector: LabelSelector): readonly Pod[] {
  const mine = world.owners.controlled(PODS, owner).filter((pod) => {
    if (matchesLabelSelector(selector, pod.metadata.labels)) return true;
    letGo(world, owner, pod);
    return false;
  });
  if (isBeingDeleted(owner)) return mine;
  const adopted = world.owners
    .orphans(PODS, owner.metadata.namespace)
    .filter((pod) => isActive(pod) && matchesLabelSelector(selector, pod.metadata.labels))
    .map((pod) => adopt(world, owner, pod));
  return [...mine, ...adopted];
}

function adopt(world: World, owner: KubeObject, pod: Pod): Pod {
  const ownerReferences = [...(pod.metadata.ownerReferences ?? []), controlledBy(owner)];
  return world.objects.update(PODS, { ...pod, metadata: { ...pod.metadata, ownerReferences } });
}

function letGo(world: World, owner: KubeObject, pod: Pod): void {
  const ownerReferences = pod.metadata.ownerReferences?.filter(({ uid }) => uid !== owner.metadata.uid) ?? [];
  const { ownerReferences: _, ...rest } = pod.metadata;
  world.objects.update(PODS, {
    ...pod,
    metadata: ownerReferences.length === 0 ? rest : { ...rest, ownerReferences },
  });
}

/** The keys of those among `owners` whose selector picks a pod that has no controller yet. */
export function wouldAdopt(
  owners: readonly (KubeObject & { readonly spec: { readonly selector: LabelSelector } })[],
  pod: KubeObject,
): readonly string[] {
  if (controllerOf(pod) !== undefined) return [];
  return owners.filter(({ spec }) => matchesLabelSelector(spec.selector, pod.metadata.labels)).map(keyOf);
}

/** Those that are to go first when there are too many: not running anywhere, not ready, young. */
export function byDispensability(a: Pod, b: Pod): number {
  return (
    Number(a.spec.nodeName !== undefined) - Number(b.spec.nodeName !== undefined) ||
    Number(a.status?.phase === 'Running') - Number(b.status?.phase === 'Running') ||
    Number(isReady(a)) - Number(isReady(b)) ||
    (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? '')
  );
}
