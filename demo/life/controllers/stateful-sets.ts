import { type Controller, controlled, itself, type World } from '../controller.ts';
import { CLAIMS, CONTROLLER_REVISIONS, type Pod, PODS, STATEFUL_SETS, type StatefulSet } from '../kinds.ts';
import { controlledBy, isBeingDeleted, splitKey } from '../objects.ts';
import { availableIn, claimPods, createPod, isEnded, isReady, wouldAdopt } from '../pods.ts';
import { soonest, withoutZeros } from '../status.ts';
import { templateOf, templateRevision } from './template-revisions.ts';

const FROM = 'statefulset-controller';
const REVISION_LABEL = 'controller-revision-hash';

/** Keeps pods with numbers: made in order, ended in reverse, each with volumes of its own. */
export function createStatefulSets(world: World): Controller {
  const { objects } = world;
  return {
    name: 'statefulsets',
    watches: [
      itself(STATEFUL_SETS),
      controlled(PODS, 'StatefulSet'),
      {
        resource: PODS,
        concerns: ({ object }) => wouldAdopt(objects.list(STATEFUL_SETS, object.metadata.namespace), object),
      },
    ],
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const set = objects.get(STATEFUL_SETS, namespace, name);
      if (set === undefined) return undefined;
      const pods = claimPods(world, set, set.spec.selector);
      const inUse = new Set(pods.map(revisionOf).filter((revision) => revision !== undefined));
      const update = templateRevision(world, set, 'controller.kubernetes.io/hash', inUse).name;
      const current = set.status?.currentRevision ?? update;
      if (!isBeingDeleted(set)) step(world, set, byOrdinal(set, pods), { current, update });
      return writeStatus(world, set, { current, update });
    },
  };
}

interface Revisions {
  readonly current: string;
  readonly update: string;
}

/** One thing at a time, unless pods are managed in parallel. */
function step(world: World, set: StatefulSet, pods: ReadonlyMap<number, Pod>, revisions: Revisions): void {
  const replicas = set.spec.replicas ?? 1;
  const isParallel = set.spec.podManagementPolicy === 'Parallel';
  for (let ordinal = 0; ordinal < replicas; ordinal++) {
    const pod = pods.get(ordinal);
    if (pod === undefined) createNumbered(world, set, ordinal, revisions);
    else if (isEnded(pod) && !isBeingDeleted(pod)) world.objects.delete(PODS, pod);
    if (!isParallel && (pod === undefined || isEnded(pod) || isBeingDeleted(pod) || !isReady(pod))) return;
  }
  const surplus = [...pods].filter(([ordinal]) => ordinal >= replicas).toSorted(([a], [b]) => b - a);
  for (const [, pod] of surplus) {
    if (!isBeingDeleted(pod)) remove(world, set, pod);
    if (!isParallel) return;
  }
  replaceOutdated(world, set, pods, revisions);
}

function createNumbered(
  world: World,
  set: StatefulSet,
  ordinal: number,
  { current, update }: Revisions,
): void {
  const isHeldBack = ordinal < (set.spec.updateStrategy?.rollingUpdate?.partition ?? 0);
  const revision = isHeldBack ? current : update;
  const held = world.objects.get(CONTROLLER_REVISIONS, set.metadata.namespace, revision);
  const template = templateOf(held) ?? set.spec.template;
  const name = `${set.metadata.name}-${ordinal}`;
  const claims = createClaims(world, set, name);
  const pod = createPod(world, set, template, {
    name,
    labels: {
      'apps.kubernetes.io/pod-index': String(ordinal),
      [REVISION_LABEL]: revision,
      'statefulset.kubernetes.io/pod-name': name,
    },
    spec: {
      hostname: name,
      ...(set.spec.serviceName === undefined ? {} : { subdomain: set.spec.serviceName }),
      volumes: [...(template.spec.volumes ?? []), ...claims],
    },
  });
  const message = `Create Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`;
  world.events.tell(set, { reason: 'SuccessfulCreate', message, from: FROM });
}

function createClaims(
  world: World,
  set: StatefulSet,
  podName: string,
): { name: string; persistentVolumeClaim: { claimName: string } }[] {
  return (set.spec.volumeClaimTemplates ?? []).map(({ metadata, spec }) => {
    const claimName = `${metadata.name}-${podName}`;
    const namespace = set.metadata.namespace ?? 'default';
    if (world.objects.get(CLAIMS, namespace, claimName) === undefined) {
      const labels = { ...metadata.labels, ...set.spec.selector.matchLabels };
      world.objects.create(CLAIMS, {
        metadata: { name: claimName, namespace, labels },
        spec,
        status: { phase: 'Pending' },
      });
      const message = `Create Claim ${claimName} Pod ${podName} in StatefulSet ${set.metadata.name} success`;
      world.events.tell(set, { reason: 'SuccessfulCreate', message, from: FROM });
    }
    return { name: metadata.name, persistentVolumeClaim: { claimName } };
  });
}

/** The highest number first, and only while all others are ready. */
function replaceOutdated(
  world: World,
  set: StatefulSet,
  pods: ReadonlyMap<number, Pod>,
  { update }: Revisions,
): void {
  if (set.spec.updateStrategy?.type === 'OnDelete') return;
  const partition = set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  const updatable = [...pods].filter(([ordinal]) => ordinal >= partition).toSorted(([a], [b]) => b - a);
  for (const [, pod] of updatable) {
    if (revisionOf(pod) !== update) {
      if (!isBeingDeleted(pod)) remove(world, set, pod);
      return;
    }
    if (!isReady(pod)) return;
  }
}

function remove(world: World, set: StatefulSet, pod: Pod): void {
  world.objects.delete(PODS, pod);
  const message = `Delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`;
  world.events.tell(set, { reason: 'SuccessfulDelete', message, from: FROM });
}

function writeStatus(world: World, set: StatefulSet, { current, update }: Revisions): number | undefined {
  const pods = [...byOrdinal(set, world.owners.controlled(PODS, set)).values()];
  const waits = pods.map((pod) => availableIn(pod, set.spec.minReadySeconds ?? 0, world.clock.now()));
  const updated = pods.filter((pod) => revisionOf(pod) === update && !isBeingDeleted(pod));
  const isDone =
    updated.length === (set.spec.replicas ?? 1) && updated.every(isReady) && pods.length === updated.length;
  const currentRevision = isDone ? update : current;
  world.objects.setStatus(STATEFUL_SETS, set, {
    observedGeneration: set.metadata.generation ?? 1,
    replicas: pods.length,
    ...withoutZeros({
      readyReplicas: pods.filter(isReady).length,
      currentReplicas: pods.filter((pod) => revisionOf(pod) === currentRevision).length,
      updatedReplicas: updated.length,
    }),
    currentRevision,
    updateRevision: update,
    collisionCount: 0,
    availableReplicas: waits.filter((wait) => wait === 0).length,
  });
  return soonest(...waits.map((wait) => (wait === 0 ? undefined : wait)));
}

function byOrdinal(set: StatefulSet, pods: readonly Pod[]): ReadonlyMap<number, Pod> {
  const prefix = `${set.metadata.name}-`;
  const numbered = pods
    .filter(
      (pod) =>
        pod.metadata.name.startsWith(prefix) &&
        pod.metadata.ownerReferences?.[0]?.uid === controlledBy(set).uid,
    )
    .map((pod): [number, Pod] => [Number(pod.metadata.name.slice(prefix.length)), pod]);
  return new Map(numbered.filter(([ordinal]) => Number.isInteger(ordinal)).toSorted(([a], [b]) => a - b));
}

function revisionOf({ metadata }: Pod): string | undefined {
  return metadata.labels?.[REVISION_LABEL];
}
