import { CODES } from '../errors/codes.ts';
import { isKubegraphError, KubegraphError } from '../errors/kubegraph-error.ts';
import type { LogLine, LogPlace } from './log-line.ts';
import { earliest, patience } from './merged-logs.ts';
import type { PodEvents } from './pod-events.ts';
import { PodsLogs, type PodsLogsOptions } from './pods-logs.ts';
import { Poll } from './poll.ts';
import type { Position } from './position.ts';

export interface FollowedLogsOptions extends PodsLogsOptions {
  /**
   * Asked now and then while all pods have said their last: whether no other one will come, and `knows` the `metadata.uid` of
   * all that have. What it rejects with ends the logs, unless it passes. Default: there may always be another one, unless it
   * is one pod.
   */
  readonly isComplete?:
    | ((knows: (uid: string) => boolean, signal: AbortSignal) => Promise<boolean>)
    | undefined;
}

/**
 * The lines of all containers of the pods that are told of, in the order of time: of the pods that are there, and of
 * those that join. Nothing is read beyond a few lines ahead of whoever takes them.
 */
export class FollowedLogs {
  /** Called when lines may be there after `take` had answered undefined, and at the end. */
  onReady: () => void = () => {};
  readonly #options: FollowedLogsOptions;
  readonly #events: PodEvents;
  readonly #pods: PodsLogs;
  readonly #completion: Poll<boolean> | undefined;
  #isComplete: boolean;
  #isAwaited = true;
  #callOff: () => void = () => {};
  #hasEnded = false;
  #error: unknown;
  /** Where it was when it ended. */
  #last: readonly (readonly [LogPlace, Position])[] = [];

  constructor(events: PodEvents, options: FollowedLogsOptions) {
    this.#options = options;
    this.#events = events;
    this.#isComplete = options.isOnePod || !options.follow;
    this.#completion = this.#asksForCompletion(options);
    this.#pods = new PodsLogs(options);
    this.#pods.onChange = () => this.#changed();
    this.#pods.onCut = () => events.hurry?.();
    events.onReady = () => this.#readEvents();
    this.#readEvents();
  }

  /** Whether no line waits and none will come. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get error(): unknown {
    return this.#error;
  }

  /** Behind the lines that have been taken, for each container of a pod that is still there. */
  get positions(): readonly (readonly [LogPlace, Position])[] {
    if (this.#hasEnded) return this.#last;
    return [...this.#pods.logs].flatMap(({ place, position }) =>
      position === undefined ? [] : [[place, position] as const],
    );
  }

  take(): LogLine | undefined {
    const line = this.#next();
    if (line !== undefined) return line;
    this.#isAwaited = true;
    this.#endIfOver();
    return undefined;
  }

  close(): void {
    this.onReady = () => {};
    this.#finish(undefined);
  }

  #next(): LogLine | undefined {
    const { logs } = this.#pods;
    const first = earliest(logs);
    if (first === undefined) return undefined;
    const waitMs = patience(logs, this.#options.clock.now());
    if (waitMs <= 0) return first.take();
    this.#callOff();
    this.#callOff = this.#options.clock.schedule(waitMs, () => this.#announce());
    return undefined;
  }

  #readEvents(): void {
    if (this.#hasEnded) return;
    try {
      for (let event = this.#events.take(); event !== undefined; event = this.#events.take()) {
        if (event.type === 'SYNCED') this.#synced();
        else this.#pods.apply(event);
      }
    } catch (error) {
      this.#finish(error);
      return;
    }
    if (this.#events.isEnded) this.#finish(this.#events.error);
    else this.#changed();
  }

  #synced(): void {
    this.#pods.synced();
    if (this.#options.isOnePod && this.#pods.isEmpty)
      throw new KubegraphError('NOT_FOUND', 'there is no pod of that name');
  }

  #changed(): void {
    if (this.#hasEnded) return;
    for (const { error } of this.#pods.logs) if (error !== undefined) return this.#finish(error);
    this.#endIfOver();
    this.#announce();
  }

  #endIfOver(): void {
    this.#pods.sweep();
    if (!this.#pods.isOver) this.#completion?.stop();
    else if (this.#isComplete) this.#finish(undefined);
    else this.#completion?.begin();
  }

  #asksForCompletion({ isComplete, clock, random }: FollowedLogsOptions): Poll<boolean> | undefined {
    if (isComplete === undefined || this.#isComplete) return undefined;
    return new Poll({
      clock,
      random,
      ask: (signal) => isComplete((uid) => this.#pods.has(uid), signal),
      onAnswer: (answer) => {
        this.#isComplete = answer;
        this.#endIfOver();
      },
      onFailure: (error) => {
        if (!isKubegraphError(error) || !CODES[error.code].retryable) this.#finish(error);
      },
    });
  }

  #finish(error: unknown): void {
    if (this.#hasEnded) return;
    this.#last = this.positions;
    this.#hasEnded = true;
    this.#error = error;
    this.#callOff();
    this.#completion?.stop();
    this.#events.close();
    this.#pods.close();
    this.#announce();
  }

  #announce(): void {
    if (!this.#isAwaited) return;
    this.#isAwaited = false;
    this.onReady();
  }
}
