import type { World } from '../controller.ts';
import type { Container, Pod } from '../kinds.ts';

const FROM = 'kubelet';

function about(pod: Pod, { name }: Container): { from: string; host: string; fieldPath: string } {
  return { from: FROM, host: pod.spec.nodeName ?? '', fieldPath: `spec.containers{${name}}` };
}

export function tellStart(
  { events }: World,
  pod: Pod,
  container: Container,
  { isFirst, pullMs }: { readonly isFirst: boolean; readonly pullMs: number },
): void {
  const { image = '' } = container;
  const own = about(pod, container);
  if (isFirst && container['imagePullPolicy'] === 'Always') {
    const took = pullMs < 1000 ? `${pullMs}ms` : `${(pullMs / 1000).toFixed(3)}s`;
    events.tell(pod, { ...own, reason: 'Pulling', message: `Pulling image "${image}"` });
    const message = `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${20 + (pullMs % 80)}000000 bytes.`;
    events.tell(pod, { ...own, reason: 'Pulled', message });
  } else {
    const message = `Container image "${image}" already present on machine and can be accessed by the pod`;
    events.tell(pod, { ...own, reason: 'Pulled', message });
  }
  events.tell(pod, { ...own, reason: 'Created', message: 'Container created' });
  events.tell(pod, { ...own, reason: 'Started', message: 'Container started' });
}

export function tellKilling({ events }: World, pod: Pod, container: Container): void {
  events.tell(pod, {
    ...about(pod, container),
    reason: 'Killing',
    message: `Stopping container ${container.name}`,
  });
}

export function tellBackOff({ events }: World, pod: Pod, container: Container): void {
  const { name, namespace = 'default', uid = '' } = pod.metadata;
  events.tell(pod, {
    ...about(pod, container),
    type: 'Warning',
    reason: 'BackOff',
    message: `Back-off restarting failed container ${container.name} in pod ${name}_${namespace}(${uid})`,
  });
}

/** A probe that failed, as a slow answer would make it. */
export function tellUnhealthy({ events }: World, pod: Pod, container: Container): void {
  events.tell(pod, {
    ...about(pod, container),
    type: 'Warning',
    reason: 'Unhealthy',
    message: 'Readiness probe failed: HTTP probe failed with statuscode: 503',
  });
}
