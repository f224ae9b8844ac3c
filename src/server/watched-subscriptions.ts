import type { Upstream } from '../cluster/upstream.ts';
import { subscriptionsFrom } from '../execution/subscribe.ts';
import type { Subscriptions } from '../execution/subscriptions.ts';
import { WatchHub, type WatchHubOptions } from '../watch/hub.ts';

/** Subscriptions, and the watches that they are answered from. */
export interface WatchedSubscriptions extends Subscriptions {
  readonly hub: WatchHub;
}

/**
 * For a gateway's `subscriptions`.
 *
 * @param options how watches are kept up. Default: as the hub does.
 */
export function watchedSubscriptions(
  options: Omit<WatchHubOptions, 'upstream'> = {},
): (upstream: Upstream) => WatchedSubscriptions {
  return (upstream) => {
    const hub = new WatchHub({ ...options, upstream });
    return { hub, ...subscriptionsFrom(hub) };
  };
}
