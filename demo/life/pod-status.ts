import { conditionOf } from './conditions.ts';
import type { Condition, ContainerStatus, Pod, PodStatus } from './kinds.ts';
import { isBeingDeleted } from './objects.ts';
import { qosClassOf } from './pods.ts';
import { timestamp } from './time.ts';

export interface Observed {
  readonly now: number;
  readonly hostIP: string;
  /** Undefined before there is a network. */
  readonly podIP: string | undefined;
  readonly initContainerStatuses: readonly ContainerStatus[];
  readonly containerStatuses: readonly ContainerStatus[];
}

/** A pod's status as the kubelet reports it, from the states of its containers. */
export function podStatus(pod: Pod, observed: Observed): PodStatus {
  const { hostIP, podIP, initContainerStatuses, containerStatuses } = observed;
  const phase = phaseOf(pod, containerStatuses);
  return {
    observedGeneration: pod.metadata.generation ?? 1,
    phase,
    conditions: conditionsOf(pod, phase, observed),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(podIP === undefined ? {} : { podIP, podIPs: [{ ip: podIP }] }),
    startTime: pod.status?.startTime ?? timestamp(observed.now),
    ...(initContainerStatuses.length === 0 ? {} : { initContainerStatuses }),
    containerStatuses,
    qosClass: pod.status?.qosClass ?? qosClassOf(pod.spec),
  };
}

function phaseOf(pod: Pod, statuses: readonly ContainerStatus[]): string {
  const isOver = statuses.every(({ state }) => state.terminated !== undefined);
  const exits = statuses.map(({ state }) => state.terminated?.exitCode ?? 0);
  const restarts = pod.spec.restartPolicy ?? 'Always';
  const hasFailed = exits.some((code) => code !== 0);
  if (isOver && (restarts === 'Never' || (restarts === 'OnFailure' && !hasFailed) || isBeingDeleted(pod))) {
    return hasFailed ? 'Failed' : 'Succeeded';
  }
  const isYetToStart = statuses.some(
    ({ state, lastState }) => state.waiting !== undefined && lastState.terminated === undefined,
  );
  return isYetToStart ? 'Pending' : 'Running';
}

function conditionsOf(
  pod: Pod,
  phase: string,
  { now, podIP, initContainerStatuses, containerStatuses }: Observed,
): readonly Condition[] {
  const unready = containerStatuses.filter(({ ready }) => !ready).map(({ name }) => name);
  const isOver = phase === 'Succeeded' || phase === 'Failed';
  const blame = isOver
    ? { reason: phase === 'Failed' ? 'PodFailed' : 'PodCompleted' }
    : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
  const uninitialized = initContainerStatuses
    .filter(({ state }) => state.terminated === undefined)
    .map(({ name }) => name);
  const wanted: readonly (readonly [type: string, isTrue: boolean, blame?: object])[] = [
    ['PodReadyToStartContainers', podIP !== undefined && !isOver],
    [
      'Initialized',
      uninitialized.length === 0,
      {
        reason: 'ContainersNotInitialized',
        message: `containers with incomplete status: [${uninitialized.join(' ')}]`,
      },
    ],
    ['Ready', unready.length === 0 && !isOver, blame],
    ['ContainersReady', unready.length === 0 && !isOver, blame],
    ['PodScheduled', true],
  ];
  const own = wanted.map(([type, isTrue, why = {}]) => condition(pod, now, { type, isTrue, why }));
  // Readiness gates and whatever else others have put there.
  const others = (pod.status?.conditions ?? []).filter(
    (other) => !wanted.some(([type]) => type === other.type),
  );
  return [...own, ...others];
}

function condition(
  pod: Pod,
  now: number,
  { type, isTrue, why }: { type: string; isTrue: boolean; why: object },
): Condition {
  const before = conditionOf(pod.status?.conditions, type);
  const status = isTrue ? 'True' : 'False';
  return {
    type,
    observedGeneration: pod.metadata.generation ?? 1,
    status,
    lastProbeTime: null,
    lastTransitionTime:
      before?.status === status ? (before.lastTransitionTime ?? timestamp(now)) : timestamp(now),
    ...(isTrue ? {} : why),
  };
}
