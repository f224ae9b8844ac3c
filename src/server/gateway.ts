import { Catalogs } from '../catalog/catalog.ts';
import type { DocumentCache } from '../catalog/document-cache.ts';
import { noticingGone } from '../catalog/freshness/gone.ts';
import type { RawUpstream } from '../cluster/raw.ts';
import type { Upstream } from '../cluster/upstream.ts';
import type { RunCommand } from '../execution/call.ts';
import { Engine } from '../execution/engine.ts';
import type { TrustedDocuments } from '../execution/documents.ts';
import type { ReportDefect } from '../execution/graphql-errors.ts';
import type { SchemaOptions } from '../mapping/schema-options.ts';
import { Lazy } from '../util/lazy.ts';
import { describeError, type Log } from '../util/log.ts';
import type { Editor } from './editor.ts';
import type { AuthMode } from './options.ts';
import type { WatchedSubscriptions } from './watched-subscriptions.ts';
import type { Yoga, YogaOptions } from './yoga.ts';

export interface GatewayOptions {
  readonly upstream: Upstream;
  /** The way into pods. Default: none, and commands in them are refused on every way in. */
  readonly exec?: RawUpstream | undefined;
  /** What the API server's own surface is served through. Default: it is not served. */
  readonly raw?: RawUpstream | undefined;
  /** What the cluster's services are asked through. Default: they are not. */
  readonly services?: RawUpstream | undefined;
  readonly cache: DocumentCache;
  /** Where the catalogue is already being read. Default: one of the gateway's own. */
  readonly catalogs?: Catalogs;
  readonly mode: AuthMode;
  readonly log: Log;
  /** What browsers get; false where there is nobody to show it to. */
  readonly graphiql: Editor | false;
  /** What answers subscriptions, given the way to the API server. Default: nothing, and they are refused. */
  readonly subscriptions?: ((upstream: Upstream) => WatchedSubscriptions) | undefined;
  /** Whether the way in can send bytes as they come. Default true. */
  readonly streams?: boolean;
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
}

/** The gateway without a listener: what every way in shares. */
export interface Gateway {
  readonly engine: Engine;
  readonly catalogs: Catalogs;
  /** Undefined where they are refused. */
  readonly subscriptions: WatchedSubscriptions | undefined;
  /** Loaded when something asks for it: plain requests do without. */
  readonly yoga: () => Promise<Yoga>;
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
  const subscriptions = options.subscriptions?.(upstream);
  const limits = options.maxListItems === undefined ? {} : { maxListItems: options.maxListItems };
  const { schema, documents, streams = true } = options;
  const warn = (problem: string): void => log.warn(problem);
  const engine = new Engine({
    upstream,
    catalogs,
    subscriptions,
    runCommand: options.exec && auditedCommands(options.exec, log),
    cache,
    report,
    limits,
    schema,
    documents,
    warn,
  });
  const drain = async (): Promise<void> => {
    await Promise.all([subscriptions?.hub.close(), catalogs.close()]);
  };
  const yoga = new Lazy(() => loadYoga({ engine, mode, report, streams }));
  return {
    engine,
    catalogs,
    subscriptions,
    options,
    yoga: () => yoga.get(),
    report,
    drain,
    close: async () => {
      await drain();
      await bare.close();
    },
  };
}

function auditedCommands(exec: RawUpstream, log: Log): RunCommand {
  return async (command) => {
    // Few gateways run any.
    const [{ runCommand }, { audited }] = await Promise.all([
      import('../exec/run-command.ts'),
      import('../exec/audit.ts'),
    ]);
    return runCommand(audited(exec, log, { ...command, command: command.words }), command);
  };
}

async function loadYoga(options: YogaOptions): Promise<Yoga> {
  const { createGraphQLHandler } = await import('./yoga.ts');
  return createGraphQLHandler(options);
}
