import { entry } from '../../test/faults/support/objects.ts';
import { followDocument } from './documents.ts';
import { EventStream } from './event-stream.ts';
import { fieldOf } from './frame-reader.ts';

export interface FollowerOptions {
  readonly url: string;
  readonly namespace: string;
  readonly size: 'small' | 'large';
}

/** A `data` field: an event, or why there are no more. */
interface Data {
  readonly data?: { readonly configMaps: WatchEvent } | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string; readonly cursor?: string };
  }[];
}

interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'SYNCED';
  /** Whether it belongs to a complete snapshot, which ends with SYNCED. */
  readonly snapshot: boolean;
  readonly cursor: string;
  readonly object: {
    readonly metadata: { readonly name: string; readonly uid: string; readonly resourceVersion: string };
  } | null;
}

/** So many connections in a row without an event are as many as make a defect of it. */
const MAX_VAIN_TRIES = 5;

/** A client that folds events into a state, and comes back to where it was whenever its connection ends, as an EventSource does. */
export class Follower {
  /** Which incarnation in which version, by name. */
  readonly state = new Map<string, string>();
  /** Codes that subscriptions have ended with. */
  readonly endings: string[] = [];
  /** Connections so far that were lost because of `dropWithNext`. */
  drops = 0;
  /** Events so far. */
  events = 0;
  /** Whether there was a SYNCED. */
  isSynced = false;
  /** Why it has given up. */
  defect: string | undefined;
  /** Called after each event, and when it has been ended. */
  onEvent: () => void = () => undefined;
  readonly #options: FollowerOptions;
  #stream: EventStream | undefined;
  #lastEventId: string | undefined;
  /** What the present snapshot has named. */
  #listed: Set<string> | undefined;
  #dropsWithNext: 'before' | 'after' | undefined;
  #vainTries = 0;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#connect();
  }

  /** Breaks the connection when the next event comes, which is taken before that or lost with it. */
  dropWithNext(when: 'before' | 'after'): void {
    this.#dropsWithNext = when;
  }

  pause(): void {
    this.#stream?.pause();
  }

  resume(): void {
    this.#stream?.resume();
  }

  leave(): void {
    const stream = this.#stream;
    this.#stream = undefined;
    stream?.destroy();
  }

  #connect(): void {
    const { url, namespace, size } = this.#options;
    // A snapshot that was not read to its end is sent anew.
    this.#listed = undefined;
    const stream: EventStream = new EventStream(
      { url, document: followDocument(namespace, size), lastEventId: this.#lastEventId },
      {
        onFrame: (frame) => {
          if (this.#stream === stream) this.#take(frame.toString('utf8'));
        },
        onClose: (error) => {
          if (this.#stream === stream) this.#comeBack(error);
        },
      },
    );
    this.#stream = stream;
  }

  #comeBack(error?: Error): void {
    this.#vainTries++;
    if (this.#vainTries > MAX_VAIN_TRIES)
      this.defect ??= `nothing came on ${MAX_VAIN_TRIES} connections: ${error?.message ?? this.endings.at(-1)}`;
    else if (this.defect === undefined) this.#connect();
  }

  #take(frame: string): void {
    if (fieldOf(frame, 'event') !== 'next') return;
    if (this.#dropsWithNext === 'before') return this.#drop();
    // As the gateway's protocol has it.
    const { data, errors } = JSON.parse(fieldOf(frame, 'data') ?? '{}') as Data;
    if (errors !== undefined) this.#end(errors[0]);
    else if (data === undefined || data === null)
      this.defect = `neither data nor errors: ${frame.slice(0, 300)}`;
    else this.#fold(data.configMaps, fieldOf(frame, 'id'));
    this.onEvent();
    if (this.#dropsWithNext === 'after') this.#drop();
  }

  #drop(): void {
    this.#dropsWithNext = undefined;
    this.drops++;
    const stream = this.#stream;
    this.#connect();
    stream?.destroy();
  }

  #end(error: NonNullable<Data['errors']>[number] | undefined): void {
    const { code = 'no code', cursor } = error?.extensions ?? {};
    this.endings.push(code);
    if (cursor === undefined) this.defect = `it ended without a cursor: ${code} ${error?.message}`;
    else this.#lastEventId = cursor;
  }

  #fold({ type, snapshot, cursor, object }: WatchEvent, id: string | undefined): void {
    this.#vainTries = 0;
    this.events++;
    // An `id` line is what an EventSource would keep.
    this.#lastEventId = id ?? cursor;
    if (type === 'SYNCED') this.#synced(snapshot);
    else if (object === null) this.defect = `${type} without an object`;
    else this.#change(type, snapshot, object.metadata);
  }

  #synced(isSnapshot: boolean): void {
    this.isSynced = true;
    if (!isSnapshot) return;
    for (const name of this.state.keys()) if (this.#listed?.has(name) !== true) this.state.delete(name);
    this.#listed = undefined;
  }

  #change(
    type: Exclude<WatchEvent['type'], 'SYNCED'>,
    isSnapshot: boolean,
    { name, uid, resourceVersion }: NonNullable<WatchEvent['object']>['metadata'],
  ): void {
    if (isSnapshot) (this.#listed ??= new Set()).add(name);
    if (type === 'DELETED') this.state.delete(name);
    else this.state.set(name, entry(uid, resourceVersion));
  }
}
