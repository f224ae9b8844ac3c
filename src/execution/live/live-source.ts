import { isKubegraphError, KubegraphError } from '../../errors/kubegraph-error.ts';
import type { Clock } from '../../util/clock.ts';
import type { ChangeEvent, WatchEvent } from '../../watch/event.ts';
import { Batches } from '../batches.ts';
import type { EventReader } from '../event-reader.ts';
import type { PayloadSource } from '../payload-source.ts';
import type { Payload } from '../subscription-answer.ts';
import type { LiveWriter } from './live-writer.ts';
import type { Order } from './order.ts';
import { SortedList, type Step } from './sorted-list.ts';

export interface LiveOptions {
  readonly order: Order;
  /** How many objects are seen. */
  readonly first: number;
  readonly batchMs: number;
  readonly clock: Clock;
}

/**
 * The payloads of a live query: the list as it is, then what changes in it. When the watch cannot go on, both begin anew with
 * the next `take`: a client who does not read needs neither.
 */
export class LiveSource implements PayloadSource {
  onReady: () => void = () => {};
  readonly #subscribe: () => EventReader;
  readonly #writer: LiveWriter;
  readonly #options: LiveOptions;
  #events: EventReader;
  #batches: Batches;
  /** What a snapshot has brought so far; empty again once it is complete. */
  readonly #arriving = new Map<string, Buffer>();
  #list: SortedList | undefined;

  /** @param subscribe begins the watch. Throws. */
  constructor(subscribe: () => EventReader, writer: LiveWriter, options: LiveOptions) {
    this.#subscribe = subscribe;
    this.#writer = writer;
    this.#options = options;
    this.#events = subscribe();
    this.#batches = this.#batchesOf(this.#events);
  }

  get isDrained(): boolean {
    return this.#batches.isDrained && !this.#canStartOver;
  }

  /** Without a cursor: a live query does not resume. */
  get error(): unknown {
    const { error } = this.#events;
    if (error === undefined || !('cursor' in error.extensions)) return error;
    const { cursor: _, ...extensions } = error.extensions;
    return new KubegraphError(error.code, error.message, { extensions, cause: error });
  }

  take(): Payload | undefined {
    for (;;) {
      const events = this.#batches.take();
      const payload = events === undefined ? undefined : this.#absorb(events);
      if (payload !== undefined) return payload;
      if (events === undefined && !this.#startOver()) return undefined;
    }
  }

  close(): void {
    this.#batches.close();
    this.#list = undefined;
  }

  #absorb(events: readonly WatchEvent[]): Payload | undefined {
    const total = this.#list?.total;
    const steps: Step[] = [];
    for (const event of events) {
      if (event.type === 'SYNCED') return this.#begin(event.receivedAt);
      if (this.#list === undefined) this.#collect(event);
      else steps.push(...this.#list.apply(event.key, stateIn(event)));
    }
    if (this.#list === undefined) return undefined;
    const receivedAt = events.at(-1)?.receivedAt;
    return this.#writer.patch({
      steps,
      total: this.#list.total,
      hasNewTotal: total !== this.#list.total,
      receivedAt,
    });
  }

  #collect(event: ChangeEvent): void {
    const object = stateIn(event);
    if (object === undefined) this.#arriving.delete(event.key);
    else this.#arriving.set(event.key, object);
  }

  #begin(receivedAt: number): Payload {
    const { order, first } = this.#options;
    const list = new SortedList(order, first, this.#arriving);
    this.#arriving.clear();
    this.#list = list;
    return this.#writer.snapshot(list.window, list.total, receivedAt);
  }

  /** Whether the watch has ended because it could not go on, though it had begun well: one that has not would not now. */
  get #canStartOver(): boolean {
    const { error } = this.#events;
    return (
      this.#list !== undefined &&
      (isKubegraphError(error, 'EXPIRED') || isKubegraphError(error, 'SLOW_CONSUMER'))
    );
  }

  #startOver(): boolean {
    if (!this.#batches.isDrained || !this.#canStartOver) return false;
    this.#list = undefined;
    this.#events = this.#subscribe();
    this.#batches = this.#batchesOf(this.#events);
    return true;
  }

  #batchesOf(events: EventReader): Batches {
    const { batchMs, clock } = this.#options;
    const batches = new Batches(events, { batchMs, maxEvents: Infinity, clock });
    batches.onReady = () => this.onReady();
    return batches;
  }
}

/** The object's state after an event. */
function stateIn({ type, object }: ChangeEvent): Buffer | undefined {
  return type === 'DELETED' ? undefined : object;
}
