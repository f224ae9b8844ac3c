import type { Delivery, WatchEvent } from './event.ts';

interface Latest {
  readonly event: WatchEvent;
  /** Whether the subscriber has the object, or will have had it before this event. */
  readonly isKnown: boolean;
}

/**
 * What a subscriber has not read yet.
 *
 * It holds up to `maxEvents` events one by one. Beyond that it keeps the latest state per object only, deletions
 * included, until it has been read empty; an overtaken event gives up its place, so the cursors still grow. Snapshots,
 * and what a new list has changed, come as one batch that is shared between subscribers; one of those at a time does
 * not count.
 */
export class DeliveryQueue {
  readonly #maxEvents: number;
  #batch: readonly Delivery[] = [];
  #batchIndex = 0;
  #single: Delivery[] = [];
  #latest: Map<string | symbol, Latest> | undefined;

  constructor(maxEvents: number) {
    this.#maxEvents = maxEvents;
  }

  /** Answers false when there is no room even for the latest states: something would get lost. */
  push(delivery: Delivery): boolean {
    if (this.#latest === undefined) {
      this.#single.push(delivery);
      if (this.#single.length <= this.#maxEvents) return true;
      this.#coalesce();
    } else {
      this.#overtake(this.#latest, delivery);
    }
    return (this.#latest?.size ?? 0) <= this.#maxEvents;
  }

  /** As `push`, for many at once. `batch` must not change later. */
  pushBatch(batch: readonly Delivery[]): boolean {
    if (this.#batchIndex < this.#batch.length) return batch.every((delivery) => this.push(delivery));
    const waiting = this.#drainSingles();
    this.#batch = waiting.length === 0 ? batch : [...waiting, ...batch];
    this.#batchIndex = 0;
    return true;
  }

  shift(): WatchEvent | undefined {
    const delivery = this.#batch[this.#batchIndex];
    if (delivery === undefined) return this.#shiftSingle();
    this.#batchIndex += 1;
    if (this.#batchIndex === this.#batch.length) this.#forgetBatch();
    return delivery.event;
  }

  clear(): void {
    this.#forgetBatch();
    this.#single = [];
    this.#latest = undefined;
  }

  #shiftSingle(): WatchEvent | undefined {
    if (this.#latest === undefined) return this.#single.shift()?.event;
    for (const [id, { event }] of this.#latest) {
      this.#latest.delete(id);
      if (this.#latest.size === 0) this.#latest = undefined;
      return event;
    }
    return undefined;
  }

  #forgetBatch(): void {
    this.#batch = [];
    this.#batchIndex = 0;
  }

  #coalesce(): void {
    const latest = new Map<string | symbol, Latest>();
    for (const delivery of this.#single) this.#overtake(latest, delivery);
    this.#single = [];
    this.#latest = latest;
  }

  #overtake(latest: Map<string | symbol, Latest>, { id, event }: Delivery): void {
    const key = id ?? Symbol('SYNCED');
    const overtaken = latest.get(key);
    const isKnown = overtaken?.isKnown ?? event.type !== 'ADDED';
    // A Map iterates in insertion order: without this the event would take the overtaken one's place.
    latest.delete(key);
    latest.set(key, { event: retyped(event, isKnown), isKnown });
  }

  #drainSingles(): Delivery[] {
    const waiting =
      this.#latest === undefined
        ? this.#single
        : Array.from(this.#latest, ([id, { event }]) => ({
            id: typeof id === 'string' ? id : undefined,
            event,
          }));
    this.#single = [];
    this.#latest = undefined;
    return waiting;
  }
}

function retyped(event: WatchEvent, isKnown: boolean): WatchEvent {
  if (event.type === 'SYNCED' || event.type === 'DELETED') return event;
  const type = isKnown ? 'MODIFIED' : 'ADDED';
  return event.type === type ? event : { ...event, type };
}
