import { Addresses } from '../addresses.ts';
import { type Controller, itself, type World } from '../controller.ts';
import { type Service, SERVICES } from '../kinds.ts';
import { splitKey } from '../objects.ts';

const FIRST_NODE_PORT = 30_000;
const NODE_PORTS = 2768;

/** Gives services their addresses and node ports, and load balancers one outside. */
export function createServices(world: World): Controller {
  const inside = new Addresses('10.96');
  const outside = new Addresses('192.168');
  const random = world.random.fork('node-ports');
  const given = new Map<string, readonly string[]>();

  const spec = ({ spec }: Service): Service['spec'] => {
    if (spec.type === 'ExternalName' || spec.clusterIP !== undefined) return withNodePorts(spec);
    const clusterIP = inside.take();
    return withNodePorts({
      clusterIP,
      clusterIPs: [clusterIP],
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
      ...spec,
    });
  };

  const withNodePorts = (spec: Service['spec']): Service['spec'] => {
    if (spec.type !== 'NodePort' && spec.type !== 'LoadBalancer') return spec;
    const nodePort = (): number => FIRST_NODE_PORT + Math.floor(random.next() * NODE_PORTS);
    return {
      externalTrafficPolicy: 'Cluster',
      ...spec,
      ports: (spec.ports ?? []).map((port) =>
        port.nodePort === undefined ? { ...port, nodePort: nodePort() } : port,
      ),
    };
  };

  return {
    name: 'services',
    watches: [itself(SERVICES)],
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const service = world.objects.get(SERVICES, namespace, name);
      if (service === undefined) {
        for (const address of given.get(key) ?? []) {
          inside.giveBack(address);
          outside.giveBack(address);
        }
        given.delete(key);
        return undefined;
      }
      if (service.spec.clusterIP !== undefined) inside.reserve(service.spec.clusterIP);
      const next = spec(service);
      world.objects.put(SERVICES, { ...service, spec: next });
      const isBalanced =
        service.spec.type === 'LoadBalancer' && service.status?.loadBalancer?.ingress === undefined;
      const ingress = isBalanced ? [outside.take()] : [];
      if (isBalanced) {
        const loadBalancer = { ingress: ingress.map((ip) => ({ ip, ipMode: 'VIP' })) };
        world.objects.setStatus(SERVICES, service, { loadBalancer });
      }
      given.set(key, [...new Set([...(given.get(key) ?? []), next.clusterIP ?? '', ...ingress])]);
      return undefined;
    },
  };
}
