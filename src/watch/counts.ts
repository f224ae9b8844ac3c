import type { Code } from '../errors/codes.ts';

/** How a subscription that came back was served. */
export type ResumedBy =
  /** From the events that the gateway still held. */
  | 'history'
  /** By the API server, which still knew the position. */
  | 'upstream'
  /** By the differences to what the subscriber knew. */
  | 'known'
  /** By a new snapshot, since the position was forgotten. */
  | 'snapshot';

/** Of what there were as many as there may be when a subscription was refused. */
export type Cap =
  /** Subscriptions. */
  | 'subscriptions'
  /** Those of one caller. */
  | 'caller'
  /** Upstream watches of one identity. */
  | 'watches';

/** What has happened so far, and how much there is now. Plain numbers, to be read at any time. */
export interface WatchCounts {
  /** Now. */
  subscribers: number;
  /** Now, one that waits for its next try included. */
  upstreamWatches: number;
  /** Changes that came from API servers. */
  eventsIn: number;
  /** Events that subscribers took. */
  eventsOut: number;
  /** Events that later ones of the same object have overtaken while they waited. */
  coalesced: number;
  /** Events that a subscriber had no use for. */
  filtered: number;
  /** Complete lists after the first one. */
  relists: number;
  readonly resumed: Record<ResumedBy, number>;
  /** Subscriptions that were refused because there were too many already. */
  readonly refused: Record<Cap, number>;
  /** Subscriptions that ended with an error. */
  readonly ended: Partial<Record<Code, number>>;
}

export function createCounts(): WatchCounts {
  return {
    subscribers: 0,
    upstreamWatches: 0,
    eventsIn: 0,
    eventsOut: 0,
    coalesced: 0,
    filtered: 0,
    relists: 0,
    resumed: { history: 0, upstream: 0, known: 0, snapshot: 0 },
    refused: { subscriptions: 0, caller: 0, watches: 0 },
    ended: {},
  };
}
