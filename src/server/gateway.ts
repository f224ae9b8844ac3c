import { Catalogs } from '../catalog/catalog.ts';
import type { DocumentCache } from '../catalog/document-cache.ts';
import { noticingGone } from '../catalog/freshness/gone.ts';
import type { Upstream } from '../cluster/upstream.ts';
import { Engine } from '../execution/engine.ts';
import type { TrustedDocuments } from '../execution/documents.ts';
import type { ReportDefect } from '../execution/graphql-errors.ts';
import type { SchemaOptions } from '../mapping/schema-options.ts';
import { describeError, type Log } from '../util/log.ts';
import type { Metric } from '../util/metrics.ts';
import { WatchHub, type WatchHubOptions } from '../watch/hub.ts';
import { Deliveries } from './deliveries.ts';
import type { Editor } from './editor.ts';
import { gatewayMetrics } from './metrics.ts';
import type { AuthMode } from './options.ts';
import type { Yoga, YogaOptions } from './yoga.ts';

export interface GatewayOptions {
  readonly upstream: Upstream;
  readonly cache: DocumentCache;
  /** Where the catalogue is already being read. Default: one of the gateway's own. */
  readonly catalogs?: Catalogs;
  readonly mode: AuthMode;
  readonly log: Log;
  /** What browsers get; false where there is nobody to show it to. */
  readonly graphiql: Editor | false;
  /** Whether the way in can send bytes as they come. Default true. */
  readonly subscriptions?: boolean;
  /** The most items that one list field answers. Default: 50,000 where they have to be in memory, no limit where they are sent on. */
  readonly maxListItems?: number;
  /** What the schema shows. Default: see SchemaOptions. */
  readonly schema?: SchemaOptions;
  /** Documents that are asked for by their names. Default: none, and everything is executed. */
  readonly documents?: TrustedDocuments | undefined;
  /**
   * Whether to follow in the background what the API server serves. Default true; without it nothing runs between
   * requests.
   */
  readonly followCatalog?: boolean;
  /** How watches are kept up. Default: as the hub does. */
  readonly watch?: Omit<WatchHubOptions, 'upstream'>;
}

/** The gateway without a listener: what every way in shares. */
export interface Gateway {
  readonly engine: Engine;
  readonly catalogs: Catalogs;
  readonly hub: WatchHub;
  /** Loaded when something asks for it: plain requests do without. */
  readonly yoga: () => Promise<Yoga>;
  readonly metrics: readonly Metric[];
  readonly deliveries: Deliveries;
  readonly options: GatewayOptions;
  readonly report: ReportDefect;
  /** Ends subscriptions with SERVER_SHUTDOWN, and what runs in the background. What is under way goes on. */
  readonly drain: () => Promise<void>;
  /** The same, and then ends the connections to the API server. */
  readonly close: () => Promise<void>;
}

export function createGateway(options: GatewayOptions): Gateway {
  const { log, mode, followCatalog = true } = options;
  const report = (error: unknown): void =>
    log.error('a request failed inside the gateway', describeError(error));
  const { cache, upstream: bare } = options;
  const catalogs =
    options.catalogs ?? new Catalogs({ upstream: bare, cache, follow: followCatalog ? {} : undefined });
  const upstream = noticingGone(bare, (identity) => void catalogs.refresh(identity).catch(() => undefined));
  const hub = new WatchHub({ ...options.watch, upstream });
  const limits = options.maxListItems === undefined ? {} : { maxListItems: options.maxListItems };
  const { schema, documents } = options;
  const warn = (problem: string): void => log.warn(problem);
  const engine = new Engine({ upstream, catalogs, hub, cache, report, limits, schema, documents, warn });
  const { subscriptions: streams = true } = options;
  const drain = async (): Promise<void> => {
    await Promise.all([hub.close(), catalogs.close()]);
  };
  const deliveries = new Deliveries();
  let yoga: Promise<Yoga> | undefined;
  return {
    engine,
    catalogs,
    hub,
    metrics: gatewayMetrics({ catalogs, hub, deliveries }),
    deliveries,
    options,
    yoga: () => {
      yoga ??= loadYoga({ engine, mode, report, streams }).catch((error: unknown) => {
        yoga = undefined;
        throw error;
      });
      return yoga;
    },
    report,
    drain,
    close: async () => {
      await drain();
      await bare.close();
    },
  };
}

async function loadYoga(options: YogaOptions): Promise<Yoga> {
  const { createGraphQLHandler } = await import('./yoga.ts');
  return createGraphQLHandler(options);
}
