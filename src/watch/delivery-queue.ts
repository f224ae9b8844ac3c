import type { WatchCounts } from './counts.ts';
import type { QueuedChange, ChangeEvent, Delivery, WatchEvent } from './event.ts';
import { Fifo } from './fifo.ts';

/** What an event costs beside the objects in it: the event, its cursor and its place in the queue. */
const EVENT_OVERHEAD_BYTES = 300;

export interface QueueBounds {
  readonly maxEvents: number;
  readonly maxBytes: number;
}

export interface QueueOptions {
  readonly bounds: QueueBounds;
  readonly counts: Pick<WatchCounts, 'coalesced'>;
}

/** Knows which objects are kept anyway, so that a queue costs nothing for them. */
interface Holder {
  holds(event: ChangeEvent): boolean;
}

interface Latest {
  readonly event: WatchEvent;
  /** Whether the subscriber has the object, or will have had it before this event. */
  readonly isKnown: boolean;
}

type LatestMap = Map<string | symbol, Latest>;

/**
 * What a subscriber has not read yet.
 *
 * Events wait one by one up to the bounds. Beyond them it keeps the latest state per object only, deletions included,
 * until it has been read empty; an overtaken event gives up its place, so the cursors still grow.
 *
 * Snapshots, and what a new list has changed, come as one batch that is shared between subscribers; one of those at a time
 * does not count. But a batch also keeps objects that have changed since. While nothing is read, those count.
 */
export class DeliveryQueue {
  readonly #options: QueueOptions;
  readonly #holder: Holder;
  /** Whether only the latest event per object waits, from the first one on. */
  readonly #coalesces: boolean;
  #batch: readonly Delivery[] = NOTHING;
  #batchIndex = 0;
  readonly #single = new Fifo<Delivery>();
  #latest: LatestMap | undefined;
  /** Of the events that wait, without the batch. */
  #bytes = 0;
  /** Of the objects that only the batch still holds, since the last read. */
  #staleBytes = 0;

  constructor(options: QueueOptions, holder: Holder, coalesces: boolean) {
    this.#options = options;
    this.#holder = holder;
    this.#coalesces = coalesces;
  }

  get size(): number {
    return this.#batch.length - this.#batchIndex + (this.#latest?.size ?? this.#single.size);
  }

  /** Answers false when there is no room even for the latest states: something would get lost. */
  push(delivery: Delivery): boolean {
    const { bounds } = this.#options;
    if (this.#batchIndex < this.#batch.length && delivery.event.type !== 'SYNCED')
      this.#staleBytes += delivery.event.before?.length ?? 0;
    if (this.#coalesces) this.#latest ??= new Map();
    if (this.#latest === undefined) {
      this.#single.push(delivery);
      this.#bytes += bytesOf(delivery.event);
      if (this.#single.size <= bounds.maxEvents && this.#hasRoom()) return true;
      this.#coalesce();
    } else {
      this.#overtake(this.#latest, delivery);
    }
    if ((this.#latest?.size ?? 0) > bounds.maxEvents) return false;
    return this.#hasRoom() || this.#hasRoomAfterAll();
  }

  /** As `push`, for many at once. `batch` must not change later. */
  pushBatch(batch: readonly Delivery[]): boolean {
    if (this.#batchIndex < this.#batch.length) return batch.every((delivery) => this.push(delivery));
    if (this.#coalesces && this.#latest !== undefined) {
      for (const delivery of batch) this.#overtake(this.#latest, delivery);
      this.#batch = this.#drain();
    } else {
      const waiting = this.#drain();
      this.#batch = waiting.length === 0 ? batch : [...waiting, ...batch];
    }
    this.#batchIndex = 0;
    return true;
  }

  shift(): WatchEvent | undefined {
    const delivery = this.#batch[this.#batchIndex];
    if (delivery === undefined) return this.#shiftSingle();
    this.#staleBytes = 0;
    this.#batchIndex += 1;
    if (this.#batchIndex === this.#batch.length) this.#forgetBatch();
    return delivery.event;
  }

  clear(): void {
    this.#forgetBatch();
    this.#single.clear();
    this.#latest = undefined;
    this.#bytes = 0;
  }

  #shiftSingle(): WatchEvent | undefined {
    const event = this.#latest === undefined ? this.#single.shift()?.event : this.#shiftLatest(this.#latest);
    if (event !== undefined) this.#bytes -= bytesOf(event);
    return event;
  }

  #shiftLatest(latest: LatestMap): WatchEvent | undefined {
    for (const [id, { event }] of latest) {
      latest.delete(id);
      if (latest.size === 0) this.#latest = undefined;
      return event;
    }
    return undefined;
  }

  #forgetBatch(): void {
    this.#batch = NOTHING;
    this.#batchIndex = 0;
    this.#staleBytes = 0;
  }

  #coalesce(): void {
    this.#latest = new Map();
    this.#bytes = 0;
    for (const delivery of this.#drainSingle()) this.#overtake(this.#latest, delivery);
  }

  #overtake(latest: LatestMap, delivery: Delivery): void {
    const key = delivery.id ?? Symbol('SYNCED');
    const overtaken = latest.get(key);
    if (overtaken !== undefined) {
      this.#options.counts.coalesced += 1;
      this.#bytes -= bytesOf(overtaken.event);
      // A Map iterates in insertion order: without this the event would take the overtaken one's place.
      latest.delete(key);
    }
    const isKnown = overtaken?.isKnown ?? delivery.event.type !== 'ADDED';
    const event = delivery.id === undefined ? delivery.event : mergedEvent(delivery, isKnown);
    latest.set(key, { event, isKnown });
    this.#bytes += bytesOf(event);
  }

  #hasRoom(): boolean {
    // A single event has room, however large it is.
    return this.#bytes + this.#staleBytes <= this.#options.bounds.maxBytes || this.size <= 1;
  }

  /** Counts again, without the objects that are kept anyway. */
  #hasRoomAfterAll(): boolean {
    let bytes = this.#staleBytes;
    for (const { event } of this.#latest?.values() ?? []) {
      const isFree = event.type === 'SYNCED' || this.#holder.holds(event);
      bytes += isFree ? EVENT_OVERHEAD_BYTES : bytesOf(event);
    }
    return bytes <= this.#options.bounds.maxBytes;
  }

  #drain(): readonly Delivery[] {
    const latest = this.#latest;
    this.#latest = undefined;
    this.#bytes = 0;
    return latest === undefined
      ? this.#drainSingle()
      : Array.from(latest, ([id, { event }]) => asDelivery(id, event));
  }

  #drainSingle(): readonly Delivery[] {
    const waiting = this.#single.toArray();
    this.#single.clear();
    return waiting;
  }
}

const NOTHING: readonly Delivery[] = [];

function bytesOf(event: WatchEvent): number {
  if (event.type === 'SYNCED') return EVENT_OVERHEAD_BYTES;
  return EVENT_OVERHEAD_BYTES + (event.object?.length ?? 0) + (event.before?.length ?? 0);
}

/** The event as it stands for itself and those it has overtaken. `before` would keep objects that nobody needs. */
function mergedEvent(delivery: QueuedChange, isKnown: boolean): ChangeEvent {
  const { event } = delivery;
  const type = event.type === 'DELETED' ? event.type : isKnown ? 'MODIFIED' : 'ADDED';
  if (event.type === type && event.before === undefined) return event;
  if (delivery.merged?.type !== type) delivery.merged = { ...event, type, before: undefined };
  return delivery.merged;
}

function asDelivery(id: string | symbol, event: WatchEvent): Delivery {
  if (event.type === 'SYNCED') return { id: undefined, event };
  // Only SYNCED waits under a symbol.
  return { id: String(id), event };
}
