import type { UpstreamAnswer } from '../../cluster/upstream.ts';
import { isKubegraphError, KubegraphError } from '../../errors/kubegraph-error.ts';
import { assertNever } from '../../util/assert-never.ts';
import type { Clock } from '../../util/clock.ts';
import type { ChangeType } from '../event.ts';
import {
  MAX_RETRY_AFTER_MS,
  MIN_EMPTY_WATCH_MS,
  MIN_WATCH_SECONDS,
  POSITION_ACCEPTED_MS,
  UNHEARD_MS,
} from '../timeouts.ts';
import type { ObservedObject } from '../wire/observed-object.ts';
import { isComparable } from '../wire/resource-version.ts';
import type { WatchFrame } from '../wire/watch-frame.ts';
import { type Activity, createActivity } from './activity.ts';
import { Backoff } from './backoff.ts';
import { listPage, openWatch, presentPosition, readFrames, type Target } from './calls.ts';
import type { Effect, Input, PagePosition, ReflectorState } from './states.ts';
import { step } from './step.ts';
import { Watchdog } from './watchdog.ts';

/** Gets what a reflector finds out. Calls come one after another, and none after `ended` or `stop()`. */
export interface ReflectorSink {
  /** A complete list, the first one or one after the position was lost. The map is the sink's to keep. */
  listed(objects: Map<string, ObservedObject>, resourceVersion: string): void;
  /** The collection is at `resourceVersion` or further, and what happened up to there may still come; undefined: unknown. */
  located(resourceVersion: string | undefined): void;
  /** The API server continues the cursor that the reflector was started with. */
  confirmed(resourceVersion: string): void;
  /** A change, as the API server said it; `resourceVersion` is the position behind it. */
  changed(type: ChangeType, object: ObservedObject, resourceVersion: string): void;
  /** Nothing more happened up to `resourceVersion`. */
  advanced(resourceVersion: string): void;
  /** The reflector has given up. */
  ended(error: KubegraphError): void;
}

export interface ReflectorOptions {
  readonly target: Target;
  readonly sink: ReflectorSink;
  readonly initial: ReflectorState;
  /** A watch has started: the API server has just checked the permission. */
  readonly onOpened: () => void;
  /** The path has no streaming lists, but paged ones. */
  readonly onPagedOnly: () => void;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly pageSize: number;
  readonly maxFrameBytes: number;
}

/** Drives the state machine of step.ts: owns the upstream call, the timers, and the list that is being collected. */
export class Reflector {
  readonly #options: ReflectorOptions;
  readonly #backoff: Backoff;
  readonly #running = new Set<Promise<void>>();
  #state: ReflectorState;
  /** When the API server has said something last. */
  #heardAt = Number.NEGATIVE_INFINITY;
  #activity: Activity | undefined;
  #collected = new Map<string, ObservedObject>();
  #isStopped = false;

  constructor(options: ReflectorOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.random);
    this.#state = options.initial;
  }

  start(): void {
    this.#take({ kind: 'start' });
  }

  /** Lists again, as the view seems to lag behind. Answers false when a list is under way already. */
  relist(): boolean {
    const { kind } = this.#state.phase;
    this.#take({ kind: 'behind' });
    return kind !== 'initialising' && kind !== 'listing';
  }

  /** Ends the upstream call. Resolves when nothing is left of it; the sink hears nothing more from here on. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#activity?.end();
    await Promise.all(this.#running);
  }

  #take(input: Input): void {
    const { state, effects } = step(this.#state, input);
    this.#state = state;
    for (const effect of effects) {
      // The sink may stop the reflector while it is told something.
      if (this.#isStopped) return;
      this.#perform(effect);
    }
  }

  #perform(effect: Effect): void {
    const { sink } = this.#options;
    switch (effect.kind) {
      case 'streamList':
        this.#collected = new Map();
        return this.#run((activity) => this.#open(activity, undefined));
      case 'openWatch':
        return this.#run((activity) => this.#watch(activity, effect.resourceVersion, effect.check));
      case 'checkPosition':
        return this.#checkAgain(effect.resourceVersion);
      case 'fetchPage':
        return this.#run((activity) => this.#fetch(activity, effect.page));
      case 'wait':
        return this.#wait(effect.atLeastMs);
      case 'awaitSettled':
        return this.#activity?.onEnd(
          this.#options.clock.schedule(POSITION_ACCEPTED_MS, () => this.#take({ kind: 'settled' })),
        );
      case 'collect':
        return this.#collect(effect.type, effect.objects);
      case 'commit':
        return this.#commit(effect.resourceVersion);
      case 'rememberPaged':
        return this.#options.onPagedOnly();
      case 'locate':
        return sink.located(effect.resourceVersion);
      case 'confirm':
        return sink.confirmed(effect.resourceVersion);
      case 'apply':
        return sink.changed(effect.type, effect.object, effect.resourceVersion);
      case 'advance':
        return sink.advanced(effect.resourceVersion);
      case 'end':
        this.#activity?.end();
        return sink.ended(effect.error);
      default:
        return assertNever(effect, 'reflector effect');
    }
  }

  /** Ends what is under way and does `work` instead. Its failure is an input, unless it was ended from here. */
  #run(work: (activity: Activity) => Promise<void>): void {
    const activity = this.#replaceActivity();
    this.#track(
      work(activity).catch((error: unknown) => {
        if (!activity.signal.aborted) this.#take({ kind: 'failed', error: asKubegraphError(error) });
      }),
    );
  }

  #track(work: Promise<void>): void {
    const running = work.finally(() => {
      this.#running.delete(running);
    });
    this.#running.add(running);
  }

  #replaceActivity(): Activity {
    this.#activity?.end();
    const activity = createActivity();
    this.#activity = activity;
    return activity;
  }

  #wait(atLeastMs: number): void {
    const { clock } = this.#options;
    const delayMs = Math.max(this.#backoff.nextDelayMs(clock.now()), Math.min(atLeastMs, MAX_RETRY_AFTER_MS));
    this.#replaceActivity().onEnd(clock.schedule(delayMs, () => this.#take({ kind: 'waited' })));
  }

  async #fetch(activity: Activity, page: PagePosition | undefined): Promise<void> {
    if (page === undefined) this.#collected = new Map();
    const { target, pageSize } = this.#options;
    const { signal } = activity;
    const answer = await listPage(target, { limit: pageSize, continueToken: page?.continueToken, signal });
    if (signal.aborted) return;
    this.#heardAt = this.#options.clock.now();
    this.#take({ kind: 'page', ...answer });
  }

  async #watch(activity: Activity, from: string, check: 'always' | 'afterSilence'): Promise<void> {
    if (check === 'afterSilence') {
      const isDue = isComparable(from) && this.#options.clock.now() - this.#heardAt > UNHEARD_MS;
      return this.#open(activity, from, () => {
        if (isDue) this.#checkAgain(from);
      });
    }
    const checking = this.#check(activity, from);
    // The API server answers 500 to a watch from what it cannot read, so it is asked first where that may be.
    if (!isComparable(from)) await checking;
    await this.#open(activity, from).catch(async (error: unknown) => {
      // It may say more than this failure does.
      await checking;
      throw error;
    });
  }

  async #open(
    activity: Activity,
    resourceVersion: string | undefined,
    onOpened = (): void => {},
  ): Promise<void> {
    if (activity.signal.aborted) return;
    const { target, random } = this.#options;
    const timeoutSeconds = MIN_WATCH_SECONDS + Math.floor(random() * MIN_WATCH_SECONDS);
    const answer = await openWatch(target, { resourceVersion, timeoutSeconds, signal: activity.signal });
    activity.onEnd(() => answer.body.destroy());
    const watchdog = this.#watchdog(timeoutSeconds, resourceVersion === undefined);
    activity.onEnd(() => watchdog.stop());
    if (activity.signal.aborted) return;
    this.#options.onOpened();
    onOpened();
    await this.#read(activity, answer, watchdog);
  }

  async #read(activity: Activity, answer: UpstreamAnswer, watchdog: Watchdog): Promise<void> {
    const { clock, maxFrameBytes } = this.#options;
    const openedAt = clock.now();
    let isEmpty = true;
    this.#take({ kind: 'opened' });
    for await (const frame of readFrames(answer.body, maxFrameBytes)) {
      if (activity.signal.aborted) return;
      isEmpty = false;
      this.#heardAt = clock.now();
      watchdog.frame(kindOf(frame));
      this.#take(frame.kind === 'error' ? { kind: 'failed', error: frame.error } : frame);
    }
    if (activity.signal.aborted) return;
    this.#take({ kind: 'closed', isEmptyAndShort: isEmpty && clock.now() - openedAt < MIN_EMPTY_WATCH_MS });
  }

  /** Finds out where the collection is now. That it cannot be found out is no reason not to watch it. */
  async #check(activity: Activity, asked: string): Promise<void> {
    const atLeast = isComparable(asked) ? undefined : asked;
    const { signal } = activity;
    try {
      const resourceVersion = await presentPosition(this.#options.target, signal, atLeast);
      if (!signal.aborted) this.#take({ kind: 'present', asked, resourceVersion });
    } catch (error) {
      if (signal.aborted) return;
      const isUnreadable = atLeast !== undefined && isKubegraphError(error, 'BAD_REQUEST');
      if (isUnreadable) this.#take({ kind: 'failed', error });
      else this.#take({ kind: 'present', asked, resourceVersion: undefined });
    }
  }

  #checkAgain(resourceVersion: string): void {
    const activity = this.#activity;
    if (activity !== undefined) this.#track(this.#check(activity, resourceVersion));
  }

  #watchdog(timeoutSeconds: number, isList: boolean): Watchdog {
    return new Watchdog({
      clock: this.#options.clock,
      timeoutSeconds,
      isList,
      onOverdue: () => this.#take({ kind: 'overdue' }),
      onStalled: () => this.#take({ kind: 'stalled' }),
    });
  }

  #collect(type: ChangeType, objects: readonly ObservedObject[]): void {
    for (const object of objects) {
      if (type === 'DELETED') this.#collected.delete(object.key);
      else this.#collected.set(object.key, object);
    }
  }

  #commit(resourceVersion: string): void {
    const objects = this.#collected;
    this.#collected = new Map();
    this.#options.sink.listed(objects, resourceVersion);
  }
}

function kindOf(frame: WatchFrame): 'change' | 'bookmark' | 'listed' {
  if (frame.kind !== 'bookmark') return 'change';
  return frame.endsInitialEvents ? 'listed' : 'bookmark';
}

function asKubegraphError(error: unknown): KubegraphError {
  if (error instanceof KubegraphError) return error;
  return new KubegraphError('INTERNAL_ERROR', 'the gateway failed to watch', { cause: error });
}
