import { KubegraphError } from '../errors/kubegraph-error.ts';
import { Lru } from '../util/lru.ts';
import type { CursorCodec } from './cursor.ts';
import type { ChangeType } from './event.ts';
import { incarnationOf, type ObservedObject } from './observed-object.ts';
import type { ReflectorSink } from './reflector.ts';
import { isOlder } from './resource-version.ts';
import type { Subscription } from './subscription.ts';

/** Objects whose last event is remembered, to recognise a server that repeats itself. */
const MAX_SEEN = 1000;

interface Seen {
  readonly type: ChangeType;
  readonly resourceVersion: string;
}

export interface ResumedFeedOptions {
  /** Behind this the subscriber resumes. */
  readonly position: string;
  readonly cursors: CursorCodec;
  readonly subscription: Subscription;
  /** The API server has forgotten the position, and nothing has been delivered yet. */
  readonly onForgotten: () => void;
}

/**
 * Feeds one subscriber that came back with a cursor, from an upstream watch of its own.
 *
 * Events go through as the API server says them, since nobody here knows what the subscriber holds. SYNCED comes before
 * the first of them, when the API server has accepted the position. When it forgets the position later, what was deleted
 * meanwhile cannot be found out: the subscription ends with EXPIRED and a cursor that starts over.
 */
export class ResumedFeed implements ReflectorSink {
  readonly #options: ResumedFeedOptions;
  readonly #seen = new Lru<string, Seen>({ maxWeight: MAX_SEEN });

  constructor(options: ResumedFeedOptions) {
    this.#options = options;
  }

  listed(): void {
    // A reflector that continues a cursor never lists.
  }

  confirmed(resourceVersion: string): void {
    const { subscription, cursors } = this.#options;
    subscription.synced(cursors.at(resourceVersion));
  }

  changed(type: ChangeType, object: ObservedObject, resourceVersion: string): void {
    const id = incarnationOf(object);
    if (this.#isRepeated(id, type, object.resourceVersion)) return;
    this.#seen.set(id, { type, resourceVersion: object.resourceVersion });
    const { subscription, cursors } = this.#options;
    const cursor = cursors.at(resourceVersion);
    subscription.deliver({ id, event: { type, object: object.bytes, cursor } });
  }

  advanced(): void {
    // Cursors come with events only.
  }

  ended(error: KubegraphError): void {
    const { subscription, cursors, onForgotten } = this.#options;
    if (error.code !== 'EXPIRED') subscription.fail(error);
    else if (subscription.isSynced) subscription.fail(startOver(error, cursors.initial));
    else onForgotten();
  }

  #isRepeated(id: string, type: ChangeType, resourceVersion: string): boolean {
    const seen = this.#seen.get(id);
    const known = seen?.resourceVersion ?? this.#options.position;
    if (known !== resourceVersion) return isOlder(resourceVersion, known);
    // Some API servers send a deletion with the version that it deletes.
    return seen === undefined || seen.type === type || type !== 'DELETED';
  }
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
