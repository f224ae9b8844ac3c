import type { Catalog } from '../catalog/catalog.ts';
import { KUBECONFIG_IDENTITY } from '../cluster/identity.ts';
import type { RawUpstream } from '../cluster/raw.ts';
import { unparsableDocuments } from '../execution/unparsable.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../server/gateway.ts';
import { graphiql } from '../server/graphiql.ts';
import { listen, type Listener } from '../server/listener.ts';
import { watchedSubscriptions } from '../server/watched-subscriptions.ts';
import type { Log } from '../util/log.ts';
import { CommandFailure, UsageError } from './command.ts';
import type { ServeOptions } from './gateway-process.ts';
import { schemaWarnings } from './schema-warnings.ts';

/** What the first half has begun. */
export interface BegunStart extends Required<Pick<GatewayOptions, 'upstream' | 'cache' | 'catalogs'>> {
  /** The way to the API server for what is passed on. */
  readonly raw: RawUpstream;
  /** What the cluster is first seen to serve; undefined where nobody may look before somebody asks. */
  readonly catalog: Promise<Catalog> | undefined;
}

/**
 * The second half of a gateway's start: everything that GraphQL needs, in a file of its own so that the first half does not
 * wait for it. Rejects as `startGateway` does; the connection is then closed.
 */
export async function startListening(
  { catalog, raw, ...begun }: BegunStart,
  options: ServeOptions,
  log: Log,
): Promise<Listener> {
  const { mode, schema, documents, subscriptionLimits, enableExec = false } = options;
  // The editor could ask nothing where only trusted documents are executed.
  const editor = documents?.only === true ? false : graphiql;
  const subscriptions = watchedSubscriptions(subscriptionLimits);
  const gateway = createGateway({
    ...begun,
    exec: enableExec ? raw : undefined,
    raw: options.raw === true ? raw : undefined,
    services: options.enableServiceProxy === true ? raw : undefined,
    mode,
    log,
    graphiql: editor,
    schema,
    documents,
    subscriptions,
  });
  try {
    const wrong = documents && unparsableDocuments(documents);
    if (wrong !== undefined) throw new UsageError(wrong);
    // Looking before listening: a cluster that cannot be reached is said at once, and the first request finds it known.
    const seen = await catalog;
    if (seen !== undefined) {
      for (const warning of schemaWarnings(seen, schema)) log.warn(warning);
    }
    const listener = await listenAt(gateway, options);
    // Elsewhere nobody may look before somebody asks. What cannot be looked at now is looked at when it is asked for.
    if (mode === 'kubeconfig') void gateway.engine.planTrusted(KUBECONFIG_IDENTITY).catch(() => undefined);
    return listener;
  } catch (error) {
    await gateway.close();
    throw error;
  }
}

async function listenAt(gateway: Gateway, { host, port }: ServeOptions): Promise<Listener> {
  try {
    return await listen(gateway, { host, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE')
      throw new CommandFailure(`port ${port} on ${host} is taken: choose another with --port`);
    if (code === 'EACCES')
      throw new UsageError(`port ${port} may not be used by this user: choose one above 1023`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new UsageError(`--host ${host} is no address of this machine`);
    throw error;
  }
}
