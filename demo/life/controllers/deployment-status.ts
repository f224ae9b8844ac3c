import { conditionOf, withCondition } from '../conditions.ts';
import type { World } from '../controller.ts';
import {
  type Condition,
  type Deployment,
  DEPLOYMENTS,
  type DeploymentStatus,
  PODS,
  type ReplicaSet,
} from '../kinds.ts';
import { isBeingDeleted } from '../objects.ts';
import { withoutZeros } from '../status.ts';
import { SECOND, timestamp } from '../time.ts';
import { bounds } from './rolling.ts';

/**
 * Writes what the ReplicaSets have come to. Answers in how many milliseconds a rollout that does not get on is to be
 * called failed.
 *
 * @param current the name of the ReplicaSet that is rolled out; absent when none is
 */
export function writeStatus(
  world: World,
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  current?: string,
): number | undefined {
  const live = world.objects.get(DEPLOYMENTS, deployment.metadata.namespace, deployment.metadata.name);
  if (live === undefined) return undefined;
  const counts = countsOf(world, live, sets, current);
  const now = world.clock.now();
  const available = withCondition(live.status?.conditions, availability(live, counts, timestamp(now)));
  const progress = current === undefined ? undefined : progressOf(live, counts, current, now);
  const conditions = progress === undefined ? available : replaced(available, progress);
  const { collisionCount } = live.status ?? {};
  world.objects.setStatus(DEPLOYMENTS, live, {
    ...counts,
    conditions,
    ...(collisionCount === undefined ? {} : { collisionCount }),
  });
  return current === undefined ? undefined : failsIn(live, conditions, now);
}

function countsOf(
  world: World,
  { metadata, spec }: Deployment,
  sets: readonly ReplicaSet[],
  current: string | undefined,
): DeploymentStatus {
  const sum = (member: string, of = sets): number =>
    of.reduce((total, { status }) => total + Number(status?.[member] ?? 0), 0);
  const replicas = sum('replicas');
  const availableReplicas = sum('availableReplicas');
  return {
    observedGeneration: metadata.generation ?? 1,
    ...withoutZeros({
      replicas,
      updatedReplicas: sum(
        'replicas',
        sets.filter((set) => set.metadata.name === current),
      ),
      readyReplicas: sum('readyReplicas'),
      availableReplicas,
      unavailableReplicas: Math.max(0, Math.max(replicas, spec.replicas ?? 1) - availableReplicas),
    }),
    terminatingReplicas: sets.flatMap((set) => world.owners.controlled(PODS, set)).filter(isBeingDeleted)
      .length,
  };
}

function availability(
  deployment: Deployment,
  { availableReplicas = 0 }: DeploymentStatus,
  now: string,
): Condition {
  const isEnough = availableReplicas >= (deployment.spec.replicas ?? 1) - bounds(deployment).maxUnavailable;
  return {
    type: 'Available',
    status: isEnough ? 'True' : 'False',
    lastUpdateTime: now,
    lastTransitionTime: now,
    reason: isEnough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: `Deployment ${isEnough ? 'has' : 'does not have'} minimum availability.`,
  };
}

function isComplete(
  { spec }: Deployment,
  { replicas = 0, updatedReplicas = 0, availableReplicas = 0 }: DeploymentStatus,
): boolean {
  const wanted = spec.replicas ?? 1;
  return updatedReplicas === wanted && replicas === wanted && availableReplicas === wanted;
}

/** The Progressing condition to set; undefined where it stays as it is. */
function progressOf(
  deployment: Deployment,
  counts: DeploymentStatus,
  current: string,
  now: number,
): Condition | undefined {
  const before = conditionOf(deployment.status?.conditions, 'Progressing');
  const isSettled = before?.reason === 'NewReplicaSetAvailable' && counts.replicas === counts.updatedReplicas;
  if (isSettled || deployment.spec.progressDeadlineSeconds === undefined) return undefined;
  const condition = (status: string, reason: string, what: string): Condition => ({
    type: 'Progressing',
    status,
    lastUpdateTime: timestamp(now),
    lastTransitionTime:
      before?.status === status ? (before.lastTransitionTime ?? timestamp(now)) : timestamp(now),
    reason,
    message: `ReplicaSet "${current}" ${what}`,
  });
  if (isComplete(deployment, counts))
    return condition('True', 'NewReplicaSetAvailable', 'has successfully progressed.');
  if (hasAdvanced(deployment.status, counts))
    return condition('True', 'ReplicaSetUpdated', 'is progressing.');
  const isOver = failsIn(deployment, deployment.status?.conditions, now) === 0;
  return isOver ? condition('False', 'ProgressDeadlineExceeded', 'has timed out progressing.') : undefined;
}

function hasAdvanced(before: DeploymentStatus = {}, after: DeploymentStatus): boolean {
  const old = ({ replicas = 0, updatedReplicas = 0 }: DeploymentStatus): number => replicas - updatedReplicas;
  const more = (member: keyof DeploymentStatus): boolean =>
    Number(after[member] ?? 0) > Number(before[member] ?? 0);
  return (
    more('updatedReplicas') || more('readyReplicas') || more('availableReplicas') || old(after) < old(before)
  );
}

function failsIn(
  { spec }: Deployment,
  conditions: readonly Condition[] | undefined,
  now: number,
): number | undefined {
  const progressing = conditionOf(conditions, 'Progressing');
  const isOver = progressing?.status !== 'True' || progressing.reason === 'NewReplicaSetAvailable';
  if (isOver || spec.progressDeadlineSeconds === undefined) return undefined;
  const last = Date.parse(String(progressing['lastUpdateTime']));
  return Math.max(0, last + spec.progressDeadlineSeconds * SECOND - now);
}

/** Unlike `withCondition`: the same news again is a new time of update. */
function replaced(conditions: readonly Condition[], next: Condition): readonly Condition[] {
  return [...conditions.filter(({ type }) => type !== next.type), next];
}
