export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/**
 * One change of one object.
 *
 * All subscribers of the same identity and scope get the same event object, so what is made of one can be kept by its
 * identity. Buffers are shared, too, and must not be written to.
 */
export interface ChangeEvent {
  readonly type: ChangeType;
  /** `namespace/name`; the namespace is empty for cluster-scoped objects. */
  readonly key: string;
  /**
   * The object's JSON exactly as the API server sent it. Items that come from a plain list of a built-in kind have no
   * `apiVersion` and `kind`. A DELETED carries what the server sent with the deletion or, when the object vanished unseen,
   * what was known of it last; undefined only when the subscriber knew it and the gateway does not.
   */
  readonly object: Buffer | undefined;
  /** The object's JSON before this change; undefined where it is not known, and in events that stand for several. */
  readonly before: Buffer | undefined;
  /** Whether it is a part of a complete snapshot, which replaces whatever the subscriber held. */
  readonly isSnapshot: boolean;
  /**
   * Resumes behind this event: nothing that follows it is lost. What was delivered already may come again, in the order in
   * which it happened. Cursors handed out before SYNCED start the snapshot, or the differences, over.
   */
  readonly cursor: string;
  /** When the gateway read it, by its clock (`performance.now()`); for a snapshot, when the object was first put into one. */
  readonly receivedAt: number;
}

/** Everything up to here is delivered: from now on, changes come as they happen. Once per subscription. */
export interface SyncedEvent {
  readonly type: 'SYNCED';
  /** Whether a complete snapshot came before it. If not, it continues what the subscriber held. */
  readonly isSnapshot: boolean;
  readonly cursor: string;
  readonly receivedAt: number;
}

/** What a subscriber gets. */
export type WatchEvent = ChangeEvent | SyncedEvent;

/** A change on its way to a subscriber. */
export interface QueuedChange {
  /** Which object it is about, equal only for the same incarnation of it. */
  readonly id: string;
  readonly event: ChangeEvent;
  /** The event as a queue keeps it that merges events, once one needed it. */
  merged?: ChangeEvent;
}

/** A change as a feed hands it out, the same one to all of its subscribers. */
export interface ChangeDelivery extends QueuedChange {
  readonly resourceVersion: string;
}

interface SyncedDelivery {
  readonly id: undefined;
  readonly event: SyncedEvent;
}

export type Delivery = QueuedChange | SyncedDelivery;
