/** One message of a subscription. Subscribers that select the same share it: what a transport makes of one can be kept by its identity. */
export interface Payload {
  /** A whole execution result, as JSON. */
  readonly json: Buffer;
  /** Resumes behind it; undefined where nothing can be resumed, as in a live query or a failure. */
  readonly cursor: string | undefined;
  /** When the newest event in it came from the API server, by `performance.now()`; undefined for snapshots and failures. */
  readonly receivedAt: number | undefined;
}

/**
 * The answers to a subscription, for one reader. A payload that is not taken waits, within the bounds of the watch; nobody else
 * waits for that.
 */
export interface SubscriptionAnswer {
  /** Set by the reader. Called when something can be taken after `take` had answered undefined, and at the end. */
  onReady: () => void;
  /** The next payload. A failure is the last of them. */
  readonly take: () => Payload | undefined;
  /** Resumes behind what was taken, and behind what else has happened while nothing waits; undefined where nothing can be resumed. */
  readonly cursor: string | undefined;
  /** Whether everything has been taken and nothing more will come. */
  readonly isEnded: boolean;
  /** When to come back, in milliseconds, if whoever ended it has said so. */
  readonly retryAfterMs: number | undefined;
  /** Ends it, and the watch if nobody else needs it. To be called once the reader leaves. */
  readonly close: () => void;
}
