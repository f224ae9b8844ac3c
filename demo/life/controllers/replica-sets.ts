import { type Controller, controlled, itself, type World } from '../controller.ts';
import { type Pod, PODS, REPLICA_SETS, type ReplicaSet } from '../kinds.ts';
import { isBeingDeleted, splitKey } from '../objects.ts';
import {
  availableIn,
  byDispensability,
  claimPods,
  createPod,
  isActive,
  isReady,
  wouldAdopt,
} from '../pods.ts';
import { matchesAll } from '../selectors.ts';
import { withoutZeros } from '../status.ts';

const FROM = 'replicaset-controller';

/** Keeps as many pods as a ReplicaSet wants. */
export function createReplicaSets(world: World): Controller {
  const { objects } = world;

  return {
    name: 'replicasets',
    watches: [
      itself(REPLICA_SETS),
      controlled(PODS, 'ReplicaSet'),
      {
        resource: PODS,
        concerns: ({ object }) => wouldAdopt(objects.list(REPLICA_SETS, object.metadata.namespace), object),
      },
    ],
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const set = objects.get(REPLICA_SETS, namespace, name);
      if (set === undefined) return undefined;
      const pods = claimPods(world, set, set.spec.selector);
      const active = pods.filter(isActive);
      if (!isBeingDeleted(set)) adjust(world, set, active);
      return writeStatus(world, set);
    },
  };
}

function adjust(world: World, set: ReplicaSet, active: readonly Pod[]): void {
  const missing = (set.spec.replicas ?? 1) - active.length;
  for (let count = 0; count < missing; count++) {
    const { metadata } = createPod(world, set, set.spec.template);
    world.events.tell(set, {
      reason: 'SuccessfulCreate',
      message: `Created pod: ${metadata.name}`,
      from: FROM,
    });
  }
  for (const pod of active.toSorted(byDispensability).slice(0, Math.max(0, -missing))) {
    world.objects.delete(PODS, pod);
    world.events.tell(set, {
      reason: 'SuccessfulDelete',
      message: `Deleted pod: ${pod.metadata.name}`,
      from: FROM,
    });
  }
}

/** Answers when a ready pod will have been so for long enough. */
function writeStatus(world: World, set: ReplicaSet): number | undefined {
  const all = world.owners.controlled(PODS, set);
  const pods = all.filter(isActive);
  const waits = pods
    .map((pod) => availableIn(pod, set.spec.minReadySeconds ?? 0, world.clock.now()))
    .filter((wait) => wait !== undefined);
  const labels = set.spec.template.metadata?.labels ?? {};
  world.objects.setStatus(REPLICA_SETS, set, {
    replicas: pods.length,
    ...withoutZeros({
      fullyLabeledReplicas: pods.filter((pod) => matchesAll(labels, pod.metadata.labels)).length,
      readyReplicas: pods.filter(isReady).length,
      availableReplicas: waits.filter((wait) => wait === 0).length,
    }),
    terminatingReplicas: all.filter(isBeingDeleted).length,
    observedGeneration: set.metadata.generation ?? 1,
  });
  const next = Math.min(...waits.filter((wait) => wait > 0));
  return Number.isFinite(next) ? next : undefined;
}
