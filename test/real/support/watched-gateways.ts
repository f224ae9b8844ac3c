import { homedir } from 'node:os';
import { noCache } from '../../../src/catalog/document-cache.ts';
import { loadKubeconfig } from '../../../src/cluster/kubeconfig/load.ts';
import { createUpstream } from '../../../src/cluster/transport/create.ts';
import { createGateway } from '../../../src/server/gateway.ts';
import { listen } from '../../../src/server/listener.ts';
import { GRAPHQL_PATH } from '../../../src/server/options.ts';
import { watchedSubscriptions } from '../../../src/server/watched-subscriptions.ts';
import { WatchHub } from '../../../src/watch/hub.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import type { Doors } from '../../faults/history/run/audience.ts';
import { hubClient } from '../../faults/history/run/hub-client.ts';
import { ListPositions } from '../../faults/history/run/list-positions.ts';
import { sseClient } from '../../faults/history/run/sse-client.ts';

/** A slow subscriber of the narrow hub falls behind with so many events. */
const NARROW = 20;

export interface WatchedGateways {
  readonly doors: Doors;
  readonly lists: ListPositions;
  /** Defects of the gateway that were logged. */
  readonly defects: readonly string[];
  close(): Promise<void>;
}

/** Two replicas of the gateway's watches, one that has little room, and a whole gateway behind a listener. */
export async function watchedGateways({ kubeconfig }: Pick<Cluster, 'kubeconfig'>): Promise<WatchedGateways> {
  const target = loadKubeconfig({ path: kubeconfig, env: {}, homeDir: homedir() });
  const lists = new ListPositions();
  const upstream = lists.of(
    createUpstream({ target, mode: 'kubeconfig', readOnly: false, execPolicy: 'deny' }),
  );
  const replicas = [new WatchHub({ upstream }), new WatchHub({ upstream })] as const;
  const narrow = new WatchHub({ upstream, maxQueuedEvents: NARROW });
  const defects: string[] = [];
  const gateway = createGateway({
    upstream,
    cache: noCache,
    mode: 'kubeconfig',
    log: {
      info: () => undefined,
      warn: () => undefined,
      error: (message, fields) => void defects.push(`${message} ${JSON.stringify(fields)}`),
    },
    graphiql: false,
    subscriptions: watchedSubscriptions(),
    followCatalog: false,
  });
  const listener = await listen(gateway, { host: '127.0.0.1', port: 0 });
  return {
    doors: {
      replicas: replicas.map((hub) => hubClient(hub)),
      coalescing: hubClient(replicas[0], { coalesces: true }),
      narrow: hubClient(narrow),
      sse: sseClient(listener.url + GRAPHQL_PATH),
    },
    lists,
    defects,
    close: async () => {
      await Promise.all([...replicas, narrow].map((hub) => hub.close()));
      await listener.close();
    },
  };
}
