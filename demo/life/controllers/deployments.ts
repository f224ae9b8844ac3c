import { matchesLabelSelector } from '../../api/label-selector.ts';
import { type Controller, controlled, itself, type World } from '../controller.ts';
import { type Deployment, DEPLOYMENTS, PODS, REPLICA_SETS, type ReplicaSet } from '../kinds.ts';
import { controlledBy, controllerOf, isBeingDeleted, keyOf, splitKey } from '../objects.ts';
import { wouldAdopt } from '../pods.ts';
import { soonest } from '../status.ts';
import { writeStatus } from './deployment-status.ts';
import { replicaSetFor } from './revisions-of-deployments.ts';
import { roll, scaleTo } from './rolling.ts';

/** Turns Deployments into ReplicaSets, and rolls from one to the next. */
export function createDeployments(world: World): Controller {
  return {
    name: 'deployments',
    watches: [
      itself(DEPLOYMENTS),
      controlled(REPLICA_SETS, 'Deployment'),
      {
        resource: REPLICA_SETS,
        concerns: ({ object }) =>
          wouldAdopt(world.objects.list(DEPLOYMENTS, object.metadata.namespace), object),
      },
      // A deployment that recreates waits until the last old pod is gone.
      {
        resource: PODS,
        concerns: ({ type, object }) =>
          type === 'DELETED'
            ? deploymentOf(world, controllerOf(object)?.name, object.metadata.namespace)
            : [],
      },
    ],
    reconcile: (key) => reconcile(world, key),
  };
}

function reconcile(world: World, key: string): number | undefined {
  const { namespace, name } = splitKey(key);
  const deployment = world.objects.get(DEPLOYMENTS, namespace, name);
  if (deployment === undefined) return undefined;
  const sets = claimSets(world, deployment);
  if (isBeingDeleted(deployment)) return writeStatus(world, deployment, sets);
  if (deployment.spec.paused === true) {
    scalePaused(world, deployment, sets);
    return writeStatus(world, deployment, sets);
  }
  const current = replicaSetFor(world, deployment, sets);
  const live = world.objects.get(DEPLOYMENTS, namespace, name) ?? deployment;
  roll(
    world,
    live,
    current,
    claimSets(world, live).filter(({ metadata }) => metadata.uid !== current.metadata.uid),
  );
  const wait = writeStatus(world, live, claimSets(world, live), current.metadata.name);
  forgetOld(world, live, claimSets(world, live), current);
  return soonest(wait);
}

function claimSets(world: World, deployment: Deployment): readonly ReplicaSet[] {
  const mine = world.owners.controlled(REPLICA_SETS, deployment);
  if (isBeingDeleted(deployment)) return mine;
  const adopted = world.owners
    .orphans(REPLICA_SETS, deployment.metadata.namespace)
    .filter(
      (set) => !isBeingDeleted(set) && matchesLabelSelector(deployment.spec.selector, set.metadata.labels),
    )
    .map((set) => {
      const ownerReferences = [...(set.metadata.ownerReferences ?? []), controlledBy(deployment)];
      return world.objects.update(REPLICA_SETS, { ...set, metadata: { ...set.metadata, ownerReferences } });
    });
  return [...mine, ...adopted];
}

/** A paused deployment follows `replicas`, and nothing else. */
function scalePaused(world: World, deployment: Deployment, sets: readonly ReplicaSet[]): void {
  const [only, ...others] = sets.filter(({ spec }) => (spec.replicas ?? 0) > 0);
  if (only !== undefined && others.length === 0)
    scaleTo(world, deployment, only, deployment.spec.replicas ?? 1);
}

function forgetOld(
  world: World,
  { spec }: Deployment,
  sets: readonly ReplicaSet[],
  current: ReplicaSet,
): void {
  const old = sets
    .filter(({ metadata }) => metadata.uid !== current.metadata.uid)
    .filter(({ spec, status }) => (spec.replicas ?? 0) === 0 && (status?.replicas ?? 0) === 0)
    .toSorted((a, b) => revisionOf(a) - revisionOf(b));
  const surplus = old.slice(0, Math.max(0, old.length - (spec.revisionHistoryLimit ?? 10)));
  for (const set of surplus) world.objects.delete(REPLICA_SETS, set);
}

function revisionOf({ metadata }: ReplicaSet): number {
  return Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
}

function deploymentOf(
  world: World,
  setName: string | undefined,
  namespace: string | undefined,
): readonly string[] {
  const set = setName === undefined ? undefined : world.objects.get(REPLICA_SETS, namespace, setName);
  const owner = set && controllerOf(set);
  const deployment = owner && world.objects.get(DEPLOYMENTS, namespace, owner.name);
  return deployment === undefined ? [] : [keyOf(deployment)];
}
