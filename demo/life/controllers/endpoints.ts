import { type Controller, itself, type World } from '../controller.ts';
import {
  ENDPOINT_SLICES,
  ENDPOINTS,
  NODES,
  type Pod,
  PODS,
  type Service,
  type ServicePort,
  SERVICES,
} from '../kinds.ts';
import { controlledBy, isBeingDeleted, keyOf, splitKey } from '../objects.ts';
import { isEnded, isReady } from '../pods.ts';
import { matchesAll } from '../selectors.ts';
import { timestamp } from '../time.ts';

const SERVICE_NAME = 'kubernetes.io/service-name';
const CHANGED_AT = 'endpoints.kubernetes.io/last-change-trigger-time';
/** More than enough changes at once (a rollout) are written as one. */
const BATCH_MS = 100;

/** Keeps the EndpointSlice and the Endpoints of each service that picks its pods. */
export function createEndpoints(world: World): Controller {
  const { objects } = world;
  return {
    name: 'endpoints',
    batchMs: BATCH_MS,
    watches: [
      itself(SERVICES),
      {
        resource: PODS,
        concerns: ({ object, previous }) =>
          objects
            .list(SERVICES, object.metadata.namespace)
            .filter(
              (service) =>
                picks(service, object.metadata.labels) ||
                (previous && picks(service, previous.metadata.labels)),
            )
            .map(keyOf),
      },
    ],
    reconcile(key) {
      const { namespace = 'default', name } = splitKey(key);
      const service = objects.get(SERVICES, namespace, name);
      if (service === undefined) {
        const endpoints = objects.get(ENDPOINTS, namespace, name);
        if (endpoints !== undefined) objects.delete(ENDPOINTS, endpoints);
        return undefined;
      }
      if (
        service.spec.selector === undefined ||
        service.spec.type === 'ExternalName' ||
        isBeingDeleted(service)
      )
        return undefined;
      const pods = objects
        .list(PODS, namespace)
        .filter((pod) => picks(service, pod.metadata.labels) && hasAddress(pod));
      writeSlice(world, service, pods);
      writeEndpoints(world, service, pods);
      return undefined;
    },
  };
}

function picks({ spec }: Service, labels: Readonly<Record<string, string>> | undefined): boolean {
  return (
    spec.selector !== undefined && Object.keys(spec.selector).length > 0 && matchesAll(spec.selector, labels)
  );
}

function hasAddress(pod: Pod): boolean {
  return pod.status?.podIP !== undefined && !isEnded(pod);
}

function writeSlice(world: World, service: Service, pods: readonly Pod[]): void {
  const { objects } = world;
  const { name, namespace = 'default' } = service.metadata;
  const content = {
    addressType: 'IPv4',
    endpoints: pods.map((pod) => endpointOf(world, service, pod)),
    ports: portsOf(service, pods),
  };
  const labels = {
    ...service.metadata.labels,
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
    [SERVICE_NAME]: name,
  };
  const annotations = { [CHANGED_AT]: timestamp(world.clock.now()) };
  const slice = world.owners.controlled(ENDPOINT_SLICES, service)[0];
  if (slice === undefined) {
    const metadata = {
      generateName: `${name}-`,
      namespace,
      labels,
      annotations,
      ownerReferences: [controlledBy(service)],
    };
    objects.create(ENDPOINT_SLICES, { metadata, ...content });
  } else if (
    JSON.stringify([slice['endpoints'], slice['ports']]) !==
    JSON.stringify([content.endpoints, content.ports])
  ) {
    objects.update(ENDPOINT_SLICES, {
      ...slice,
      metadata: { ...slice.metadata, labels, annotations },
      ...content,
    });
  }
}

function endpointOf({ objects }: World, service: Service, pod: Pod) {
  const nodeName = pod.spec.nodeName ?? '';
  const zone = objects.get(NODES, undefined, nodeName)?.metadata.labels?.['topology.kubernetes.io/zone'];
  const serving = isReady(pod);
  const terminating = isBeingDeleted(pod);
  return {
    addresses: [pod.status?.podIP ?? ''],
    conditions: {
      ready: service.spec.publishNotReadyAddresses === true || (serving && !terminating),
      serving,
      terminating,
    },
    ...(pod.spec['hostname'] === undefined || pod.spec['subdomain'] !== service.metadata.name
      ? {}
      : { hostname: pod.spec['hostname'] }),
    targetRef: referenceTo(pod),
    nodeName,
    ...(zone === undefined ? {} : { zone }),
  };
}

function referenceTo({ metadata }: Pod) {
  return { kind: 'Pod', namespace: metadata.namespace, name: metadata.name, uid: metadata.uid };
}

function portsOf({ spec }: Service, pods: readonly Pod[]) {
  return (spec.ports ?? []).map((port) => ({
    name: port.name ?? '',
    protocol: port.protocol ?? 'TCP',
    port: targetOf(port, pods),
    ...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
  }));
}

/** A port's number behind the service: by name it is looked up in the pods. */
function targetOf({ port, targetPort = port }: ServicePort, pods: readonly Pod[]): number {
  if (typeof targetPort === 'number') return targetPort;
  const named = pods
    .flatMap(({ spec }) => spec.containers.flatMap(({ ports = [] }) => ports))
    .find(({ name }) => name === targetPort);
  return named?.containerPort ?? port;
}

function writeEndpoints(world: World, service: Service, pods: readonly Pod[]): void {
  const { objects } = world;
  const { name, namespace = 'default' } = service.metadata;
  const isHeadless = service.spec.clusterIP === 'None';
  const address = (pod: Pod) => ({
    ip: pod.status?.podIP ?? '',
    nodeName: pod.spec.nodeName,
    targetRef: referenceTo(pod),
  });
  const isServed = (pod: Pod): boolean =>
    (isReady(pod) || service.spec.publishNotReadyAddresses === true) && !isBeingDeleted(pod);
  const [ready, unready] = [
    pods.filter(isServed),
    pods.filter((pod) => !isServed(pod) && !isBeingDeleted(pod)),
  ];
  const subset = {
    ...(ready.length === 0 ? {} : { addresses: ready.map(address) }),
    ...(unready.length === 0 ? {} : { notReadyAddresses: unready.map(address) }),
    ports: portsOf(service, pods),
  };
  const subsets = ready.length + unready.length === 0 ? {} : { subsets: [subset] };
  const labels = {
    ...service.metadata.labels,
    'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
    ...(isHeadless ? { 'service.kubernetes.io/headless': '' } : {}),
  };
  const annotations = { [CHANGED_AT]: timestamp(world.clock.now()) };
  const live = objects.get(ENDPOINTS, namespace, name);
  if (live === undefined)
    objects.create(ENDPOINTS, { metadata: { name, namespace, labels, annotations }, ...subsets });
  else if (JSON.stringify(live['subsets'] ?? []) !== JSON.stringify(subsets.subsets ?? [])) {
    objects.put(ENDPOINTS, {
      kind: live.kind,
      apiVersion: live.apiVersion,
      metadata: { ...live.metadata, labels, annotations },
      ...subsets,
    });
  }
}
