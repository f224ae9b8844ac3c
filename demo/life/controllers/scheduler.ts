import { withCondition } from '../conditions.ts';
import { type Controller, itself, type World } from '../controller.ts';
import { type Node, NODES, type Pod, PODS } from '../kinds.ts';
import { isBeingDeleted, keyOf, splitKey } from '../objects.ts';
import { reasonAgainst } from '../placement.ts';
import { isEnded, specInOrder } from '../pods.ts';
import { timestamp } from '../time.ts';

const FROM = 'default-scheduler';
const TOPOLOGY = new Set(['topology.kubernetes.io/region', 'topology.kubernetes.io/zone']);

/** Assigns pods to nodes in turn, beginning where the seed says. */
export function createScheduler(world: World): Controller {
  const { objects } = world;
  let turn = Math.floor(world.random.fork('scheduler').next() * 1000);
  const isWaiting = (pod: Pod): boolean =>
    pod.spec.nodeName === undefined &&
    !isEnded(pod) &&
    !isBeingDeleted(pod) &&
    (pod.spec.schedulerName ?? FROM) === FROM;

  return {
    name: 'scheduler',
    watches: [
      {
        ...itself(PODS),
        concerns: ({ type, object }) =>
          type !== 'DELETED' && isWaiting(object as Pod) ? [keyOf(object)] : [],
      },
      {
        resource: NODES,
        concerns: ({ type, object, previous }) =>
          type !== 'DELETED' && object['spec'] === previous?.['spec']
            ? []
            : objects.list(PODS).filter(isWaiting).map(keyOf),
      },
    ],
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const pod = objects.get(PODS, namespace, name);
      if (pod === undefined || !isWaiting(pod)) return undefined;
      const nodes = objects.list(NODES);
      const fitting = nodes.filter((node) => reasonAgainst(pod.spec, node) === undefined);
      const node = fitting[turn++ % Math.max(1, fitting.length)];
      if (node === undefined) refuse(world, pod, nodes);
      else assign(world, pod, node);
      return undefined;
    },
  };
}

function assign(world: World, pod: Pod, node: Node): void {
  const labels = Object.entries(node.metadata.labels ?? {}).filter(([key]) => TOPOLOGY.has(key));
  const now = timestamp(world.clock.now());
  const { namespace = 'default', name } = pod.metadata;
  const bound = {
    ...pod,
    metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, ...Object.fromEntries(labels) } },
    spec: specInOrder({ ...pod.spec, nodeName: node.metadata.name }),
    status: { ...pod.status, conditions: withCondition(pod.status?.conditions, scheduled(pod, 'True', now)) },
  };
  world.objects.put(PODS, bound);
  const message = `Successfully assigned ${namespace}/${name} to ${node.metadata.name}`;
  world.events.tell(pod, { reason: 'Scheduled', message, from: FROM, action: 'Binding' });
}

function refuse(world: World, pod: Pod, nodes: readonly Node[]): void {
  const counts = new Map<string, number>();
  for (const node of nodes) {
    const reason = reasonAgainst(pod.spec, node) ?? '';
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const reasons = [...counts].map(([reason, count]) => `${count} node(s) ${reason}`).join(', ');
  const message =
    nodes.length === 0
      ? 'no nodes available to schedule pods'
      : `0/${nodes.length} nodes are available: ${reasons}. preemption: 0/${nodes.length} nodes are available: ${nodes.length} Preemption is not helpful for scheduling.`;
  const condition = {
    ...scheduled(pod, 'False', timestamp(world.clock.now())),
    reason: 'Unschedulable',
    message,
  };
  const conditions = withCondition(pod.status?.conditions, condition);
  if (conditions === pod.status?.conditions) return;
  world.objects.setStatus(PODS, pod, { ...pod.status, conditions });
  world.events.tell(pod, {
    type: 'Warning',
    reason: 'FailedScheduling',
    message,
    from: FROM,
    action: 'Scheduling',
  });
}

function scheduled(pod: Pod, status: string, lastTransitionTime: string) {
  return {
    type: 'PodScheduled',
    observedGeneration: pod.metadata.generation ?? 1,
    status,
    lastProbeTime: null,
    lastTransitionTime,
  };
}
