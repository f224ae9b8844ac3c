import type { Code } from '../../errors/codes.ts';
import { isKubegraphError, KubegraphError } from '../../errors/kubegraph-error.ts';
import type { Clock } from '../../util/clock.ts';
import type { ChangeEvent, WatchEvent } from '../../watch/event.ts';
import { Batches } from '../batches.ts';
import type { EventReader } from '../event-reader.ts';
import type { Place } from './edition.ts';
import { EditionLog } from './edition-log.ts';
import type { LiveWriter } from './live-writer.ts';
import type { Order } from './order.ts';
import { beginningOf } from './snapshot.ts';
import { SortedList } from './sorted-list.ts';

export interface LiveOptions {
  readonly order: Order;
  /** How many objects are seen. */
  readonly first: number;
  readonly batchMs: number;
  readonly clock: Clock;
}

/** Who reads a view. Whoever is called may take, or leave, at once. */
export interface ViewReader {
  /** Something may be there. */
  wake(): void;
  /** What it has its eyes on is worth nothing any more: it has to begin again. */
  letGo(): void;
  /**
   * As `letGo`, if the reader is too far behind.
   *
   * @param weightBefore of all patches that it has had a chance to take.
   * @param weight of all patches.
   */
  keepUp(weightBefore: number, weight: number): void;
  fail(error: unknown): void;
}

/**
 * A sorted list that all who want the same of it read. It follows the watch whether or not anybody takes what has come, and
 * keeps nothing for anybody: readers hold on to their places in its log.
 */
export class LiveView {
  readonly #watch: () => EventReader;
  readonly #writer: LiveWriter;
  readonly #options: LiveOptions;
  readonly #onUnread: () => void;
  readonly #readers = new Set<ViewReader>();
  readonly #log: EditionLog;
  #batches: Batches | undefined;
  /** What a snapshot has brought so far; empty again once it is complete. */
  readonly #arriving = new Map<string, Buffer>();
  #list: SortedList | undefined;
  /** Where readers begin, as long as the list stays as it is. */
  #beginning: Place | undefined;

  /**
   * @param watch begins the watch. Throws.
   * @param onUnread once nobody reads it any more and nobody else must join.
   */
  constructor(watch: () => EventReader, writer: LiveWriter, options: LiveOptions, onUnread: () => void) {
    this.#watch = watch;
    this.#writer = writer;
    this.#options = options;
    this.#onUnread = onUnread;
    this.#log = new EditionLog(writer);
  }

  /** Of all patches so far. */
  get weight(): number {
    return this.#log.latest.weight;
  }

  /** Where somebody begins who has nothing; undefined before the list is there. */
  get beginning(): Place | undefined {
    if (this.#list === undefined) return undefined;
    const { window: items, total } = this.#list;
    return (this.#beginning ??= beginningOf(this.#writer, { items, total, edition: this.#log.latest }));
  }

  /** The first one begins the watch. */
  join(reader: ViewReader): void {
    this.#readers.add(reader);
    if (this.#batches === undefined) this.#advance();
  }

  leave(reader: ViewReader): void {
    if (!this.#readers.delete(reader) || this.#readers.size > 0) return;
    this.#onUnread();
    this.#batches?.close();
  }

  /** Takes whatever is there, and tells of it. */
  #advance(): void {
    const weightBefore = this.weight;
    try {
      do this.#takeAll();
      while (this.#startsOver());
    } catch (error) {
      return this.#fail(error);
    }
    if (this.#batches?.isDrained === true) return this.#fail(withoutCursor(this.#batches.error));
    // Those who leave meanwhile are not visited any more.
    for (const reader of this.#readers) {
      reader.wake();
      reader.keepUp(weightBefore, this.weight);
    }
  }

  #takeAll(): void {
    const batches = (this.#batches ??= this.#begin());
    for (let events = batches.take(); events !== undefined; events = batches.take()) this.#absorb(events);
  }

  #begin(): Batches {
    const { batchMs, clock } = this.#options;
    const batches = new Batches(this.#watch(), { batchMs, maxEvents: Infinity, clock });
    batches.onReady = () => this.#advance();
    return batches;
  }

  /** When the watch has ended because it could not go on, though it had begun well: one that has not would not now. */
  #startsOver(): boolean {
    if (this.#list === undefined || this.#batches?.isDrained !== true) return false;
    if (!CAN_START_OVER.some((code) => isKubegraphError(this.#batches?.error, code))) return false;
    this.#batches = undefined;
    this.#list = undefined;
    this.#beginning = undefined;
    for (const reader of this.#readers) reader.letGo();
    return true;
  }

  #absorb(events: readonly WatchEvent[]): void {
    for (const event of events) {
      if (event.type === 'SYNCED') this.#list = this.#arrived();
      else if (this.#list === undefined) this.#collect(event);
      else this.#apply(this.#list, event);
    }
    this.#publish(events.at(-1));
  }

  #collect(event: ChangeEvent): void {
    const object = stateIn(event);
    if (object === undefined) this.#arriving.delete(event.key);
    else this.#arriving.set(event.key, object);
  }

  #arrived(): SortedList {
    const { order, first } = this.#options;
    const list = new SortedList(order, first, this.#arriving);
    this.#arriving.clear();
    this.#log.restart(list.total);
    return list;
  }

  #apply(list: SortedList, event: ChangeEvent): void {
    this.#log.add(list.apply(event.key, stateIn(event)));
    if (this.#log.isFull) this.#publish(event);
  }

  #publish(last: WatchEvent | undefined): void {
    if (this.#list !== undefined && this.#log.publish(this.#list.total, last?.receivedAt))
      this.#beginning = undefined;
  }

  #fail(error: unknown): void {
    this.#onUnread();
    this.#batches?.close();
    // What ends the watch also ends those of the readers, and tells each of them when to come back: that goes first.
    queueMicrotask(() => {
      for (const reader of this.#readers) reader.fail(error);
    });
  }
}

const CAN_START_OVER: readonly Code[] = ['EXPIRED', 'SLOW_CONSUMER', 'LIFETIME_EXCEEDED'];

/** The object's state after an event. */
function stateIn({ type, object }: ChangeEvent): Buffer | undefined {
  return type === 'DELETED' ? undefined : object;
}

/** A live query does not resume. */
function withoutCursor(error: KubegraphError | undefined): KubegraphError | undefined {
  if (error === undefined || !('cursor' in error.extensions)) return error;
  const { cursor: _, ...extensions } = error.extensions;
  return new KubegraphError(error.code, error.message, { extensions, cause: error });
}
