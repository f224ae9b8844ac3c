import { Catalogs } from '../catalog/catalog.ts';
import type { DocumentCache } from '../catalog/document-cache.ts';
import type { Upstream } from '../cluster/upstream.ts';
import { Engine } from '../execution/engine.ts';
import { describeError, type Log } from '../util/log.ts';
import { WatchHub, type WatchHubOptions } from '../watch/hub.ts';
import type { AuthMode } from './options.ts';
import { createGraphQLHandler, type Editor, type Yoga } from './yoga.ts';

export interface GatewayOptions {
  readonly upstream: Upstream;
  readonly cache: DocumentCache;
  readonly mode: AuthMode;
  readonly log: Log;
  /** What browsers get; false where there is nobody to show it to. */
  readonly graphiql: Editor | false;
  /** Whether the way in can stream. Default true; without it subscriptions are refused. */
  readonly subscriptions?: boolean;
  /** The most items that one list field answers. Default 50,000. */
  readonly maxListItems?: number;
  /** How watches are kept up. Default: as the hub does. */
  readonly watch?: Omit<WatchHubOptions, 'upstream'>;
}

/** The gateway without a listener: what every way in shares. */
export interface Gateway {
  readonly engine: Engine;
  readonly catalogs: Catalogs;
  readonly hub: WatchHub;
  readonly yoga: Yoga;
  readonly options: GatewayOptions;
  /** Ends subscriptions with SERVER_SHUTDOWN, then the connections to the API server. */
  readonly close: () => Promise<void>;
}

export function createGateway(options: GatewayOptions): Gateway {
  const { upstream, log, mode } = options;
  const report = (error: unknown): void =>
    log.error('a request failed inside the gateway', describeError(error));
  const catalogs = new Catalogs({ upstream, cache: options.cache });
  const hub = new WatchHub({ ...options.watch, upstream });
  const limits = options.maxListItems === undefined ? {} : { maxListItems: options.maxListItems };
  const engine = new Engine({ upstream, catalogs, hub, report, limits });
  const { graphiql, subscriptions = true } = options;
  return {
    engine,
    catalogs,
    hub,
    options,
    yoga: createGraphQLHandler({ engine, mode, report, graphiql, subscriptions }),
    close: async () => {
      await hub.close();
      await upstream.close();
    },
  };
}
