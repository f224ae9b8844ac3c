import { type Controller, controlled, itself, type World } from '../controller.ts';
import {
  type DaemonSet,
  DAEMON_SETS,
  type Node,
  NODES,
  type Pod,
  PODS,
  type PodSpec,
  type Toleration,
} from '../kinds.ts';
import { isBeingDeleted, keyOf, splitKey } from '../objects.ts';
import { availableIn, claimPods, createPod, isActive, isEnded, isReady } from '../pods.ts';
import { fits } from '../placement.ts';
import { scaled } from '../selectors.ts';
import { soonest, withoutZeros } from '../status.ts';
import { templateRevision, type TemplateRevision } from './template-revisions.ts';

const FROM = 'daemonset-controller';
const REVISION_LABEL = 'controller-revision-hash';

/** Keeps one pod on each node. */
export function createDaemonSets(world: World): Controller {
  const { objects } = world;
  return {
    name: 'daemonsets',
    watches: [
      itself(DAEMON_SETS),
      controlled(PODS, 'DaemonSet'),
      {
        resource: NODES,
        concerns: (change) =>
          isHeartbeat(change.previous, change.object) ? [] : objects.list(DAEMON_SETS).map(keyOf),
      },
    ],
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const set = objects.get(DAEMON_SETS, namespace, name);
      if (set === undefined) return undefined;
      const pods = claimPods(world, set, set.spec.selector);
      const inUse = new Set(pods.map(revisionOf).filter((revision) => revision !== undefined));
      const update = templateRevision(world, set, REVISION_LABEL, inUse);
      const nodes = objects
        .list(NODES)
        .filter((node) => fits({ ...set.spec.template.spec, tolerations: tolerationsOf(set) }, node));
      if (!isBeingDeleted(set)) {
        place(world, set, nodes, pods, update);
        replaceOutdated(world, set, nodes, update);
      }
      return writeStatus(world, set, nodes, update);
    },
  };
}

function isHeartbeat(previous: unknown, { spec }: { readonly [key: string]: unknown }): boolean {
  return (previous as Node | undefined)?.spec === spec;
}

function place(
  world: World,
  set: DaemonSet,
  nodes: readonly Node[],
  pods: readonly Pod[],
  { hash }: TemplateRevision,
): void {
  const names = new Set(nodes.map(({ metadata }) => metadata.name));
  const taken = new Set<string>();
  for (const pod of pods) {
    const node = nodeOf(pod);
    const isSurplus =
      node === undefined || !names.has(node) || isEnded(pod) || (taken.has(node) && !isBeingDeleted(pod));
    if (isSurplus && !isBeingDeleted(pod)) {
      world.objects.delete(PODS, pod);
      world.events.tell(set, {
        reason: 'SuccessfulDelete',
        message: `Deleted pod: ${pod.metadata.name}`,
        from: FROM,
      });
    }
    if (node !== undefined) taken.add(node);
  }
  for (const name of names) {
    if (taken.has(name)) continue;
    const { metadata } = createPod(world, set, set.spec.template, {
      labels: { [REVISION_LABEL]: hash, 'pod-template-generation': String(set.metadata.generation ?? 1) },
      spec: { affinity: affinityTo(name), tolerations: tolerationsOf(set) },
    });
    world.events.tell(set, {
      reason: 'SuccessfulCreate',
      message: `Created pod: ${metadata.name}`,
      from: FROM,
    });
  }
}

function affinityTo(node: string): NonNullable<PodSpec['affinity']> {
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: [node] }];
  return {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] },
    },
  };
}

/** A daemon's pods stay on nodes in trouble. */
function tolerationsOf({ spec }: DaemonSet): readonly Toleration[] {
  const taints = [
    ['not-ready', 'NoExecute'],
    ['unreachable', 'NoExecute'],
    ['disk-pressure', 'NoSchedule'],
    ['memory-pressure', 'NoSchedule'],
    ['pid-pressure', 'NoSchedule'],
    ['unschedulable', 'NoSchedule'],
  ] as const;
  const own = taints.map(([name, effect]) => ({
    key: `node.kubernetes.io/${name}`,
    operator: 'Exists',
    effect,
  }));
  return [...(spec.template.spec.tolerations ?? []), ...own];
}

/** The node that a pod is on, or is made for. */
function nodeOf({ spec }: Pod): string | undefined {
  const terms =
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return spec.nodeName ?? terms?.[0]?.matchFields?.[0]?.values?.[0];
}

function replaceOutdated(
  world: World,
  set: DaemonSet,
  nodes: readonly Node[],
  { hash }: TemplateRevision,
): void {
  if (set.spec.updateStrategy?.type === 'OnDelete') return;
  const pods = world.owners.controlled(PODS, set);
  const mayMiss = Math.max(
    1,
    scaled(set.spec.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, nodes.length, 'up'),
  );
  const missing = nodes.length - pods.filter((pod) => isActive(pod) && isReady(pod)).length;
  const outdated = pods.filter((pod) => isActive(pod) && revisionOf(pod) !== hash);
  const [broken, working] = [outdated.filter((pod) => !isReady(pod)), outdated.filter(isReady)];
  for (const pod of [...broken, ...working.slice(0, Math.max(0, mayMiss - missing))]) {
    world.objects.delete(PODS, pod);
    world.events.tell(set, {
      reason: 'SuccessfulDelete',
      message: `Deleted pod: ${pod.metadata.name}`,
      from: FROM,
    });
  }
}

function writeStatus(
  world: World,
  set: DaemonSet,
  nodes: readonly Node[],
  { hash }: TemplateRevision,
): number | undefined {
  const pods = world.owners.controlled(PODS, set).filter(isActive);
  const waits = pods.map((pod) => availableIn(pod, set.spec.minReadySeconds ?? 0, world.clock.now()));
  const numberAvailable = waits.filter((wait) => wait === 0).length;
  world.objects.setStatus(DAEMON_SETS, set, {
    currentNumberScheduled: pods.length,
    numberMisscheduled: 0,
    desiredNumberScheduled: nodes.length,
    numberReady: pods.filter(isReady).length,
    observedGeneration: set.metadata.generation ?? 1,
    ...withoutZeros({
      updatedNumberScheduled: pods.filter((pod) => revisionOf(pod) === hash).length,
      numberAvailable,
      numberUnavailable: nodes.length - numberAvailable,
    }),
  });
  return soonest(...waits.map((wait) => (wait === 0 ? undefined : wait)));
}

function revisionOf({ metadata }: Pod): string | undefined {
  return metadata.labels?.[REVISION_LABEL];
}
