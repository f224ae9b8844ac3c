import { hasAddresses, takenAddresses, withAddresses } from '../../storage/service-addresses.ts';
import { Addresses } from '../addresses.ts';
import { type Controller, itself, type World } from '../controller.ts';
import { type Service, SERVICES } from '../kinds.ts';
import { splitKey } from '../objects.ts';

/** Gives services of the cluster's own the addresses that others get when they are created, and load balancers one outside. */
export function createServices(world: World): Controller {
  const { objects } = world;
  const outside = new Addresses('192.168');
  const random = world.random.fork('service-addresses');
  const given = new Map<string, string>();

  return {
    name: 'services',
    watches: [itself(SERVICES)],
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const service = objects.get(SERVICES, namespace, name);
      if (service === undefined) {
        outside.giveBack(given.get(key));
        given.delete(key);
        return undefined;
      }
      if (!hasAddresses(service)) {
        const others = objects.list(SERVICES).filter((other) => other !== service);
        // Addresses make no other kind of it.
        objects.put(SERVICES, withAddresses(service, takenAddresses(others), random) as Service);
      }
      const isBalanced =
        service.spec.type === 'LoadBalancer' && service.status?.loadBalancer?.ingress === undefined;
      if (isBalanced) {
        const ip = outside.take();
        given.set(key, ip);
        objects.setStatus(SERVICES, service, { loadBalancer: { ingress: [{ ip, ipMode: 'VIP' }] } });
      }
      return undefined;
    },
  };
}
