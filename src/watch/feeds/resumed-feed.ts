import { KubegraphError } from '../../errors/kubegraph-error.ts';
import type { Clock } from '../../util/clock.ts';
import { Lru } from '../../util/lru.ts';
import type { WatchCounts } from '../counts.ts';
import type { CursorCodec } from '../cursor.ts';
import type { ChangeType } from '../event.ts';
import type { ReflectorSink } from '../reflector/reflector.ts';
import type { Feed, Subscription } from '../subscription.ts';
import { incarnationOf, type ObservedObject } from '../wire/observed-object.ts';
import { compareVersions, isOlder } from '../wire/resource-version.ts';
import { Audience } from './audience.ts';
import { deliveryOf } from './deliveries.ts';
import { History, type HistoryBounds } from './history.ts';

/** Bytes of objects that are remembered: to recognise a server that repeats itself, and to say what was before a change. */
const MAX_SEEN_BYTES = 4 * 1024 * 1024;

/** What a remembered object costs beside its bytes. */
const SEEN_OVERHEAD_BYTES = 200;

interface Seen {
  readonly type: ChangeType;
  readonly object: ObservedObject;
}

export interface ResumedFeedOptions {
  /** Behind this the upstream watch resumes. */
  readonly position: string;
  readonly cursors: CursorCodec;
  readonly history: HistoryBounds;
  readonly clock: Clock;
  readonly counts: WatchCounts;
  /** The last subscriber has left. */
  readonly onIdle: () => void;
  /** The reflector has given up. Those who wait for it to resume their position have to be served in another way. */
  readonly onEnded: () => void;
  /** The API server has forgotten `position`, behind which `subscription` resumes, and nothing has been delivered yet. */
  readonly onForgotten: (subscription: Subscription, position: string) => void;
  /** `position` is further than what is known to exist; it needs an upstream watch of its own. */
  readonly onTooFar: (subscription: Subscription, position: string) => void;
}

/**
 * Feeds subscribers that came back with a cursor, from an upstream watch that continues the oldest of their positions.
 *
 * Events go through as the API server says them, since nobody here knows what the subscribers hold. SYNCED comes before
 * the first of them, when the API server has accepted the position. When it forgets the position later, what was deleted
 * meanwhile cannot be found out: the subscriptions end with EXPIRED and a cursor that starts over.
 */
export class ResumedFeed implements ReflectorSink, Feed {
  readonly #options: ResumedFeedOptions;
  readonly #history: History;
  readonly #audience = new Audience();
  /** Where those were who wait until it is known that the feed can serve them. */
  readonly #waiting = new Map<Subscription, string>();
  /** Where those were who are further than the feed has got yet. */
  readonly #ahead = new Map<Subscription, string>();
  readonly #seen = new Lru<string, Seen>({ maxWeight: MAX_SEEN_BYTES, weigh: weightOf });
  #position: string;
  /** How far everyone has been told: `#position`, except in the middle of telling. */
  #told: string;
  /** The collection has been here or further. */
  #reached: string;
  #isConfirmed = false;
  /** Whether `#reached` says more than where the feed is, or never will. */
  #isLocated = false;

  constructor(options: ResumedFeedOptions) {
    this.#options = options;
    this.#position = options.position;
    this.#told = options.position;
    this.#reached = options.position;
    this.#history = new History(options.history);
    this.#history.begin(options.position);
  }

  get subscriptions(): Iterable<Subscription> {
    return [...this.#audience, ...this.#waiting.keys()];
  }

  /** Feeds `subscription` with what happened behind `position`; answers false when that is not known here. */
  join(subscription: Subscription, position: string): boolean {
    if (this.#isConfirmed && this.#admit(subscription, position)) return true;
    const isPossible = position === this.#position || isOlder(this.#position, position);
    if (!isPossible || (this.#isConfirmed && this.#isLocated)) return false;
    subscription.attach(this);
    this.#waiting.set(subscription, position);
    return true;
  }

  /** Nothing more will come, and nobody will come back to it. */
  stop(): void {
    this.#history.clear();
  }

  leave(subscription: Subscription): void {
    this.#waiting.delete(subscription);
    this.#ahead.delete(subscription);
    this.#audience.delete(subscription);
    this.#stopIfIdle();
  }

  holds(): boolean {
    return false;
  }

  cursorOf(subscription: Subscription): string {
    const ahead = this.#ahead.get(subscription);
    const isAhead = ahead !== undefined && isOlder(this.#told, ahead);
    return this.#options.cursors.at(isAhead ? ahead : this.#told);
  }

  listed(): void {
    // A reflector that continues a cursor never lists.
  }

  located(resourceVersion: string | undefined): void {
    this.#isLocated = true;
    if (resourceVersion !== undefined && isOlder(this.#reached, resourceVersion))
      this.#reached = resourceVersion;
    this.#serveWaiting();
  }

  confirmed(): void {
    this.#isConfirmed = true;
    this.#serveWaiting();
  }

  changed(type: ChangeType, object: ObservedObject, resourceVersion: string): void {
    this.#options.counts.eventsIn += 1;
    const id = incarnationOf(object);
    const seen = this.#seen.get(id);
    this.#position = resourceVersion;
    if (!this.#isRepeated(seen, type, object.resourceVersion)) {
      this.#seen.set(id, { type, object });
      this.#tell(type, object, seen);
    }
    this.#told = resourceVersion;
  }

  advanced(resourceVersion: string): void {
    this.#position = resourceVersion;
    this.#told = resourceVersion;
    this.#history.advance(resourceVersion);
  }

  ended(error: KubegraphError): void {
    const { cursors, onEnded, onForgotten } = this.#options;
    const [audience, waiting] = [[...this.#audience], [...this.#waiting]];
    const failure = error.code === 'EXPIRED' ? startOver(error, cursors.initial) : error;
    // First of all: whoever hears of it may subscribe again.
    onEnded();
    for (const subscription of audience) subscription.fail(failure);
    for (const [subscription, position] of waiting) {
      if (error.code === 'EXPIRED') onForgotten(subscription, position);
      else subscription.fail(error);
    }
  }

  #tell(type: ChangeType, object: ObservedObject, seen: Seen | undefined): void {
    const { cursors, clock } = this.#options;
    const delivery = deliveryOf(object, {
      type,
      before: type === 'ADDED' || seen?.type === 'DELETED' ? undefined : seen?.object.bytes,
      cursor: cursors.at(this.#position),
      receivedAt: clock.now(),
    });
    this.#history.push([delivery], this.#position);
    this.#audience.tell((subscription) => {
      if (!this.#isAhead(subscription, object.resourceVersion)) subscription.deliver(delivery);
    });
  }

  #serveWaiting(): void {
    if (!this.#isConfirmed) return;
    for (const [subscription, position] of this.#waiting) {
      if (this.#admit(subscription, position)) continue;
      if (!this.#isLocated) continue;
      this.#waiting.delete(subscription);
      this.#options.onTooFar(subscription, position);
    }
    this.#stopIfIdle();
  }

  #stopIfIdle(): void {
    if (this.#audience.size === 0 && this.#waiting.size === 0) this.#options.onIdle();
  }

  #admit(subscription: Subscription, position: string): boolean {
    const { cursors, counts } = this.#options;
    const missed = this.#history.since(position);
    if (missed === undefined && !this.#isWithinReach(position)) return false;
    this.#audience.add(subscription);
    this.#waiting.delete(subscription);
    subscription.attach(this);
    counts.resumed[position === this.#options.position ? 'upstream' : 'history'] += 1;
    if (missed === undefined) {
      this.#ahead.set(subscription, position);
      subscription.synced(cursors.at(position), false);
    } else {
      subscription.deliverBatch(missed);
      subscription.synced(cursors.at(this.#position), false);
    }
    return true;
  }

  /** Whether the feed will get to `position`, if it is not there yet. */
  #isWithinReach(position: string): boolean {
    return isOlder(this.#position, position) && (compareVersions(position, this.#reached) ?? 1) <= 0;
  }

  /** Whether `subscription` has been told of what has this version, before it came back. */
  #isAhead(subscription: Subscription, resourceVersion: string): boolean {
    const position = this.#ahead.get(subscription);
    if (position === undefined) return false;
    if ((compareVersions(resourceVersion, position) ?? 1) <= 0) return true;
    this.#ahead.delete(subscription);
    return false;
  }

  #isRepeated(seen: Seen | undefined, type: ChangeType, resourceVersion: string): boolean {
    const known = seen?.object.resourceVersion ?? this.#options.position;
    if (known !== resourceVersion) return isOlder(resourceVersion, known);
    // Some API servers send a deletion with the version that it deletes.
    return seen === undefined || seen.type === type || type !== 'DELETED';
  }
}

function weightOf({ object }: Seen): number {
  return object.bytes.length + SEEN_OVERHEAD_BYTES;
}

function startOver(cause: KubegraphError, cursor: string): KubegraphError {
  return new KubegraphError(
    'EXPIRED',
    'the API server has forgotten the position; start over from the cursor',
    {
      ...(cause.kubernetes === undefined ? {} : { kubernetes: cause.kubernetes }),
      extensions: { cursor },
      cause,
    },
  );
}
