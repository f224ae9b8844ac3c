import { matchesLabelSelector } from '../../api/label-selector.ts';
import { withCondition } from '../conditions.ts';
import { type Controller, itself, type World } from '../controller.ts';
import {
  DEPLOYMENTS,
  type DisruptionBudget,
  DISRUPTION_BUDGETS,
  type Pod,
  PODS,
  REPLICA_SETS,
  STATEFUL_SETS,
} from '../kinds.ts';
import { controllerOf, keyOf, splitKey } from '../objects.ts';
import { isActive, isReady } from '../pods.ts';
import { scaled } from '../selectors.ts';
import { timestamp } from '../time.ts';

const BATCH_MS = 100;

/** Counts how many pods of each budget may go. */
export function createDisruptionBudgets(world: World): Controller {
  const { objects } = world;
  const picks = ({ spec }: DisruptionBudget, labels: Pod['metadata']['labels']): boolean =>
    spec.selector !== undefined && matchesLabelSelector(spec.selector, labels);
  return {
    name: 'disruption-budgets',
    batchMs: BATCH_MS,
    watches: [
      itself(DISRUPTION_BUDGETS),
      {
        resource: PODS,
        concerns: ({ object: { metadata } }) =>
          objects
            .list(DISRUPTION_BUDGETS, metadata.namespace)
            .filter((budget) => picks(budget, metadata.labels))
            .map(keyOf),
      },
    ],
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const budget = objects.get(DISRUPTION_BUDGETS, namespace, name);
      if (budget === undefined) return undefined;
      const pods = objects
        .list(PODS, namespace)
        .filter((pod) => isActive(pod) && picks(budget, pod.metadata.labels));
      writeStatus(world, budget, pods);
      return undefined;
    },
  };
}

function writeStatus(world: World, budget: DisruptionBudget, pods: readonly Pod[]): void {
  const { minAvailable, maxUnavailable } = budget.spec;
  const isByController = maxUnavailable !== undefined || typeof minAvailable === 'string';
  const expectedPods = isByController ? expected(world, pods) : pods.length;
  const desiredHealthy =
    maxUnavailable === undefined
      ? scaled(minAvailable ?? 1, expectedPods, 'up')
      : Math.max(0, expectedPods - scaled(maxUnavailable, expectedPods, 'up'));
  const currentHealthy = pods.filter(isReady).length;
  const disruptionsAllowed = expectedPods === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  const generation = budget.metadata.generation ?? 1;
  world.objects.setStatus(DISRUPTION_BUDGETS, budget, {
    observedGeneration: generation,
    disruptionsAllowed,
    currentHealthy,
    desiredHealthy,
    expectedPods,
    conditions: withCondition(budget.status?.conditions, {
      type: 'DisruptionAllowed',
      status: disruptionsAllowed > 0 ? 'True' : 'False',
      observedGeneration: generation,
      lastTransitionTime: timestamp(world.clock.now()),
      reason: disruptionsAllowed > 0 ? 'SufficientPods' : 'InsufficientPods',
      message: '',
    }),
  });
}

/** How many pods their controllers want. */
function expected({ objects }: World, pods: readonly Pod[]): number {
  const wanted = new Map<string, number>();
  for (const pod of pods) {
    const owner = controllerOf(pod);
    if (owner === undefined) continue;
    const { namespace } = pod.metadata;
    const set = owner.kind === 'StatefulSet' ? objects.get(STATEFUL_SETS, namespace, owner.name) : undefined;
    const replicas =
      owner.kind === 'ReplicaSet' ? objects.get(REPLICA_SETS, namespace, owner.name) : undefined;
    const above = replicas && controllerOf(replicas);
    const deployment = above && objects.get(DEPLOYMENTS, namespace, above.name);
    const scalable = set ?? deployment ?? replicas;
    wanted.set(above?.uid ?? owner.uid, scalable?.spec.replicas ?? 1);
  }
  return [...wanted.values()].reduce((sum, replicas) => sum + replicas, 0);
}
