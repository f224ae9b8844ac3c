import type { Identity } from '../cluster/identity.ts';
import { readJson, sendOk } from '../cluster/read.ts';
import { podPath } from '../cluster/resource-path.ts';
import type { Upstream } from '../cluster/upstream.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import { labelSelectorText } from '../util/label-selector.ts';
import { type ForwardTarget, targetPath } from './forward-target.ts';
import { podPort, type PodWithPorts, servicePort, type ServiceWithPorts } from './remote-port.ts';

export interface PodSearch {
  readonly upstream: Upstream;
  readonly identity: Identity;
  readonly namespace: string;
  readonly target: ForwardTarget;
  /** Numbers, or the names that the pod's containers or the service give to them. */
  readonly remotes: readonly (number | string)[];
}

/** A pod, and the ports of it that were meant, in their order. */
export interface FoundPod {
  readonly pod: string;
  readonly ports: readonly number[];
}

interface Pod extends PodWithPorts {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

interface Service extends ServiceWithPorts {
  readonly spec: ServiceWithPorts['spec'] & { readonly selector?: Readonly<Record<string, string>> };
}

interface Workload {
  readonly spec: { readonly selector: Parameters<typeof labelSelectorText>[0] };
}

/** Pods of one selector that are looked at. */
const MAX_PODS = 500;

/**
 * The pod that is named, or one that is ready of those behind what is named.
 *
 * Rejects with NOT_FOUND, UNAVAILABLE where there is no such pod just now, BAD_USER_INPUT for ports that it does not have, and as the
 * API server refuses.
 */
export async function findPod({
  upstream,
  identity,
  namespace,
  target,
  remotes,
}: PodSearch): Promise<FoundPod> {
  const read = async (path: string, query: Record<string, string> = {}): Promise<unknown> =>
    readJson((await sendOk(upstream, { identity, method: 'GET', path, query })).body);
  const readyPod = async (labelSelector: string): Promise<Pod> => {
    const path = podPath(namespace);
    const query = { labelSelector, limit: String(MAX_PODS) };
    return chooseReady((await read(path, query)) as { items: readonly Pod[] }, target);
  };
  // The API server has checked what it stores.
  const object = await read(targetPath(namespace, target));
  if (target.kind === 'pod') {
    const pod = object as Pod;
    return { pod: running(pod).metadata.name, ports: remotes.map((remote) => podPort(pod, remote)) };
  }
  if (target.kind === 'service') {
    const service = object as Service;
    const pod = await readyPod(labelSelectorText({ matchLabels: selectorOf(service, target) }));
    return { pod: pod.metadata.name, ports: remotes.map((remote) => servicePort(service, pod, remote)) };
  }
  const pod = await readyPod(labelSelectorText((object as Workload).spec.selector));
  return { pod: pod.metadata.name, ports: remotes.map((remote) => podPort(pod, remote)) };
}

/** An empty selector would mean all pods of the namespace; to a service it means none. */
function selectorOf({ spec }: Service, { name }: ForwardTarget): Readonly<Record<string, string>> {
  const { selector = {} } = spec;
  if (Object.keys(selector).length > 0) return selector;
  throw new KubegraphError(
    'BAD_USER_INPUT',
    `the service ${name} selects no pods: its endpoints are elsewhere`,
  );
}

function running(pod: Pod): Pod {
  const phase = pod.status?.phase ?? 'Unknown';
  if (phase === 'Running') return pod;
  throw new KubegraphError('UNAVAILABLE', `the pod ${pod.metadata.name} does not run: it is ${phase}`);
}

function chooseReady({ items }: { items: readonly Pod[] }, { kind, name }: ForwardTarget): Pod {
  const pod = items.find(
    ({ metadata, status }) =>
      metadata.deletionTimestamp === undefined &&
      status?.phase === 'Running' &&
      (status.conditions ?? []).some(({ type, status: is }) => type === 'Ready' && is === 'True'),
  );
  if (pod !== undefined) return pod;
  throw new KubegraphError('UNAVAILABLE', `no pod of the ${kind} ${name} is ready`);
}
