import type { Identity } from '../cluster/identity.ts';
import type { Upstream } from '../cluster/upstream.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import type { Clock } from '../util/clock.ts';
import { ContainerLog } from './container-log.ts';
import type { LogCursor } from './log-cursor.ts';
import type { LogRange } from './log-request.ts';
import { type Container, type Pod, readPod, unseenContainer } from './pod.ts';
import type { PodEvent } from './pod-events.ts';

/** Each is a stream of its own. A selector that finds more is not what anybody meant to read. */
const MAX_CONTAINERS = 200;

export interface PodsLogsOptions {
  readonly upstream: Upstream;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly random: () => number;
  /** Of the pods that are there at the beginning. */
  readonly range: LogRange;
  /** Of those that come later. */
  readonly laterRange: LogRange;
  readonly follow: boolean;
  /** Only the containers of that name. Default: all, or of `onePod` the one that people mean. */
  readonly container: string | undefined;
  /** Whether it is one pod by its name, of which one container is read. */
  readonly isOnePod: boolean;
  readonly resumeFrom: LogCursor | undefined;
}

interface Followed {
  readonly log: ContainerLog;
  state: Container;
}

type PodChange = Exclude<PodEvent, { readonly type: 'SYNCED' }>;

interface FollowedPod {
  readonly uid: string;
  readonly containers: Map<string | undefined, Followed>;
  isFinished: boolean;
}

/** The logs of pods that come and go. */
export class PodsLogs {
  /** Called when one of the logs has changed. */
  onChange: () => void = () => {};
  /** Called when a container may have ended. */
  onCut: () => void = () => {};
  readonly #options: PodsLogsOptions;
  /** By `namespace/name`. */
  readonly #pods = new Map<string, FollowedPod>();
  readonly #logs = new Set<ContainerLog>();
  /** Of pods that are gone, as long as they have something to say. */
  readonly #leaving = new Set<ContainerLog>();
  #isSynced = false;

  constructor(options: PodsLogsOptions) {
    this.#options = options;
  }

  /** Those that have something to read, or may have. */
  get logs(): ReadonlySet<ContainerLog> {
    return this.#logs;
  }

  /** Whether there are no pods. */
  get isEmpty(): boolean {
    return this.#pods.size === 0;
  }

  /** Whether no line will come any more, unless pods come. */
  get isOver(): boolean {
    const isDone = (log: ContainerLog): boolean => log.isAtRest && log.head === undefined;
    if (!this.#isSynced || ![...this.#logs].every(isDone)) return false;
    return !this.#options.follow || [...this.#pods.values()].every(({ isFinished }) => isFinished);
  }

  /** Whether it has been told of the pod, which is still there. */
  has(uid: string): boolean {
    return [...this.#pods.values()].some((pod) => pod.uid === uid);
  }

  synced(): void {
    this.#isSynced = true;
  }

  /** Takes in what has happened to a pod. Throws BAD_USER_INPUT for what is asked for and is not there. */
  apply({ type, key, object }: PodChange): void {
    const pod = type === 'DELETED' || object === undefined ? undefined : readPod(object);
    const known = this.#pods.get(key);
    if (known !== undefined && known.uid !== pod?.uid) {
      this.#pods.delete(key);
      this.#forget(known);
    }
    if (pod !== undefined) this.#follow(key, pod);
  }

  /** Lets go of those that have said their last. To be called when lines have been taken. */
  sweep(): void {
    for (const log of this.#leaving) {
      if (!log.isAtRest || log.head !== undefined) continue;
      this.#leaving.delete(log);
      this.#logs.delete(log);
    }
  }

  close(): void {
    for (const log of this.#logs) log.close();
    this.#logs.clear();
    this.#leaving.clear();
    this.#pods.clear();
  }

  #follow(key: string, pod: Pod): void {
    const followed = this.#pods.get(key) ?? {
      uid: pod.uid,
      containers: new Map<string | undefined, Followed>(),
      isFinished: false,
    };
    this.#pods.set(key, followed);
    const wanted = this.#wanted(pod);
    followed.isFinished = wanted.every(({ isFinished }) => isFinished);
    for (const state of wanted) this.#followContainer(pod, followed, state);
  }

  #followContainer(pod: Pod, { containers }: FollowedPod, state: Container): void {
    const { range, isOnePod } = this.#options;
    const known = containers.get(state.name);
    if (known !== undefined) {
      const isAnotherRun = known.state.run !== state.run;
      const hasEnded = known.state.isRunning === true && !state.isRunning;
      known.state = state;
      if (hasEnded) known.log.endRun();
      if (isAnotherRun && this.#options.follow) known.log.readOn();
      return;
    }
    // Of one that has not run before the API server says so, where one is asked for.
    const isThere = range.previous === true ? state.hasPrevious || isOnePod : state.run !== undefined;
    if (!isThere) return;
    const log = this.#open(pod, state, () => containers.get(state.name)?.state.isRunning);
    containers.set(state.name, { log, state });
    log.readOn();
  }

  #open(
    pod: Pod,
    { name: container, hasPrevious }: Container,
    isRunning: () => boolean | undefined,
  ): ContainerLog {
    if (this.#logs.size === MAX_CONTAINERS) throw tooMany();
    const { upstream, identity, clock, random, follow, range, laterRange, resumeFrom, isOnePod } =
      this.#options;
    const { namespace, name } = pod;
    const log: ContainerLog = new ContainerLog({
      upstream,
      identity,
      clock,
      random,
      follow,
      place: { namespace, pod: name, container },
      range: this.#isSynced ? laterRange : range,
      position: this.#isSynced ? undefined : resumeFrom?.position(name, container ?? ''),
      // Of those that are there at the beginning, earlier runs are not asked for.
      hasMissedRun: hasPrevious && (this.#isSynced || resumeFrom !== undefined),
      givesUp: isOnePod,
      isRunning: () => this.#logs.has(log) && !this.#leaving.has(log) && isRunning(),
      onChange: () => this.onChange(),
      onCut: () => this.onCut(),
    });
    this.#logs.add(log);
    return log;
  }

  #forget({ containers }: FollowedPod): void {
    for (const { log } of containers.values()) {
      this.#leaving.add(log);
      log.leave();
    }
    this.sweep();
  }

  #wanted({ name, containers, defaultContainer }: Pod): readonly Container[] {
    const { container, isOnePod } = this.#options;
    if (containers === undefined) return [unseenContainer(container)];
    const wanted = container ?? (isOnePod ? defaultContainer : undefined);
    if (wanted === undefined) return containers;
    const found = containers.filter((each) => each.name === wanted);
    // A debugger's container may come later.
    if (found.length > 0 || !isOnePod) return found;
    const names = containers.map((each) => each.name).join(', ');
    throw new KubegraphError(
      'BAD_USER_INPUT',
      `there is no container ${JSON.stringify(wanted)} in the pod ${JSON.stringify(name)}: it has ${names}`,
    );
  }
}

function tooMany(): KubegraphError {
  return new KubegraphError(
    'BAD_USER_INPUT',
    `there are more than ${MAX_CONTAINERS} containers: name one "container", or use a narrower selector`,
  );
}
