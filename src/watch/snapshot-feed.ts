import type { KubegraphError } from '../errors/kubegraph-error.ts';
import type { CursorCodec } from './cursor.ts';
import type { ChangeType, Delivery } from './event.ts';
import { History, type HistoryBounds } from './history.ts';
import { incarnationOf, type ObservedObject } from './observed-object.ts';
import type { ReflectorSink } from './reflector.ts';
import { ObjectStore, type Change } from './store.ts';
import type { Subscription } from './subscription.ts';

export interface SnapshotFeedOptions {
  readonly cursors: CursorCodec;
  readonly history: HistoryBounds;
  /** The last subscriber has left. */
  readonly onIdle: () => void;
  /** The reflector has given up; every subscriber has left. */
  readonly onEnded: () => void;
}

/**
 * Feeds the subscribers of one reflector from its complete view.
 *
 * Each gets a snapshot of the view as ADDED, then SYNCED, then every change. All of this happens between two inputs of
 * the reflector, so there is neither a gap nor a repetition between snapshot and changes.
 */
export class SnapshotFeed implements ReflectorSink {
  readonly #options: SnapshotFeedOptions;
  readonly #store = new ObjectStore();
  readonly #history: History;
  readonly #subscriptions = new Set<Subscription>();
  /** Shared by those who join between two changes. */
  #snapshot: readonly Delivery[] | undefined;
  /** Undefined until the first complete list. */
  #position: string | undefined;

  constructor(options: SnapshotFeedOptions) {
    this.#options = options;
    this.#history = new History(options.history);
  }

  /** Feeds `subscription` from a snapshot on. */
  join(subscription: Subscription): void {
    this.#add(subscription);
    if (this.#position !== undefined) this.#welcome(subscription, this.#position);
  }

  /** Feeds `subscription` with what happened behind `resourceVersion`; answers false when that is not known. */
  rejoin(subscription: Subscription, resourceVersion: string): boolean {
    if (this.#position === undefined) return false;
    const missed = this.#history.since(resourceVersion);
    if (missed === undefined) return false;
    this.#add(subscription);
    subscription.deliverBatch(missed);
    subscription.synced(this.#options.cursors.at(this.#position));
    return true;
  }

  listed(objects: Map<string, ObservedObject>, resourceVersion: string): void {
    const before = this.#position;
    const changes = this.#store.replace(objects, resourceVersion);
    this.#snapshot = undefined;
    this.#position = resourceVersion;
    if (before === undefined) {
      this.#history.begin(resourceVersion);
      for (const subscription of this.#subscriptions) this.#welcome(subscription, resourceVersion);
      return;
    }
    const batch = this.#deliveries(changes, before, resourceVersion);
    this.#history.pushGap(batch, resourceVersion);
    if (batch.length === 0) return;
    for (const subscription of this.#subscriptions) subscription.deliverBatch(batch);
  }

  confirmed(): void {
    // A complete list has confirmed more than this says.
  }

  changed(type: ChangeType, object: ObservedObject, resourceVersion: string): void {
    const before = this.#position ?? resourceVersion;
    const deliveries = this.#deliveries(this.#store.apply(type, object), before, resourceVersion);
    this.#position = resourceVersion;
    this.#history.push(deliveries, resourceVersion);
    if (deliveries.length === 0) return;
    this.#snapshot = undefined;
    for (const subscription of this.#subscriptions) {
      for (const delivery of deliveries) subscription.deliver(delivery);
    }
  }

  advanced(resourceVersion: string): void {
    this.#position = resourceVersion;
    this.#history.advance(resourceVersion);
  }

  ended(error: KubegraphError): void {
    for (const subscription of this.#subscriptions) subscription.fail(error);
    this.#options.onEnded();
  }

  #add(subscription: Subscription): void {
    this.#subscriptions.add(subscription);
    subscription.onLeave(() => {
      this.#subscriptions.delete(subscription);
      if (this.#subscriptions.size === 0) this.#options.onIdle();
    });
  }

  #welcome(subscription: Subscription, position: string): void {
    this.#snapshot ??= Array.from(this.#store.values(), (object) =>
      deliveryOf({ type: 'ADDED', object }, this.#options.cursors.initial),
    );
    subscription.deliverBatch(this.#snapshot);
    subscription.synced(this.#options.cursors.at(position));
  }

  /** Only the last of several changes may claim the new position: the cursors of the others must bring it again. */
  #deliveries(changes: readonly Change[], before: string, after: string): Delivery[] {
    const { cursors } = this.#options;
    return changes.map((change, index) =>
      deliveryOf(change, cursors.at(index === changes.length - 1 ? after : before)),
    );
  }
}

function deliveryOf({ type, object }: Change, cursor: string): Delivery {
  return { id: incarnationOf(object), event: { type, object: object.bytes, cursor } };
}
