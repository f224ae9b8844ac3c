import { isKubegraphError, type KubegraphError } from '../errors/kubegraph-error.ts';
import type { ChangeEvent, SyncedEvent } from '../watch/event.ts';
import type { Subscription } from '../watch/subscription.ts';

/** What has happened to a pod, or that all that are there have been told of. */
export type PodEvent = Pick<ChangeEvent, 'type' | 'key' | 'object'> | Pick<SyncedEvent, 'type'>;

/** What ends by itself or from outside, and then calls `onReady`. */
export type Ending = Pick<Subscription, 'onReady' | 'isEnded' | 'error' | 'close'>;

/** What tells of pods, as a watch does. */
export interface PodEvents extends Ending {
  take(): PodEvent | undefined;
  /** Something may have happened: who is not told of it looks. */
  hurry?(): void;
}

/** The events of a watch or, where that is forbidden from the beginning, those of somebody else. */
export class PermittedEvents implements PodEvents {
  onReady: () => void = () => {};
  readonly #otherwise: () => PodEvents;
  #events: PodEvents;
  #hasChosen = false;

  /** @param otherwise is called when `take` is, which throws what it throws. */
  constructor(watch: PodEvents, otherwise: () => PodEvents) {
    this.#otherwise = otherwise;
    this.#events = watch;
    this.#listen();
  }

  get isEnded(): boolean {
    return this.#events.isEnded;
  }

  get error(): KubegraphError | undefined {
    return this.#events.error;
  }

  take(): PodEvent | undefined {
    if (!this.#hasChosen && isKubegraphError(this.#events.error, 'FORBIDDEN')) {
      this.#hasChosen = true;
      this.#events = this.#otherwise();
      this.#listen();
    }
    const event = this.#events.take();
    this.#hasChosen ||= event !== undefined;
    return event;
  }

  hurry(): void {
    this.#events.hurry?.();
  }

  close(): void {
    this.#events.close();
  }

  #listen(): void {
    this.#events.onReady = () => this.onReady();
  }
}
