import { waitUntil } from '../../cluster/wait.ts';
import type { Cluster } from '../../cluster/cluster.ts';

/** resourceVersions of pods by name. */
export type Pods = Readonly<Record<string, string>>;

/** A Deployment of five replicas in a namespace of its own, which changes one pod at a time. */
export interface Rollout {
  readonly namespace: string;
  /** Gives it another image. */
  start(): Promise<void>;
  /** What is under way is finished, and nothing new begins. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Resolves when every replica has the new image and the old ones are gone. */
  completed(): Promise<void>;
  /** What `kubectl get pods` says. */
  pods(): Promise<Pods>;
}

const NAME = 'web';
const NAMESPACE = 'rollout';
const REPLICAS = 5;

const COMPLETED_WITHIN_MS = 60_000;

/** Creates it, and resolves when it is complete. It goes with the cluster. */
export async function deploy(cluster: Cluster): Promise<Rollout> {
  const inNamespace = (...args: readonly string[]) => cluster.kubectl(['-n', NAMESPACE, ...args]);
  const act = (action: string) => async () => {
    await inNamespace('rollout', action, `deployment/${NAME}`);
  };
  const pods = async () => podsIn(await inNamespace('get', 'pods', '-o', 'json'));
  const completed = async () => {
    await inNamespace('rollout', 'status', `deployment/${NAME}`, `--timeout=${COMPLETED_WITHIN_MS}ms`);
    // What is being deleted counts no more for the Deployment.
    await waitUntil('only the replicas are left', async () => surplus(await pods()), {
      timeoutMs: COMPLETED_WITHIN_MS,
    });
  };
  await cluster.kubectl(['create', 'namespace', NAMESPACE]);
  await cluster.kubectl(['-n', NAMESPACE, 'create', '-f', '-'], JSON.stringify(DEPLOYMENT));
  await completed();
  return {
    namespace: NAMESPACE,
    start: async () => {
      await inNamespace('set', 'image', `deployment/${NAME}`, 'main=example.com/web:2');
    },
    pause: act('pause'),
    resume: act('resume'),
    completed,
    pods,
  };
}

const DEPLOYMENT = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: NAME },
  spec: {
    replicas: REPLICAS,
    // One after the other, some seconds each: there is time to pause, also on a busy machine.
    minReadySeconds: 3,
    strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    selector: { matchLabels: { app: NAME } },
    template: {
      metadata: { labels: { app: NAME } },
      spec: { containers: [{ name: 'main', image: 'example.com/web:1' }] },
    },
  },
};

function podsIn(text: string): Pods {
  const { items } = JSON.parse(text) as {
    readonly items: readonly {
      readonly metadata: { readonly name: string; readonly resourceVersion: string };
    }[];
  };
  return Object.fromEntries(items.map(({ metadata }) => [metadata.name, metadata.resourceVersion]));
}

function surplus(pods: Pods): string | undefined {
  const count = Object.keys(pods).length;
  return count === REPLICAS ? undefined : `there are ${count}`;
}
