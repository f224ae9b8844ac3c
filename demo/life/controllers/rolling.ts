import type { World } from '../controller.ts';
import { type Deployment, type Labels, PODS, REPLICA_SETS, type ReplicaSet } from '../kinds.ts';
import { scaled } from '../selectors.ts';

/** How many pods there may be too many or too few during a rollout. */
export function bounds({ spec }: Deployment): { readonly maxSurge: number; readonly maxUnavailable: number } {
  const replicas = spec.replicas ?? 1;
  if (spec.strategy?.type === 'Recreate') return { maxSurge: 0, maxUnavailable: replicas };
  const maxSurge = scaled(spec.strategy?.rollingUpdate?.maxSurge ?? '25%', replicas, 'up');
  const maxUnavailable = scaled(spec.strategy?.rollingUpdate?.maxUnavailable ?? '25%', replicas, 'down');
  // With neither, nothing could ever be replaced.
  return {
    maxSurge,
    maxUnavailable: maxSurge === 0 && maxUnavailable === 0 ? 1 : Math.min(maxUnavailable, replicas),
  };
}

/** One step of a rollout from `old` to `current`. */
export function roll(
  world: World,
  deployment: Deployment,
  current: ReplicaSet,
  old: readonly ReplicaSet[],
): void {
  if (deployment.spec.strategy?.type === 'Recreate') recreate(world, deployment, current, old);
  else if (!growCurrent(world, deployment, current, old)) shrinkOld(world, deployment, current, old);
}

function recreate(
  world: World,
  deployment: Deployment,
  current: ReplicaSet,
  old: readonly ReplicaSet[],
): void {
  for (const set of old) scaleTo(world, deployment, set, 0);
  const isGone = old.every((set) => world.owners.controlled(PODS, set).length === 0);
  if (isGone) scaleTo(world, deployment, current, deployment.spec.replicas ?? 1);
}

/** Answers whether anything was changed: one thing at a time. */
function growCurrent(
  world: World,
  deployment: Deployment,
  current: ReplicaSet,
  old: readonly ReplicaSet[],
): boolean {
  const wanted = deployment.spec.replicas ?? 1;
  const has = current.spec.replicas ?? 0;
  if (has >= wanted) return scaleTo(world, deployment, current, wanted);
  const room = wanted + bounds(deployment).maxSurge - total([current, ...old]);
  return scaleTo(world, deployment, current, has + Math.max(0, Math.min(room, wanted - has)));
}

function shrinkOld(
  world: World,
  deployment: Deployment,
  current: ReplicaSet,
  old: readonly ReplicaSet[],
): void {
  const atLeast = (deployment.spec.replicas ?? 1) - bounds(deployment).maxUnavailable;
  const currentMissing = (current.spec.replicas ?? 0) - (current.status?.availableReplicas ?? 0);
  const byAge = old.toSorted((a, b) =>
    (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? ''),
  );
  // Old pods that do not work go first: they would only use up what may be unavailable.
  let removable = total([current, ...old]) - atLeast - currentMissing;
  const afterCleanup = byAge.map((set) => {
    const has = set.spec.replicas ?? 0;
    const broken = Math.max(0, Math.min(removable, has - (set.status?.availableReplicas ?? 0)));
    removable -= broken;
    return { set, has: has - broken, available: Math.min(has - broken, set.status?.availableReplicas ?? 0) };
  });
  if (total([current, ...old]) - atLeast - currentMissing <= 0) return;
  let spare =
    (current.status?.availableReplicas ?? 0) +
    afterCleanup.reduce((sum, { available }) => sum + available, 0) -
    atLeast;
  for (const { set, has } of afterCleanup) {
    const fewer = Math.max(0, Math.min(spare, has));
    spare -= fewer;
    scaleTo(world, deployment, set, has - fewer);
  }
}

function total(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, { spec }) => sum + (spec.replicas ?? 0), 0);
}

/** Answers whether the number changed. */
export function scaleTo(world: World, deployment: Deployment, set: ReplicaSet, replicas: number): boolean {
  const before = set.spec.replicas ?? 0;
  const { maxSurge } = bounds(deployment);
  const annotations = annotateScale(set.metadata.annotations, deployment.spec.replicas ?? 1, maxSurge);
  world.objects.update(REPLICA_SETS, {
    ...set,
    metadata: { ...set.metadata, annotations },
    spec: { ...set.spec, replicas },
  });
  if (before === replicas) return false;
  world.events.tell(deployment, {
    reason: 'ScalingReplicaSet',
    message: `Scaled ${replicas > before ? 'up' : 'down'} replica set ${set.metadata.name} from ${before} to ${replicas}`,
    from: 'deployment-controller',
  });
  return true;
}

export function annotateScale(annotations: Labels = {}, replicas: number, maxSurge: number): Labels {
  return {
    ...annotations,
    'deployment.kubernetes.io/desired-replicas': String(replicas),
    'deployment.kubernetes.io/max-replicas': String(replicas + maxSurge),
  };
}
