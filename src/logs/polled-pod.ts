import { CODES } from '../errors/codes.ts';
import { isKubegraphError, type KubegraphError } from '../errors/kubegraph-error.ts';
import type { Clock } from '../util/clock.ts';
import { defect } from '../watch/ends.ts';
import type { LogPlace } from './log-line.ts';
import type { Ending, PodEvent, PodEvents } from './pod-events.ts';
import { Poll } from './poll.ts';

/** So many failures before the first answer are too many. */
const MAX_FAILURES = 5;

/** So many refusals one after the other mean it: authorizers flap. */
const MAX_REFUSALS = 2;

export interface PolledPodOptions {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly place: Pick<LogPlace, 'namespace' | 'pod'>;
  /** Answers the pod's JSON; undefined where there is none. */
  readonly look: (signal: AbortSignal) => Promise<Buffer | undefined>;
  /** What ends it from outside. It is closed with it. */
  readonly seat: Ending;
}

/** What happens to a pod, for those who may look at it and not watch it. */
export class PolledPod implements PodEvents {
  onReady: () => void = () => {};
  readonly #seat: Ending;
  readonly #key: string;
  readonly #poll: Poll<Buffer | undefined>;
  readonly #waiting: PodEvent[] = [];
  #seen: Buffer | undefined;
  #isSynced = false;
  #failures = 0;
  #error: KubegraphError | undefined;

  constructor({ place, clock, random, look, seat }: PolledPodOptions) {
    this.#seat = seat;
    this.#key = `${place.namespace}/${place.pod}`;
    this.#poll = new Poll({
      clock,
      random,
      ask: look,
      onAnswer: (pod) => this.#see(pod),
      onFailure: (error) => this.#fail(isKubegraphError(error) ? error : defect(error)),
    });
    seat.onReady = () => this.#end();
    if (!seat.isEnded) this.#poll.begin();
  }

  get isEnded(): boolean {
    return this.#seat.isEnded;
  }

  get error(): KubegraphError | undefined {
    return this.#error ?? this.#seat.error;
  }

  take(): PodEvent | undefined {
    return this.#waiting.shift();
  }

  hurry(): void {
    if (!this.isEnded) this.#poll.hurry();
  }

  close(): void {
    this.onReady = () => {};
    this.#seat.close();
    this.#end();
  }

  #see(pod: Buffer | undefined): void {
    this.#failures = 0;
    const event = this.#difference(this.#seen, pod);
    this.#seen = pod;
    if (event !== undefined) this.#waiting.push(event);
    if (!this.#isSynced) this.#waiting.push({ type: 'SYNCED' });
    this.#isSynced = true;
    if (this.#waiting.length === 0) return;
    // What has changed may go on to.
    this.#poll.hurry();
    this.onReady();
  }

  #difference(before: Buffer | undefined, now: Buffer | undefined): PodEvent | undefined {
    const key = this.#key;
    if (now === undefined) return before && { type: 'DELETED', key, object: before };
    if (before === undefined) return { type: 'ADDED', key, object: now };
    return before.equals(now) ? undefined : { type: 'MODIFIED', key, object: now };
  }

  #fail(error: KubegraphError): void {
    this.#failures += 1;
    if (this.#isPassing(error)) {
      if (error.code === 'FORBIDDEN') this.#poll.hurry();
      return;
    }
    this.#error = error;
    this.#seat.close();
    this.#end();
  }

  #isPassing({ code }: KubegraphError): boolean {
    if (!this.#isSynced) return CODES[code].retryable && this.#failures < MAX_FAILURES;
    return CODES[code].retryable || (code === 'FORBIDDEN' && this.#failures < MAX_REFUSALS);
  }

  #end(): void {
    this.#poll.stop();
    this.#waiting.length = 0;
    this.onReady();
  }
}
