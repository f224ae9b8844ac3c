/** Shortest server-side watch, in seconds. The real value is random up to twice this, to spread reconnects. */
export const MIN_WATCH_SECONDS = 300;

/** How long a watch may outlive its `timeoutSeconds` before its connection counts as dead. */
export const WATCH_OVERRUN_MS = 5_000;

/** A streaming list that says nothing for so long, or goes on for so long, is not one. */
export const STREAMING_LIST_SILENCE_MS = 30_000;
export const STREAMING_LIST_MAX_MS = 300_000;

/** Silence that a watch with regular bookmarks may show; the API server sends one every 60 s. */
export const MIN_BOOKMARK_SILENCE_MS = 150_000;

/** An empty watch that ends cleanly within this was cut by something on the way, and must not be reopened at once. */
export const MIN_EMPTY_WATCH_MS = 1_000;

/**
 * The API server refuses a position that it has forgotten inside a 200 answer. One that nothing has been heard of for so
 * long has been accepted.
 */
export const POSITION_ACCEPTED_MS = 1_000;

/** For the question where a collection is now. Nothing waits longer for it. */
export const POSITION_CHECK_MS = 2_500;

/** After so long without a word of the API server, it may come back as another one: with an older state. */
export const UNHEARD_MS = 10_000;

/** How long a view may lag behind what a subscriber has seen, before it is made anew. */
export const CATCH_UP_MS = 1_000;

/** For an access review, so that a lost permission is noticed within 30 s also where one gets no answer. */
export const REVIEW_MS = 2_500;

/** Between the first "no" about a permission and the question whether that is meant. */
export const SECOND_OPINION_MS = 1_000;

/** Back-off as client-go has it: each delay gets up to its own length on top. */
export const BACKOFF = { firstMs: 800, factor: 2, maxMs: 30_000, resetAfterMs: 120_000 } as const;

/** A longer Retry-After is cut to this. */
export const MAX_RETRY_AFTER_MS = 600_000;
