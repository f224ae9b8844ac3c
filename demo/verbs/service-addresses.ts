import type { KubeObject } from '../api/object.ts';
import type { FieldError } from '../schema/schema.ts';
import {
  CLUSTER_IP_PREFIX,
  hasAddresses,
  type TakenAddresses,
  takenAddresses,
  withAddresses,
} from '../storage/service-addresses.ts';
import { fieldInvalid } from './errors.ts';
import { recordOf } from './json-errors.ts';
import type { Cluster } from './request.ts';

const SERVICES = '/services';

/** A service with the addresses that the server gives, after the managed fields are settled; others as they are. */
export function withServiceAddresses(cluster: Cluster, object: KubeObject, storageKey: string): KubeObject {
  if (storageKey !== SERVICES || hasAddresses(object)) return object;
  return withAddresses(object, takenByOthers(cluster, object), cluster.random);
}

/** What is wrong with the addresses that a service asks for. */
export function serviceAddressErrors(
  cluster: Cluster,
  object: KubeObject,
  storageKey: string,
): readonly FieldError[] {
  if (storageKey !== SERVICES) return [];
  const { clusterIP, ports } = recordOf(object['spec']);
  const taken = takenByOthers(cluster, object);
  return [...addressErrors(clusterIP, taken), ...portErrors(ports, taken)];
}

function addressErrors(address: unknown, { addresses }: TakenAddresses): readonly FieldError[] {
  if (typeof address !== 'string' || address === '' || address === 'None') return [];
  const refused = (why: string): readonly FieldError[] => [
    fieldInvalid('spec.clusterIPs', [address], `failed to allocate IP ${address}: ${why}`),
  ];
  if (addresses.has(address)) return refused('provided IP is already allocated');
  return address.startsWith(CLUSTER_IP_PREFIX)
    ? []
    : refused('the provided network does not match the current range');
}

function portErrors(ports: unknown, { nodePorts }: TakenAddresses): readonly FieldError[] {
  if (!Array.isArray(ports)) return [];
  return ports.flatMap((port, index) => {
    const { nodePort } = recordOf(port);
    return typeof nodePort === 'number' && nodePorts.has(nodePort)
      ? [fieldInvalid(`spec.ports[${index}].nodePort`, nodePort, 'provided port is already allocated')]
      : [];
  });
}

function takenByOthers({ store }: Cluster, { metadata }: KubeObject): TakenAddresses {
  const others = store
    .snapshot(SERVICES)
    .objects.filter(
      ({ metadata: { namespace, name } }) => namespace !== metadata.namespace || name !== metadata.name,
    );
  return takenAddresses(others);
}
