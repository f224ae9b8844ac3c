import type { Clock, Random } from '../api/clock.ts';
import type { Registry } from '../api/resource.ts';
import type { Store } from '../storage/store.ts';
import type { LogSource } from '../streams/logs.ts';
import type { Controller, World } from './controller.ts';
import { createAutoscalers } from './controllers/autoscalers.ts';
import { createCronJobs } from './controllers/cron-jobs.ts';
import { createDaemonSets } from './controllers/daemon-sets.ts';
import { createDeployments } from './controllers/deployments.ts';
import { createDisruptionBudgets } from './controllers/disruption-budgets.ts';
import { createEndpoints } from './controllers/endpoints.ts';
import { createFleets } from './controllers/fleets.ts';
import { createGarbageCollector } from './controllers/garbage.ts';
import { createJobs } from './controllers/jobs.ts';
import { createKubelet } from './controllers/kubelet.ts';
import { createNamespaces } from './controllers/namespaces.ts';
import { createNodes } from './controllers/nodes.ts';
import { createReplicaSets } from './controllers/replica-sets.ts';
import { createScheduler } from './controllers/scheduler.ts';
import { createServices } from './controllers/services.ts';
import { createStatefulSets } from './controllers/stateful-sets.ts';
import { createVolumes } from './controllers/volumes.ts';
import { Recorder } from './events.ts';
import { AUTOSCALERS, CRON_JOBS, FLEETS, NODES, type Resource } from './kinds.ts';
import { createContainerLogs } from './logs.ts';
import { keyOf, Objects } from './objects.ts';
import { Owners } from './owners.ts';
import { Queue } from './queue.ts';
import { runScript } from './script.ts';
import { StoryClock } from './story-clock.ts';
import { STORY, STORY_MS } from './story.ts';
import { MINUTE } from './time.ts';

export interface LifeCluster {
  readonly store: Store;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly random: Random;
}

export interface LifeOptions {
  /** Nothing changes by itself: no heartbeats, rollouts, restarts, scheduled jobs. What is written still has its effects. */
  readonly quiet: boolean;
  /** PEM, for the `kube-root-ca.crt` of each namespace. Default: a line that says there is none. */
  readonly rootCertificates?: string;
  /** Is told of what a controller could not cope with; all others go on. Default: throws it. */
  readonly onError?: (error: unknown) => void;
}

export interface Life {
  /** Fills the store with the initial cluster: when this returns everything in it runs. Then life goes on by the clock. */
  start(): void;
  /** Ends all timers and subscriptions. The store stays as it is. */
  stop(): void;
  /** The output of containers. */
  readonly logs: LogSource;
}

/** The control plane's other half: controllers, a scheduler, kubelets, and a story for them to live in. */
export function createLife(cluster: LifeCluster, options: LifeOptions): Life {
  const { store, registry } = cluster;
  const clock = new StoryClock(cluster.clock, STORY_MS);
  const random = cluster.random.fork('life');
  const objects = new Objects({ store, clock, random });
  const owners = new Owners(store, registry);
  const events = new Recorder({ objects, clock, random });
  const world: World = {
    objects,
    owners,
    events,
    registry,
    clock,
    random,
    agoMs: () => clock.agoMs,
    isStill: () => options.quiet && !clock.isPast,
  };
  const queue = new Queue(clock, options.onError ?? rethrow);
  const kubelet = createKubelet(world);
  const controllers = createControllers(world, options, queue);
  const endings: (() => void)[] = [];
  let stillSince: number | undefined;

  return {
    logs: createContainerLogs({ store, clock: cluster.clock, stillSince: () => stillSince }),
    start() {
      owners.start();
      endings.push(
        events.follow(store),
        () => owners.stop(),
        () => queue.stop(),
        () => clock.stop(),
      );
      for (const controller of [kubelet, ...controllers]) queue.run(controller, store);
      liveThroughStory(world, clock);
      if (options.quiet) stillSince = cluster.clock.now();
      wake(world, queue, controllers);
      queue.settle();
      // Nobody has seen the past: watching begins here.
      store.compact();
      if (options.quiet) return;
      endings.push(runScript(world, kubelet), tidyEvents(world));
    },
    stop() {
      for (const end of endings.splice(0).toReversed()) end();
    },
  };
}

function createControllers(
  world: World,
  { rootCertificates = '# no certificates' }: LifeOptions,
  queue: Queue,
): readonly Controller[] {
  const garbage: Controller = createGarbageCollector(world, (key) => queue.add(garbage, key));
  const namespaces: Controller = createNamespaces(world, rootCertificates, (name) =>
    queue.add(namespaces, name),
  );
  return [
    garbage,
    namespaces,
    createNodes(world),
    createServices(world),
    createVolumes(world),
    createDeployments(world),
    createReplicaSets(world),
    createStatefulSets(world),
    createDaemonSets(world),
    createJobs(world),
    createCronJobs(world),
    createScheduler(world),
    createEndpoints(world),
    createDisruptionBudgets(world),
    createAutoscalers(world),
    createFleets(world),
  ];
}

function liveThroughStory(world: World, clock: StoryClock): void {
  for (const { agoMs, tell } of STORY) {
    clock.windTo(agoMs);
    tell(world);
  }
  clock.arrive();
}

/** What repeats for ever was left out of the past: it begins now. */
const REPEATING: readonly Resource[] = [NODES, AUTOSCALERS, CRON_JOBS, FLEETS];

function wake({ objects }: World, queue: Queue, controllers: readonly Controller[]): void {
  for (const resource of REPEATING) {
    const controller = controllers.find(({ watches }) => watches[0]?.resource === resource);
    for (const object of objects.list(resource))
      if (controller !== undefined) queue.add(controller, keyOf(object));
  }
}

function tidyEvents({ events, clock }: World): () => void {
  let callOff = (): void => {};
  const plan = (): void => {
    callOff = clock.after(MINUTE, () => {
      events.forget();
      plan();
    });
  };
  plan();
  return () => callOff();
}

function rethrow(error: unknown): void {
  throw error;
}
