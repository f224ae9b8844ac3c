/**
 * For so long is what was made for one subscriber kept for others, in milliseconds. What it was made of lives longer, an
 * object as long as it does not change: then each document would keep all that it shows of a collection.
 */
export const SHARED_MS = 5_000;
