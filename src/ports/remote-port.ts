import { KubegraphError } from '../errors/kubegraph-error.ts';

export interface PodWithPorts {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
  };
}

interface Container {
  readonly ports?: readonly {
    readonly name?: string;
    readonly containerPort: number;
    readonly protocol?: string;
  }[];
}

export interface ServiceWithPorts {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly clusterIP?: string;
    readonly ports?: readonly {
      readonly name?: string;
      readonly port: number;
      readonly targetPort?: number | string;
      readonly protocol?: string;
    }[];
  };
}

/** The port of a pod that a number or a name means. A number need not be among those that it declares. Throws BAD_USER_INPUT. */
export function podPort({ metadata, spec }: PodWithPorts, remote: number | string): number {
  if (typeof remote === 'number') return remote;
  // Sidecars are init containers.
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const declared = containers.flatMap(({ ports = [] }) => ports).filter(isTcp);
  const port = declared.find(({ name }) => name === remote)?.containerPort;
  if (port !== undefined) return port;
  throw new KubegraphError(
    'BAD_USER_INPUT',
    `the pod ${metadata.name} has no TCP port that is called ${remote}`,
  );
}

/** The port of the pod that a service's port leads to. Throws BAD_USER_INPUT. */
export function servicePort(
  { metadata, spec }: ServiceWithPorts,
  pod: PodWithPorts,
  remote: number | string,
): number {
  const declared = (spec.ports ?? []).filter(isTcp);
  const found = declared.find(({ name, port }) => (typeof remote === 'number' ? port : name) === remote);
  if (found === undefined) {
    throw new KubegraphError('BAD_USER_INPUT', `the service ${metadata.name} has no TCP port ${remote}`);
  }
  // Nothing translates the ports of a service without an address: its clients reach the pods themselves.
  if (spec.clusterIP === 'None' && typeof remote === 'number') return remote;
  return podPort(pod, found.targetPort || found.port);
}

function isTcp({ protocol = 'TCP' }: { readonly protocol?: string }): boolean {
  return protocol === 'TCP';
}
