import { onTestFinished } from 'vitest';
import { noCache } from '../../../src/catalog/document-cache.ts';
import { createUpstream } from '../../../src/cluster/transport/create.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../../../src/server/gateway.ts';
import { listen, type Listener } from '../../../src/server/listener.ts';
import type { AuthMode } from '../../../src/server/options.ts';
import { watchedSubscriptions } from '../../../src/server/watched-subscriptions.ts';
import { targetFor } from '../cluster/support/kubeconfig.ts';
import { STANDARD_CLUSTER } from './standard-cluster.ts';
import { startStub, type StubApiServer } from './stub-api-server.ts';

export interface TestGateway {
  readonly gateway: Gateway;
  readonly stub: StubApiServer;
  readonly listener: Listener;
  /** Of the GraphQL endpoint. */
  readonly url: string;
  readonly port: number;
  /** What was logged, as objects. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** A POST of a document as JSON. */
  readonly post: (query: string, headers?: Readonly<Record<string, string>>) => Promise<Response>;
}

/** A gateway that listens on a free port before a stub API server. Both close with the test. */
export async function testGateway(
  mode: AuthMode = 'kubeconfig',
  more: Partial<GatewayOptions> = {},
): Promise<TestGateway> {
  const { stub, origin } = await startStub(STANDARD_CLUSTER);
  const log: Record<string, unknown>[] = [];
  const note = (message: string, fields = {}): void => void log.push({ message, ...fields });
  const upstream = createUpstream({
    target: targetFor(origin),
    mode,
    readOnly: false,
    execPolicy: 'deny',
    hasTerminal: false,
  });
  const gateway = createGateway({
    upstream,
    cache: noCache,
    mode,
    log: { info: note, warn: note, error: note },
    graphiql: false,
    subscriptions: watchedSubscriptions(),
    followCatalog: false,
    ...more,
  });
  const listener = await listen(gateway, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => listener.close());
  const url = `${listener.url}/graphql`;
  return {
    gateway,
    stub,
    listener,
    url,
    port: Number(new URL(url).port),
    log,
    post: (query, headers = {}) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
        body: JSON.stringify({ query }),
      }),
  };
}
