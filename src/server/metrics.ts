import type { Catalogs } from '../catalog/catalog.ts';
import type { Metric } from '../util/metrics.ts';
import { version } from '../util/version.ts';
import type { WatchHub } from '../watch/hub.ts';
import type { Deliveries } from './deliveries.ts';
import { samplesOf } from './metric-samples.ts';
import { subscriptionMetrics } from './subscription-metrics.ts';

const MICROSECONDS = 1_000_000;
const MILLISECONDS = 1_000;

/** What the numbers come from. */
export interface Measured {
  readonly catalogs: Catalogs;
  /** Undefined where they are refused. */
  readonly subscriptions: { readonly hub: Pick<WatchHub, 'counts'> } | undefined;
  readonly deliveries: Deliveries;
}

/** Every metric of a gateway that is listened at. docs/reference/metrics.md has the same list. */
export function gatewayMetrics({ catalogs, subscriptions, deliveries }: Measured): readonly Metric[] {
  return [
    ...buildMetrics,
    ...catalogMetrics(catalogs),
    ...(subscriptions === undefined ? [] : subscriptionMetrics(subscriptions.hub, deliveries)),
    ...processMetrics,
  ];
}

const buildMetrics: readonly Metric[] = [
  {
    name: 'kubegraph_build_info',
    type: 'gauge',
    help: 'Always 1; the labels say what runs.',
    read: () => [{ labels: { version, node: process.version }, value: 1 }],
  },
];

function catalogMetrics(catalogs: Catalogs): readonly Metric[] {
  return [
    {
      name: 'kubegraph_catalog_refreshes_total',
      type: 'counter',
      help: 'How often the API server was asked what it serves, by what came of it.',
      read: () => samplesOf('result', catalogs.status.refreshes),
    },
    {
      name: 'kubegraph_catalog_age_seconds',
      type: 'gauge',
      help: 'Time since the API server last said what it serves.',
      read: () => {
        const { readAtMs } = catalogs.status;
        return readAtMs === undefined ? undefined : Math.max(0, Date.now() - readAtMs) / MILLISECONDS;
      },
    },
    {
      name: 'kubegraph_catalog_last_refresh_failed',
      type: 'gauge',
      help: '1 while the newest look at the API server has failed and the last good schema serves.',
      read: () => (catalogs.status.refreshError === undefined ? 0 : 1),
    },
    {
      name: 'kubegraph_catalog_group_versions',
      type: 'gauge',
      help: 'Group-versions that the API server serves.',
      read: () => catalogs.status.groupVersions,
    },
    {
      name: 'kubegraph_catalog_stale_group_versions',
      type: 'gauge',
      help: 'Group-versions whose aggregated API does not answer.',
      read: () => catalogs.status.staleGroupVersions,
    },
    {
      name: 'kubegraph_catalog_watches',
      type: 'gauge',
      help: 'Open watches on definitions and API services.',
      read: () => catalogs.counts.openWatches,
    },
    {
      name: 'kubegraph_schema_document_loads_total',
      type: 'counter',
      help: 'OpenAPI documents that were loaded from the API server, and parts of such documents that were loaded from disk.',
      read: () => samplesOf('from', catalogs.counts.documents),
    },
  ];
}

/** Under the names that Prometheus' client libraries give them. */
const processMetrics: readonly Metric[] = [
  {
    name: 'process_cpu_seconds_total',
    type: 'counter',
    help: 'User and system CPU time.',
    read: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / MICROSECONDS;
    },
  },
  {
    name: 'process_resident_memory_bytes',
    type: 'gauge',
    help: 'Resident memory.',
    read: () => process.memoryUsage.rss(),
  },
  {
    name: 'process_start_time_seconds',
    type: 'gauge',
    help: 'When the process started, in seconds since the epoch.',
    read: () => Math.round(Date.now() / MILLISECONDS - process.uptime()),
  },
  {
    name: 'nodejs_heap_size_total_bytes',
    type: 'gauge',
    help: "Size of V8's heap.",
    read: () => process.memoryUsage().heapTotal,
  },
  {
    name: 'nodejs_heap_size_used_bytes',
    type: 'gauge',
    help: "Used part of V8's heap.",
    read: () => process.memoryUsage().heapUsed,
  },
  {
    name: 'nodejs_external_memory_bytes',
    type: 'gauge',
    help: "Memory of buffers and other objects outside of V8's heap.",
    read: () => process.memoryUsage().external,
  },
];
