import { isDeepStrictEqual } from 'node:util';
import { nameHash } from '../chance.ts';
import { withCondition } from '../conditions.ts';
import type { World } from '../controller.ts';
import {
  type Deployment,
  DEPLOYMENTS,
  type Labels,
  type PodTemplate,
  REPLICA_SETS,
  type ReplicaSet,
} from '../kinds.ts';
import { controlledBy } from '../objects.ts';
import { timestamp } from '../time.ts';
import { annotateScale, bounds } from './rolling.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const HISTORY = 'deployment.kubernetes.io/revision-history';
const HASH = 'pod-template-hash';
/** Annotations of a deployment that its ReplicaSets do not get. */
const NOT_COPIED = new Set(['kubectl.kubernetes.io/last-applied-configuration', REVISION, HISTORY]);

/**
 * The ReplicaSet with the deployment's template: the one that is there, also after a rollback, else a new one. It carries
 * the newest revision's number.
 */
export function replicaSetFor(world: World, deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet {
  const known = sets
    .toSorted((a, b) =>
      (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? ''),
    )
    .find((set) => hasTemplateOf(set, deployment));
  const newest = Math.max(
    0,
    ...sets.filter((set) => set !== known).map((set) => revisionOf(set.metadata.annotations)),
  );
  if (known === undefined) return createSet(world, deployment, newest + 1);
  const revision = Math.max(revisionOf(known.metadata.annotations), newest + 1);
  const set = world.objects.update(REPLICA_SETS, {
    ...known,
    metadata: {
      ...known.metadata,
      annotations: annotationsOf(deployment, revision, known.metadata.annotations),
    },
  });
  noteRevision(world, deployment, revision);
  return set;
}

function hasTemplateOf(set: ReplicaSet, { spec }: Deployment): boolean {
  return isDeepStrictEqual(withoutHash(set.spec.template), withoutHash(spec.template));
}

function withoutHash(template: PodTemplate): unknown {
  const { [HASH]: _hash, ...labels } = template.metadata?.labels ?? {};
  const { creationTimestamp: _never, ...metadata } = (template.metadata ?? {}) as Readonly<
    Record<string, unknown>
  >;
  return { spec: template.spec, metadata: { ...metadata, labels } };
}

function createSet(world: World, deployment: Deployment, revision: number): ReplicaSet {
  const { metadata, spec, status } = deployment;
  const hash = nameHash(withoutHash(spec.template), status?.collisionCount ?? 0);
  const name = `${metadata.name}-${hash}`;
  if (world.objects.get(REPLICA_SETS, metadata.namespace, name) !== undefined) {
    const collided = world.objects.setStatus(DEPLOYMENTS, deployment, {
      ...status,
      collisionCount: (status?.collisionCount ?? 0) + 1,
    });
    return createSet(world, collided, revision);
  }
  const labels = { ...spec.template.metadata?.labels, [HASH]: hash };
  const { maxSurge } = bounds(deployment);
  const set = world.objects.create(REPLICA_SETS, {
    metadata: {
      name,
      namespace: metadata.namespace ?? 'default',
      labels,
      annotations: annotateScale(annotationsOf(deployment, revision), spec.replicas ?? 1, maxSurge),
      ownerReferences: [controlledBy(deployment)],
    },
    spec: {
      // Scaled up at once by the rollout; beginning with none keeps all scaling in one place.
      replicas: 0,
      ...(spec.minReadySeconds === undefined ? {} : { minReadySeconds: spec.minReadySeconds }),
      selector: { ...spec.selector, matchLabels: { ...spec.selector.matchLabels, [HASH]: hash } },
      template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
    },
    status: { replicas: 0 },
  });
  noteRevision(world, deployment, revision, name);
  return set;
}

function revisionOf(annotations: Labels | undefined): number {
  return Number(annotations?.[REVISION] ?? 0);
}

function annotationsOf(deployment: Deployment, revision: number, before: Labels = {}): Labels {
  const own = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !NOT_COPIED.has(key));
  const last = before[REVISION];
  const history =
    last === undefined || last === String(revision)
      ? before[HISTORY]
      : [before[HISTORY], last].filter(Boolean).join(',');
  return {
    ...before,
    ...Object.fromEntries(own),
    [REVISION]: String(revision),
    ...(history === undefined ? {} : { [HISTORY]: history }),
  };
}

/** @param created the name of a ReplicaSet that has just been made for it */
function noteRevision(world: World, deployment: Deployment, revision: number, created?: string): void {
  const { namespace, name } = deployment.metadata;
  const live = world.objects.get(DEPLOYMENTS, namespace, name);
  if (live === undefined) return;
  const annotations = { ...live.metadata.annotations, [REVISION]: String(revision) };
  const noted = world.objects.update(DEPLOYMENTS, { ...live, metadata: { ...live.metadata, annotations } });
  if (created === undefined) return;
  const now = timestamp(world.clock.now());
  const conditions = withCondition(noted.status?.conditions, {
    type: 'Progressing',
    status: 'True',
    lastUpdateTime: now,
    lastTransitionTime: now,
    reason: 'NewReplicaSetCreated',
    message: `Created new replica set "${created}"`,
  });
  world.objects.setStatus(DEPLOYMENTS, noted, { ...noted.status, conditions });
}
