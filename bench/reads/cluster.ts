import { startCluster } from '../../test/cluster/cluster.ts';
import { type Api, createApi } from './api.ts';
import type { DemoGreeting } from './demo-cluster.ts';
import { anyNode, countOf, makeFixtures, makePods, removeFixtures } from './fixtures.ts';
import { startFromSource } from './programs.ts';

export type ClusterChoice =
  | { readonly kind: 'real' | 'demo' }
  /** One that runs. It gets a namespace of ours, which is removed in the end, and no pods beyond. */
  | { readonly kind: 'attached'; readonly kubeconfig: string };

/** The API server that the cases read from. */
export interface BenchCluster {
  readonly kubeconfig: string;
  readonly node: string;
  readonly server: string;
  /** How many pods there are. */
  pods(): Promise<number>;
  /** Makes it have so many pods beside those that it came with. Rejects for one that is not ours and has fewer. */
  fill(pods: number): Promise<void>;
  stop(): Promise<void>;
}

interface Running {
  readonly kubeconfig: string;
  stop(): Promise<void>;
}

/** Where the pods of the large lists are. */
const BENCH_NAMESPACE = 'bench';

export async function openCluster(
  choice: ClusterChoice,
  progress: (step: string) => void,
): Promise<BenchCluster> {
  const running = await start(choice, progress);
  const api = createApi(running.kubeconfig);
  const stop = async (): Promise<void> => {
    if (choice.kind === 'attached') await removeFixtures(api);
    await api.close();
    await running.stop();
  };
  const pods = (): Promise<number> => countOf(api, '/api/v1/pods');
  try {
    await makeFixtures(api);
    const { gitVersion } = (await api.get('/version')) as { readonly gitVersion: string };
    return {
      kubeconfig: running.kubeconfig,
      node: await anyNode(api),
      server: choice.kind === 'demo' ? `the demo's API server` : `Kubernetes ${gitVersion}`,
      pods,
      fill: (count) => fill(api, choice, count, progress),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The demo's API server in a process of its own. */
export async function startDemoCluster(): Promise<Running> {
  const program = startFromSource(import.meta.resolve('./demo-cluster.ts'));
  const { kubeconfig } = await program.next<DemoGreeting>();
  return { kubeconfig, stop: () => program.stop() };
}

function start(choice: ClusterChoice, progress: (step: string) => void): Promise<Running> | Running {
  switch (choice.kind) {
    case 'real':
      return startCluster({ onProgress: progress });
    case 'demo':
      return startDemoCluster();
    case 'attached':
      return { kubeconfig: choice.kubeconfig, stop: () => Promise.resolve() };
  }
}

async function fill(
  api: Api,
  choice: ClusterChoice,
  count: number,
  progress: (step: string) => void,
): Promise<void> {
  if (choice.kind !== 'attached') {
    progress(`filling up to ${count} pods`);
    return makePods(api, BENCH_NAMESPACE, count);
  }
  const present = await countOf(api, '/api/v1/pods');
  if (present < count) throw new Error(`the cluster has ${present} pods, not ${count}`);
}
