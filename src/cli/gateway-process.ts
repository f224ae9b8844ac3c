import { Catalogs } from '../catalog/catalog.ts';
import { KUBECONFIG_IDENTITY } from '../cluster/identity.ts';
import type { ClusterTarget } from '../cluster/kubeconfig/target.ts';
import type { Upstream } from '../cluster/upstream.ts';
import type { TrustedDocuments } from '../execution/documents.ts';
import type { SchemaOptions } from '../mapping/schema-options.ts';
import type { Listener } from '../server/listener.ts';
import type { Log } from '../util/log.ts';
import { type ClusterOptions, connectCluster } from './cluster-connection.ts';
import { namingServer } from './cluster-target.ts';
import type { SubscriptionLimits } from './subscription-flags.ts';

/** How a gateway is to be run as a process of its own. */
export interface ServeOptions extends ClusterOptions {
  readonly host: string;
  readonly port: number;
  readonly schema: SchemaOptions;
  readonly documents: TrustedDocuments | undefined;
  /** Whether clients may run commands in pods. Default: they may not. */
  readonly enableExec?: boolean;
  /** Whether the API server's own REST API is served, too. Default: it is not. */
  readonly raw?: boolean;
  /** Whether the cluster's services can be asked. Default: they cannot. */
  readonly enableServiceProxy?: boolean;
  /** Default: as the hub has them. */
  readonly subscriptionLimits?: SubscriptionLimits;
}

/** A gateway that listens, and what it listens for. */
export interface RunningGateway {
  readonly target: ClusterTarget;
  readonly listener: Listener;
  /**
   * Rejects as `startGateway` does, when it turns out after all that the cluster is not to be had: a start from disk has not
   * seen it. Never resolves.
   */
  readonly failure: Promise<never>;
}

/** What the disk says is held against the cluster so long after listening, in milliseconds: first answers come first. */
const CONFIRM_AFTER_MS = 500;

/**
 * Starts a gateway. Rejects with a UsageError, CommandFailure or KubegraphError, whose message is one line that says what to do, when the
 * kubeconfig, the cluster or the port is not to be had.
 */
export async function startGateway(options: ServeOptions, log: Log): Promise<RunningGateway> {
  const { target, upstream: bare, cache } = connectCluster(options, log);
  const { upstream, firstAnswer } = noticingAnswer(bare);
  const catalogs = new Catalogs({ upstream, cache, follow: {} });
  const catalog = options.mode === 'kubeconfig' ? catalogs.get(KUBECONFIG_IDENTITY) : undefined;
  // While the API server writes the long part of its answer there is time to load the rest of the program.
  await Promise.race([catalog?.catch(() => undefined), firstAnswer]);
  const { startListening } = await import('./start-listening.ts');
  const begun = { upstream, raw: bare, cache, catalogs, catalog };
  const listener = await startListening(begun, options, log).catch((error: unknown) => {
    throw namingServer(error, target);
  });
  const failure = catalog === undefined ? new Promise<never>(() => undefined) : failureOf(catalogs, target);
  return { target, listener, failure };
}

function failureOf(catalogs: Catalogs, target: ClusterTarget): Promise<never> {
  const failure = new Promise<never>((_, reject) => {
    const confirm = (): void =>
      void catalogs
        .confirm(KUBECONFIG_IDENTITY)
        .catch((error: unknown) => reject(namingServer(error, target)));
    setTimeout(confirm, CONFIRM_AFTER_MS).unref();
  });
  // Whoever shuts down meanwhile does not look at it any more.
  failure.catch(() => undefined);
  return failure;
}

/** An upstream, and when it has answered for the first time. */
function noticingAnswer(bare: Upstream): {
  readonly upstream: Upstream;
  readonly firstAnswer: Promise<void>;
} {
  let notice = (): void => undefined;
  const firstAnswer = new Promise<void>((resolve) => (notice = resolve));
  const send: Upstream['send'] = async (request) => {
    const answer = await bare.send(request);
    notice();
    return answer;
  };
  return { upstream: { ...bare, send }, firstAnswer };
}

/** Resolves when the process is told to end. To be called before anybody can know that it runs. */
export function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
