import { homedir } from 'node:os';
import { noCache } from '../../../src/catalog/document-cache.ts';
import type { Stability } from '../../../src/catalog/resource.ts';
import { loadKubeconfig } from '../../../src/cluster/kubeconfig/load.ts';
import { createUpstream } from '../../../src/cluster/transport/create.ts';
import type { Upstream, UpstreamRequest } from '../../../src/cluster/upstream.ts';
import { DEFAULT_SCHEMA_OPTIONS } from '../../../src/mapping/schema-options.ts';
import { createGateway } from '../../../src/server/gateway.ts';
import { listen } from '../../../src/server/listener.ts';
import { GRAPHQL_PATH } from '../../../src/server/options.ts';
import { watchedSubscriptions } from '../../../src/server/watched-subscriptions.ts';
import type { WatchHub } from '../../../src/watch/hub.ts';
import { type GraphQLClient, graphQLClient } from './graphql-client.ts';

export interface TestGatewayOptions {
  readonly kubeconfig: string;
  /** Default `kubeconfig`. */
  readonly mode?: 'kubeconfig' | 'passthrough';
  readonly readOnly?: boolean;
  /** Whether commands may be run in pods. Default false. */
  readonly enableExec?: boolean;
  /** Whether the cluster's services can be asked. Default false. */
  readonly enableServiceProxy?: boolean;
  /** Whether the kubeconfig turns compression off. Default: it does not say. */
  readonly disableCompression?: boolean;
  /** The most items that one list field answers. Default: the gateway's own. */
  readonly maxListItems?: number;
  /** Whether it looks at the API server of its own accord, which `calls` then shows. Default false. */
  readonly followCatalog?: boolean;
  /** The least stable versions that are shown. Default: alpha, so all of them. */
  readonly stability?: Stability;
}

/** A gateway inside this process, behind a real listener. */
export interface TestGateway extends GraphQLClient {
  readonly hub: WatchHub;
  /** Every call that was handed to the way upstream since the start, or since the list was last emptied. */
  readonly calls: UpstreamRequest[];
  /** What was logged: defects of the gateway, which no suite expects. */
  readonly defects: string[];
  close(): Promise<void>;
}

/** Starts a gateway on a free port of this machine. */
export async function startGateway(options: TestGatewayOptions): Promise<TestGateway> {
  const { mode = 'kubeconfig', readOnly = false, stability = 'ALPHA', followCatalog = false } = options;
  const loaded = loadKubeconfig({ path: options.kubeconfig, env: {}, homeDir: homedir() });
  const target = { ...loaded, disableCompression: options.disableCompression ?? loaded.disableCompression };
  const calls: UpstreamRequest[] = [];
  const bare = createUpstream({ target, mode, readOnly, execPolicy: 'deny' });
  const upstream = recording(bare, calls);
  const defects: string[] = [];
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (message: string, fields?: object) => void defects.push(`${message} ${JSON.stringify(fields)}`),
  };
  const gateway = createGateway({
    upstream,
    ...(options.enableExec === true ? { exec: bare } : {}),
    ...(options.enableServiceProxy === true ? { services: bare } : {}),
    cache: noCache,
    mode,
    log,
    graphiql: false,
    subscriptions: watchedSubscriptions(),
    followCatalog,
    schema: { ...DEFAULT_SCHEMA_OPTIONS, stability },
    ...(options.maxListItems === undefined ? {} : { maxListItems: options.maxListItems }),
  });
  const { subscriptions } = gateway;
  if (subscriptions === undefined) throw new Error('the gateway refuses subscriptions');
  const listener = await listen(gateway, { host: '127.0.0.1', port: 0 });
  return {
    ...graphQLClient(listener.url + GRAPHQL_PATH),
    hub: subscriptions.hub,
    calls,
    defects,
    close: () => listener.close(),
  };
}

function recording(upstream: Upstream, calls: UpstreamRequest[]): Upstream {
  return {
    send: (request) => {
      calls.push(request);
      return upstream.send(request);
    },
    close: () => upstream.close(),
  };
}
