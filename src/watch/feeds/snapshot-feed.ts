import type { KubegraphError } from '../../errors/kubegraph-error.ts';
import type { Clock } from '../../util/clock.ts';
import type { WatchCounts } from '../counts.ts';
import type { CursorCodec } from '../cursor.ts';
import type { ChangeDelivery, ChangeEvent, ChangeType } from '../event.ts';
import type { ReflectorSink } from '../reflector/reflector.ts';
import type { Feed, Subscription } from '../subscription.ts';
import type { ObservedObject } from '../wire/observed-object.ts';
import { isOlder } from '../wire/resource-version.ts';
import { Audience } from './audience.ts';
import { deliveryOf } from './deliveries.ts';
import { differences } from './differences.ts';
import { History, type HistoryBounds } from './history.ts';
import { ObjectStore, type Change } from './store.ts';
import { WaitingRoom } from './waiting-room.ts';

export interface SnapshotFeedOptions {
  readonly cursors: CursorCodec;
  readonly history: HistoryBounds;
  readonly clock: Clock;
  readonly counts: WatchCounts;
  /** The view lags behind; answers false when a new list is under way already. */
  readonly askForList: () => boolean;
  /** The last subscriber has left. */
  readonly onIdle: () => void;
  /** The reflector has given up; every subscriber will leave. */
  readonly onEnded: () => void;
}

/**
 * Feeds the subscribers of one reflector from its complete view.
 *
 * Each gets a snapshot of the view as ADDED, or what differs from what it knows, then SYNCED, then every change. All of
 * this happens between two inputs of the reflector, so there is neither a gap nor a repetition in between.
 */
export class SnapshotFeed implements ReflectorSink, Feed {
  readonly #options: SnapshotFeedOptions;
  readonly #store = new ObjectStore();
  readonly #history: History;
  readonly #audience = new Audience();
  readonly #waiting: WaitingRoom;
  /** Shared by those who join between two changes. */
  #snapshot: readonly ChangeDelivery[] | undefined;
  /** What snapshots say of an object, as long as it does not change: they are large, and subscribers come in crowds. */
  #introductions = new WeakMap<ObservedObject, ChangeDelivery>();
  /** Undefined until the first complete list. */
  #position: string | undefined;
  /** How far everyone has been told: `#position`, except in the middle of telling. */
  #told: string | undefined;

  constructor(options: SnapshotFeedOptions) {
    this.#options = options;
    this.#history = new History(options.history);
    this.#waiting = new WaitingRoom(options);
  }

  /** Whether nobody is fed. */
  get isIdle(): boolean {
    return this.#audience.size + this.#waiting.size === 0;
  }

  get subscriptions(): Iterable<Subscription> {
    return [...this.#audience, ...this.#waiting.subscriptions];
  }

  /**
   * Feeds `subscription` from its beginning on.
   *
   * @param atLeast a position that the subscriber has got to elsewhere: it must not go back in time.
   */
  join(subscription: Subscription, atLeast: string | undefined): void {
    subscription.attach(this);
    const position = this.#position;
    if (subscription.isSilent) this.#audience.add(subscription);
    else if (position === undefined || (atLeast !== undefined && isOlder(position, atLeast)))
      this.#waiting.add(subscription, atLeast, position);
    else this.#welcome(subscription, position);
  }

  /** Feeds `subscription` with what happened behind `resourceVersion`; answers false when that is not known. */
  rejoin(subscription: Subscription, resourceVersion: string): boolean {
    if (this.#position === undefined) return false;
    const missed = this.#history.since(resourceVersion);
    if (missed === undefined) return false;
    this.#audience.add(subscription);
    subscription.attach(this);
    subscription.deliverBatch(missed);
    subscription.synced(this.#options.cursors.at(this.#position), false);
    return true;
  }

  /** Nothing more will come, and nobody will come back to it. */
  stop(): void {
    this.#history.clear();
  }

  leave(subscription: Subscription): void {
    this.#audience.delete(subscription);
    this.#waiting.delete(subscription);
    if (this.isIdle) this.#options.onIdle();
  }

  holds(event: ChangeEvent): boolean {
    return event.object !== undefined && this.#store.get(event.key)?.bytes === event.object;
  }

  cursorOf(): string | undefined {
    return this.#told === undefined ? undefined : this.#options.cursors.at(this.#told);
  }

  listed(objects: Map<string, ObservedObject>, resourceVersion: string): void {
    const isFirst = this.#position === undefined;
    const changes = this.#store.replace(objects, resourceVersion);
    const { initial } = this.#options.cursors;
    this.#snapshot = undefined;
    this.#position = resourceVersion;
    if (isFirst) this.#history.begin(resourceVersion);
    else this.#relisted(this.#deliveries(changes, initial, resourceVersion), resourceVersion);
    this.#told = resourceVersion;
    this.#admit(resourceVersion, true);
  }

  located(): void {
    // It says nothing about what was in between.
  }

  confirmed(): void {
    // A complete list has confirmed more than this says.
  }

  changed(type: ChangeType, object: ObservedObject, resourceVersion: string): void {
    this.#options.counts.eventsIn += 1;
    const before = this.#position ?? resourceVersion;
    const changes = this.#store.apply(type, object);
    const deliveries = this.#deliveries(changes, this.#options.cursors.at(before), resourceVersion);
    this.#position = resourceVersion;
    this.#history.push(deliveries, resourceVersion);
    if (deliveries.length > 0) {
      this.#snapshot = undefined;
      this.#audience.tell((subscription) => {
        for (const delivery of deliveries) subscription.deliver(delivery);
      });
    }
    this.#told = resourceVersion;
    this.#admit(resourceVersion, false);
  }

  advanced(resourceVersion: string): void {
    this.#position = resourceVersion;
    this.#history.advance(resourceVersion);
    this.#told = resourceVersion;
    this.#admit(resourceVersion, false);
  }

  ended(error: KubegraphError): void {
    const subscriptions = [...this.subscriptions];
    // First of all: whoever hears of it may subscribe again.
    this.#options.onEnded();
    for (const subscription of subscriptions) subscription.fail(error);
  }

  #relisted(batch: readonly ChangeDelivery[], resourceVersion: string): void {
    this.#options.counts.relists += 1;
    this.#history.pushGap(batch, resourceVersion);
    if (batch.length > 0) this.#audience.tell((subscription) => subscription.deliverBatch(batch));
  }

  #admit(position: string, isNewList: boolean): void {
    if (this.#waiting.size === 0) return;
    for (const subscription of this.#waiting.ready(position, isNewList))
      this.#welcome(subscription, position);
  }

  #welcome(subscription: Subscription, position: string): void {
    // One that was let in before it may have ended it.
    if (subscription.isEnded) return;
    this.#audience.add(subscription);
    this.#waiting.delete(subscription);
    const { known, hasSnapshot } = subscription.beginning;
    if (known !== undefined) subscription.deliverBatch(this.#differences(known));
    else if (hasSnapshot) subscription.deliverBatch(this.#currentSnapshot());
    subscription.synced(this.#options.cursors.at(position), known === undefined && hasSnapshot);
  }

  #currentSnapshot(): readonly ChangeDelivery[] {
    this.#snapshot ??= Array.from(this.#store.values(), (object) => this.#introduction(object));
    return this.#snapshot;
  }

  #introduction(object: ObservedObject): ChangeDelivery {
    const made = this.#introductions.get(object);
    if (made !== undefined) return made;
    const { cursors, clock } = this.#options;
    const introduction = deliveryOf(object, {
      type: 'ADDED',
      isSnapshot: true,
      cursor: cursors.initial,
      receivedAt: clock.now(),
    });
    this.#introductions.set(object, introduction);
    return introduction;
  }

  #differences(known: ReadonlyMap<string, string>): readonly ChangeDelivery[] {
    const { cursors, clock } = this.#options;
    return differences(this.#store, known, {
      cursor: cursors.initial,
      receivedAt: clock.now(),
      latest: this.#history.latest(),
    });
  }

  /**
   * Only the last of several changes may claim the new position: the cursors of the others must bring it again. Within one change
   * the position before does that. Whoever leaves in the middle of what a list has changed holds objects that are newer than that
   * position, and of which another replica, whose own list has bridged it, need not know: only a new beginning brings that again.
   *
   * @param until the cursor of all but the last.
   */
  #deliveries(changes: readonly Change[], until: string, after: string): ChangeDelivery[] {
    const { cursors, clock } = this.#options;
    const receivedAt = clock.now();
    return changes.map((change, index) =>
      deliveryOf(change.object, {
        type: change.type,
        before: change.before,
        cursor: index === changes.length - 1 ? cursors.at(after) : until,
        receivedAt,
      }),
    );
  }
}
