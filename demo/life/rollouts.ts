import type { World } from './controller.ts';
import { type Deployment, DEPLOYMENTS } from './kinds.ts';

/** Changes the image of a deployment's first container, which rolls it out. */
export function setImage({ objects }: World, namespace: string, name: string, image: string): void {
  const deployment = objects.get(DEPLOYMENTS, namespace, name);
  if (deployment === undefined) return;
  const { template } = deployment.spec;
  const containers = template.spec.containers.map((container, at) =>
    at === 0 ? { ...container, image } : container,
  );
  objects.update(DEPLOYMENTS, {
    ...deployment,
    spec: { ...deployment.spec, template: { ...template, spec: { ...template.spec, containers } } },
  });
}

export function scale({ objects }: World, deployment: Deployment, replicas: number): void {
  objects.update(DEPLOYMENTS, { ...deployment, spec: { ...deployment.spec, replicas } });
}

/** Whether a deployment's present state is what it wants. */
export function isSettled({ metadata, spec, status }: Deployment): boolean {
  return (
    status?.observedGeneration === metadata.generation &&
    status?.updatedReplicas === spec.replicas &&
    status?.replicas === spec.replicas &&
    status?.availableReplicas === spec.replicas
  );
}

/** `nginx:1.27.9` becomes `nginx:1.27.10`. */
export function nextImage(image: string): string {
  return image.replace(/\d+$/, (last) => String(Number(last) + 1));
}
