import type { Kubectl } from './kubectl.ts';

export interface PodToRun {
  readonly name: string;
  /** The names of its containers. */
  readonly containers: readonly string[];
  /** Which of them an annotation calls the default. Default: none. */
  readonly byDefault?: string;
}

/** Creates pods, and waits until they are ready. */
export async function runPods(
  kubectl: Kubectl,
  namespace: string,
  ...pods: readonly PodToRun[]
): Promise<void> {
  await kubectl.create(namespace, ...pods.map(podOf));
  const names = pods.map(({ name }) => `pod/${name}`);
  await kubectl.run(['wait', '-n', namespace, '--for=condition=Ready', ...names, '--timeout=60s']);
}

function podOf({ name, containers, byDefault }: PodToRun): object {
  const annotations = byDefault === undefined ? {} : { 'kubectl.kubernetes.io/default-container': byDefault };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, annotations },
    spec: { containers: containers.map((container) => ({ name: container, image: 'images.example/x:1' })) },
  };
}
