import type { Random } from '../api/clock.ts';
import type { KubeObject } from '../api/object.ts';

interface ServiceSpec {
  readonly type?: string;
  readonly clusterIP?: string;
  readonly clusterIPs?: readonly string[];
  readonly ipFamilies?: readonly string[];
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports?: readonly { readonly nodePort?: number }[];
  readonly allocateLoadBalancerNodePorts?: boolean;
}

/** Inside the cluster, addresses begin so: a /16. */
export const CLUSTER_IP_PREFIX = '10.96.';

const FIRST_NODE_PORT = 30_000;
const NODE_PORTS = 2768;

/** What the services of a cluster hold. */
export interface TakenAddresses {
  readonly addresses: ReadonlySet<string>;
  readonly nodePorts: ReadonlySet<number>;
}

/** @param services those that hold addresses; the one that is to get some is not among them. */
export function takenAddresses(services: readonly KubeObject[]): TakenAddresses {
  const specs = services.map(specOf);
  return {
    addresses: new Set(specs.flatMap(({ clusterIP }) => (clusterIP === undefined ? [] : [clusterIP]))),
    nodePorts: new Set(
      specs.flatMap(({ ports = [] }) =>
        ports.flatMap(({ nodePort }) => (nodePort === undefined ? [] : [nodePort])),
      ),
    ),
  };
}

/** `service` with the cluster address, its families and the node ports that it has to have and nobody else has. */
export function withAddresses(service: KubeObject, taken: TakenAddresses, random: Random): KubeObject {
  const spec = specOf(service);
  if (spec.type === 'ExternalName') return service;
  const { clusterIP = freeAddress(taken.addresses, random) } = spec;
  return {
    ...service,
    spec: {
      ...familiesOf(spec),
      ...spec,
      clusterIP,
      clusterIPs: [clusterIP],
      ...(needsNodePorts(spec) ? { ports: withNodePorts(spec, taken, random) } : {}),
    },
  };
}

/** Whether `service` has what `withAddresses` gives. */
export function hasAddresses(service: KubeObject): boolean {
  const spec = specOf(service);
  if (spec.type === 'ExternalName') return true;
  return (
    spec.clusterIPs !== undefined &&
    spec.ipFamilies !== undefined &&
    (!needsNodePorts(spec) || (spec.ports ?? []).every(({ nodePort }) => nodePort !== undefined))
  );
}

function specOf({ spec }: KubeObject): ServiceSpec {
  // What is stored under a service's key has been validated.
  return spec === undefined ? {} : (spec as ServiceSpec);
}

/** Nobody but the client knows what is behind a headless service without selector: it gets all families. */
function familiesOf({ clusterIP, selector = {} }: ServiceSpec): Readonly<Record<string, unknown>> {
  const isOpen = clusterIP === 'None' && Object.keys(selector).length === 0;
  return isOpen
    ? { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' }
    : { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' };
}

function needsNodePorts({ type, allocateLoadBalancerNodePorts = true }: ServiceSpec): boolean {
  return type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts);
}

function withNodePorts(
  { ports = [] }: ServiceSpec,
  { nodePorts }: TakenAddresses,
  random: Random,
): readonly object[] {
  const taken = new Set([...nodePorts, ...ports.map(({ nodePort }) => nodePort)]);
  return ports.map((port) => {
    if (port.nodePort !== undefined) return port;
    const nodePort = free(taken, () => FIRST_NODE_PORT + Math.floor(random.next() * NODE_PORTS));
    taken.add(nodePort);
    return { ...port, nodePort };
  });
}

function freeAddress(taken: ReadonlySet<string>, random: Random): string {
  const part = (): number => 1 + Math.floor(random.next() * 254);
  return free(taken, () => `${CLUSTER_IP_PREFIX}${part()}.${part()}`);
}

/** @throws RangeError when so many are taken that chance finds none. */
function free<T>(taken: ReadonlySet<T | undefined>, pick: () => T): T {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const found = pick();
    if (!taken.has(found)) return found;
  }
  throw new RangeError('no address or port is left for services');
}

const MAX_TRIES = 10_000;
