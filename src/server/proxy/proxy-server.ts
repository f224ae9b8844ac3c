import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { KUBECONFIG_IDENTITY } from '../../cluster/identity.ts';
import type { RawUpstream, Tunnel } from '../../cluster/raw.ts';
import { describeError, type Log } from '../../util/log.ts';
import { responseTo } from '../upgraded.ts';
import { onUpgrade } from '../upgrades.ts';
import { createProxyDoor } from './door.ts';
import type { Filter } from './filter.ts';
import { refuseStrangers } from './origin.ts';
import { answerWithFile, type StaticFilesOptions } from './static-files.ts';
import { answerFailure } from './status.ts';

export interface ProxyServerOptions {
  readonly upstream: RawUpstream;
  /** Undefined: whoever reaches the proxy may do everything. */
  readonly filter: Filter | undefined;
  /** What the filter may let pass. */
  readonly tunnels: ReadonlySet<Tunnel>;
  /** Where the API is. Begins and ends with a slash; one that begins with `/api` is part of the API's own paths. */
  readonly apiPrefix: string;
  readonly files: StaticFilesOptions | undefined;
  readonly log: Log;
}

/** A server that does not listen yet, and how it is ended. */
export interface ProxyServer {
  readonly server: Server;
  /** Stops listening and cuts everybody off: whoever watches would stay for ever. */
  readonly close: () => Promise<void>;
}

/**
 * Slow senders of heads are cut off after so long, and connections that nobody uses, in milliseconds. Bodies take as long as
 * they like. Clients that vanish without a word are found out: those who watch would have nothing to say, either.
 */
const TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 0,
  keepAliveTimeout: 75_000,
  keepAlive: true,
  keepAliveInitialDelay: 30_000,
};

/** The API server for whoever reaches this server, as kubectl's proxy has it: everybody acts as the kubeconfig's user. */
export function createProxyServer(options: ProxyServerOptions): ProxyServer {
  const { upstream, filter, tunnels, apiPrefix, files, log } = options;
  const report = (error: unknown): void =>
    log.error('a request failed inside the proxy', describeError(error));
  const door = createProxyDoor({
    upstream,
    identityOf: () => KUBECONFIG_IDENTITY,
    prefix: apiPrefix,
    keepsPrefix: apiPrefix.startsWith('/api'),
    filter,
    tunnels,
    report,
  });
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      if (filter !== undefined) refuseStrangers(request, filter);
      if (files !== undefined && isBelow(files, request, apiPrefix))
        await answerWithFile(request, response, files);
      else await door.handle(request, response);
    } catch (error) {
      answerFailure(response, error, report);
    }
  };
  const upgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    try {
      if (filter !== undefined) refuseStrangers(request, filter);
    } catch (error) {
      return answerFailure(responseTo(request), error, report);
    }
    await door.upgrade(request, socket, head);
  };
  const server = createServer(TIMEOUTS, (request, response) => void handle(request, response));
  const endUpgraded = onUpgrade(server, upgrade);
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    door.close();
    server.closeAllConnections();
    endUpgraded();
    await closed;
  };
  return { server, close };
}

/** The longer of two prefixes wins where one holds the other. */
function isBelow({ prefix }: StaticFilesOptions, { url = '' }: IncomingMessage, apiPrefix: string): boolean {
  return url.startsWith(prefix) && !(apiPrefix.length > prefix.length && url.startsWith(apiPrefix));
}
