export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/**
 * What a subscriber gets.
 *
 * `object` holds the object's JSON exactly as the API server sent it; it is shared between subscribers and must not be
 * written to. Items that come from a plain list of a built-in kind have no `apiVersion` and `kind`. A DELETED carries
 * what the server sent with the deletion or, when the object vanished unseen, what was known of it last.
 *
 * `cursor` resumes behind this event: nothing that follows it is lost. What was delivered already may come again, in the
 * order in which it happened. Cursors handed out before SYNCED start the snapshot over.
 */
export type WatchEvent =
  | { readonly type: ChangeType; readonly object: Buffer; readonly cursor: string }
  | { readonly type: 'SYNCED'; readonly cursor: string };

/** An event on its way to a subscriber. */
export interface Delivery {
  /** Which object it is about, equal only for the same incarnation of it; undefined for SYNCED. */
  readonly id: string | undefined;
  readonly event: WatchEvent;
}
