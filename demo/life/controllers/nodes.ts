import { type Controller, itself, type World } from '../controller.ts';
import { LEASES, type Node, NODES } from '../kinds.ts';
import { MINUTE, microTime, SECOND, timestamp } from '../time.ts';

const LEASE_NAMESPACE = 'kube-node-lease';
const RENEW_MS = 10 * SECOND;
/** Nodes report their conditions this often when nothing about them changes. */
const REPORT_MS = 5 * MINUTE;
const CORDONED = 'node.kubernetes.io/unschedulable';

/** Nodes renew their leases and repeat their conditions; a cordoned one gets its taint. */
export function createNodes(world: World): Controller {
  const { objects, clock } = world;
  const reportedAt = new Map<string, number>();
  /** Those that have renewed their lease since the present has begun. */
  const awake = new Set<string>();
  return {
    name: 'nodes',
    watches: [itself(NODES)],
    reconcile(name) {
      const node = objects.get(NODES, undefined, name);
      if (node === undefined) {
        reportedAt.delete(name);
        return undefined;
      }
      taintIfCordoned(world, node);
      const isPast = world.agoMs() > 0;
      if (world.isStill() && awake.has(name)) return undefined;
      if (!isPast) awake.add(name);
      renewLease(world, node);
      if (isPast) return undefined;
      if (clock.now() - (reportedAt.get(name) ?? 0) >= REPORT_MS) {
        reportedAt.set(name, clock.now());
        repeatConditions(world, node);
      }
      return RENEW_MS;
    },
  };
}

function taintIfCordoned({ objects }: World, node: Node): void {
  const taints = node.spec.taints ?? [];
  const isTainted = taints.some(({ key }) => key === CORDONED);
  if (isTainted === (node.spec.unschedulable === true)) return;
  const { taints: _, ...spec } = node.spec;
  const left = isTainted
    ? taints.filter(({ key }) => key !== CORDONED)
    : [...taints, { key: CORDONED, effect: 'NoSchedule' }];
  objects.update(NODES, { ...node, spec: left.length === 0 ? spec : { ...spec, taints: left } });
}

function renewLease({ objects, clock }: World, { metadata }: Node): void {
  const renewTime = microTime(clock.now());
  const lease = objects.get(LEASES, LEASE_NAMESPACE, metadata.name);
  if (lease !== undefined) {
    objects.update(LEASES, { ...lease, spec: { ...lease.spec, renewTime } });
    return;
  }
  const owner = { apiVersion: 'v1', kind: 'Node', name: metadata.name, uid: metadata.uid ?? '' };
  objects.create(LEASES, {
    metadata: { name: metadata.name, namespace: LEASE_NAMESPACE, ownerReferences: [owner] },
    spec: { holderIdentity: metadata.name, leaseDurationSeconds: 40, renewTime },
  });
}

function repeatConditions({ objects, clock }: World, node: Node): void {
  const now = timestamp(clock.now());
  const conditions = (node.status?.conditions ?? []).map((condition) => ({
    ...condition,
    lastHeartbeatTime: now,
  }));
  objects.setStatus(NODES, node, { ...node.status, conditions });
}
