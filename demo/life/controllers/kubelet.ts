import { between } from '../chance.ts';
import {
  backedOff,
  backOffMs,
  COMPLETED,
  CRASHED,
  ended,
  type Exit,
  started,
  waitingStatus,
} from '../containers.ts';
import { type Controller, itself, type World } from '../controller.ts';
import { Addresses } from '../addresses.ts';
import { type Container, type ContainerStatus, NODES, type Pod, PODS } from '../kinds.ts';
import { controllerOf, isBeingDeleted, splitKey } from '../objects.ts';
import { podStatus } from '../pod-status.ts';
import { isEnded } from '../pods.ts';
import { soonest } from '../status.ts';
import { SECOND } from '../time.ts';
import { tellBackOff, tellKilling, tellStart } from './kubelet-events.ts';

/** Pods with this annotation end by themselves, successfully, after so many seconds. */
const RUN_SECONDS = 'demo.kubegraph.dev/run-seconds';
/** Pods with this annotation, and containers whose image has the word in its name, crash again and again. */
const CRASH = 'demo.kubegraph.dev/crash';

/** What a container does next, and when. */
interface Plan {
  readonly at: number;
  readonly next: 'start' | 'ready' | 'end' | 'again';
  readonly exit?: Exit;
}

/** What the kubelets remember of a pod between two looks. */
interface Memory {
  readonly uid: string;
  readonly podIP: string | undefined;
  readonly plans: Map<string, Plan>;
  /** When a pod that is being deleted will have ended. */
  goneAt?: number;
}

export interface Kubelet extends Controller {
  /** Has a container end now; it is restarted as its pod's policy says. */
  end(pod: Pod, container: string, exit: Exit): void;
}

/** Runs pods on all nodes: nothing is executed, but everything is reported as if it were. */
export function createKubelet(world: World): Kubelet {
  const { objects, clock } = world;
  const random = world.random.fork('kubelet');
  const memories = new Map<string, Memory>();
  const addresses = new Addresses('10.244');

  const forget = (key: string): void => {
    addresses.giveBack(memories.get(key)?.podIP);
    memories.delete(key);
  };

  const recall = (key: string, pod: Pod): Memory => {
    const known = memories.get(key);
    if (known !== undefined && known.uid === pod.metadata.uid) return known;
    forget(key);
    const podIP = pod.spec.hostNetwork === true ? undefined : addresses.take();
    const memory: Memory = { uid: pod.metadata.uid ?? '', podIP, plans: new Map() };
    memories.set(key, memory);
    return memory;
  };

  return {
    name: 'kubelet',
    watches: [itself(PODS)],
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const pod = objects.get(PODS, namespace, name);
      if (pod?.spec.nodeName === undefined || (isEnded(pod) && !isBeingDeleted(pod))) {
        forget(key);
        return undefined;
      }
      const memory = recall(key, pod);
      if (isBeingDeleted(pod)) return terminate(pod, memory);
      // Without the node there is no kubelet to run it.
      if (objects.get(NODES, undefined, pod.spec.nodeName) === undefined) return undefined;
      if (pod.status?.containerStatuses === undefined) return prepare(pod, memory);
      return run(pod, memory);
    },
    end(pod, container, exit) {
      const key = `${pod.metadata.namespace ?? ''}/${pod.metadata.name}`;
      recall(key, pod).plans.set(container, { at: clock.now(), next: 'end', exit });
      run(pod, recall(key, pod));
    },
  };

  /** The pod has come to its node: containers are being created. */
  function prepare(pod: Pod, memory: Memory): number {
    const { containers, initContainers = [] } = pod.spec;
    const reason = initContainers.length > 0 ? 'PodInitializing' : 'ContainerCreating';
    const at = clock.now() + between(random, 0.6, 1.8) * SECOND;
    for (const { name } of containers) memory.plans.set(name, { at, next: 'start' });
    report(pod, {
      podIP: undefined,
      initContainerStatuses: initContainers.map((container) => waitingStatus(container, 'PodInitializing')),
      containerStatuses: containers.map((container) => waitingStatus(container, reason)),
    });
    return at - clock.now();
  }

  function run(pod: Pod, memory: Memory): number | undefined {
    const statuses = pod.status?.containerStatuses ?? [];
    const next = statuses.map((status) => advance(pod, memory, status));
    const changed = next.some((status, at) => status !== statuses[at]);
    if (changed) {
      const initContainerStatuses = (pod.status?.initContainerStatuses ?? []).map((status) =>
        initialized(pod, status),
      );
      report(pod, { podIP: memory.podIP, initContainerStatuses, containerStatuses: next });
    }
    return soonest(...[...memory.plans.values()].map(({ at }) => Math.max(0, at - clock.now())));
  }

  function initialized(pod: Pod, status: ContainerStatus): ContainerStatus {
    if (status.state.terminated !== undefined) return status;
    return ended(started(status, pod, { now: clock.now(), isReady: true }), COMPLETED, clock.now());
  }

  /** Does what is due for one container; answers the same status when nothing is. */
  function advance(pod: Pod, memory: Memory, status: ContainerStatus): ContainerStatus {
    const container = pod.spec.containers.find(({ name }) => name === status.name);
    const plan = memory.plans.get(status.name);
    if (container === undefined || plan === undefined || plan.at > clock.now()) return status;
    memory.plans.delete(status.name);
    switch (plan.next) {
      case 'start':
        return start(pod, memory, container, status);
      case 'ready':
        planEnd(pod, memory, container);
        return { ...status, ready: true };
      case 'end':
        return end(pod, memory, status, plan.exit ?? COMPLETED);
      case 'again':
        return retry(pod, memory, container, status);
    }
  }

  function start(pod: Pod, memory: Memory, container: Container, status: ContainerStatus): ContainerStatus {
    const probe = container.readinessProbe;
    if (probe === undefined || crashes(pod, container)) planEnd(pod, memory, container);
    else {
      const delay = Math.min(5, probe.initialDelaySeconds ?? 0) + between(random, 0.5, 2);
      memory.plans.set(container.name, { at: clock.now() + delay * SECOND, next: 'ready' });
    }
    const next = started(status, pod, { now: clock.now(), isReady: probe === undefined });
    tellStart(world, pod, container, {
      isFirst: next.restartCount === 0,
      pullMs: Math.round(between(random, 300, 1500)),
    });
    return next;
  }

  /** Most containers run on; some end by themselves. */
  function planEnd(pod: Pod, memory: Memory, container: Container): void {
    const { name } = container;
    const { annotations = {} } = pod.metadata;
    const isJob = controllerOf(pod)?.kind === 'Job';
    const plan = (seconds: number, exit: Exit): void => {
      memory.plans.set(name, { at: clock.now() + seconds * SECOND, next: 'end', exit });
    };
    if (crashes(pod, container)) plan(between(random, 1, 3), CRASHED);
    else if (annotations[RUN_SECONDS] !== undefined) plan(Number(annotations[RUN_SECONDS]), COMPLETED);
    else if (isJob) plan(between(random, 2, 6), COMPLETED);
  }

  function end(pod: Pod, memory: Memory, status: ContainerStatus, exit: Exit): ContainerStatus {
    if (status.state.running === undefined) return status;
    const { restartPolicy = 'Always' } = pod.spec;
    const isRestarted = restartPolicy === 'Always' || (restartPolicy === 'OnFailure' && exit.exitCode !== 0);
    if (isRestarted)
      memory.plans.set(status.name, { at: clock.now() + between(random, 0.5, 1.5) * SECOND, next: 'again' });
    return ended(status, exit, clock.now());
  }

  /** The first restart comes at once, and so does one after a long good run; the others wait longer and longer. */
  function retry(pod: Pod, memory: Memory, container: Container, status: ContainerStatus): ContainerStatus {
    const { terminated } = status.state;
    if (terminated === undefined) return world.isStill() ? status : start(pod, memory, container, status);
    const ranFor = Date.parse(terminated.finishedAt) - Date.parse(terminated.startedAt);
    const pause = backOffMs(status.restartCount);
    if (status.restartCount === 0 || ranFor > 2 * pause) return start(pod, memory, container, status);
    tellBackOff(world, pod, container);
    memory.plans.set(container.name, { at: clock.now() + pause, next: 'again' });
    return backedOff(status, pod);
  }

  function terminate(pod: Pod, memory: Memory): number | undefined {
    const now = clock.now();
    if (memory.goneAt === undefined) {
      const grace = Math.min(between(random, 0.4, 1.6), pod.metadata.deletionGracePeriodSeconds ?? 30);
      memory.goneAt = now + grace * SECOND;
      for (const container of pod.spec.containers) tellKilling(world, pod, container);
    }
    if (memory.goneAt > now) return memory.goneAt - now;
    const containerStatuses = (pod.status?.containerStatuses ?? []).map((status) =>
      status.state.running === undefined ? status : ended(status, COMPLETED, now),
    );
    const { initContainerStatuses = [] } = pod.status ?? {};
    if (!isEnded(pod)) report(pod, { podIP: memory.podIP, initContainerStatuses, containerStatuses });
    objects.remove(PODS, pod);
    return undefined;
  }

  function report(
    pod: Pod,
    observed: Pick<Parameters<typeof podStatus>[1], 'podIP' | 'initContainerStatuses' | 'containerStatuses'>,
  ): void {
    const node = objects.get(NODES, undefined, pod.spec.nodeName ?? '');
    const hostIP = node?.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '127.0.0.1';
    const podIP = pod.spec.hostNetwork === true ? hostIP : observed.podIP;
    objects.setStatus(PODS, pod, podStatus(pod, { ...observed, podIP, now: clock.now(), hostIP }));
  }
}

function crashes({ metadata }: Pod, { image = '' }: Container): boolean {
  return metadata.annotations?.[CRASH] !== undefined || image.includes('crash');
}
