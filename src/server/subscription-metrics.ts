import type { Metric } from '../util/metrics.ts';
import type { WatchHub } from '../watch/hub.ts';
import type { Deliveries } from './deliveries.ts';
import { samplesOf } from './metric-samples.ts';

/**
 * What becomes of events between the API server and subscribers. None is ever left out silently, so nothing counts that: a
 * subscriber who falls behind gets the latest state of each object, or is ended with SLOW_CONSUMER.
 */
export function subscriptionMetrics(
  { counts }: Pick<WatchHub, 'counts'>,
  { open, latency }: Deliveries,
): readonly Metric[] {
  return [
    {
      name: 'kubegraph_subscriptions',
      type: 'gauge',
      help: 'Subscriptions that are open, by how they are sent.',
      read: () => samplesOf('transport', open),
    },
    {
      name: 'kubegraph_subscriptions_ended_total',
      type: 'counter',
      help: 'Subscriptions that ended with an error, by its code. Those that their clients left are not among them.',
      read: () => samplesOf('code', counts.ended),
    },
    {
      name: 'kubegraph_subscriptions_refused_total',
      type: 'counter',
      help: 'Subscriptions that were refused because there were too many already, by the limit.',
      read: () => samplesOf('limit', counts.refused),
    },
    {
      name: 'kubegraph_subscriptions_resumed_total',
      type: 'counter',
      help: 'Subscriptions that came back, by what they went on with.',
      read: () => samplesOf('by', counts.resumed),
    },
    {
      name: 'kubegraph_subscription_events_total',
      type: 'counter',
      help: 'Events that subscribers took, snapshots included.',
      read: () => counts.eventsOut,
    },
    {
      name: 'kubegraph_subscription_events_coalesced_total',
      type: 'counter',
      help: 'Events that a later one of the same object overtook while they waited for a subscriber.',
      read: () => counts.coalesced,
    },
    {
      name: 'kubegraph_subscription_events_filtered_total',
      type: 'counter',
      help: 'Events that changed nothing of what a subscriber selects and who asked not to get such.',
      read: () => counts.filtered,
    },
    {
      name: 'kubegraph_subscription_delivery_seconds',
      type: 'histogram',
      help: "Time from an event's arrival in the gateway to its way to a client. Only changes count, and only for those who were there when they came.",
      read: () =>
        Object.entries(latency).map(([transport, histogram]) => ({ labels: { transport }, histogram })),
    },
    {
      name: 'kubegraph_upstream_watches',
      type: 'gauge',
      help: 'Watches on the API server for subscriptions, those included that wait for their next try.',
      read: () => counts.upstreamWatches,
    },
    {
      name: 'kubegraph_upstream_watch_events_total',
      type: 'counter',
      help: 'Changes that came from the API server, each once for all of its subscribers.',
      read: () => counts.eventsIn,
    },
    {
      name: 'kubegraph_upstream_watch_relists_total',
      type: 'counter',
      help: 'Complete lists that watches needed after their first one.',
      read: () => counts.relists,
    },
  ];
}
