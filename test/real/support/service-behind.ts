import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { atEnd } from './at-end.ts';
import type { Kubectl } from './kubectl.ts';

/**
 * An address of this machine at which an endpoint may be: the API server reaches no loopback ones. Undefined where the machine has
 * no network.
 */
export function endpointAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
}

/**
 * Makes a service `web`, whose port `http` leads to a server of this process, and whose port `closed` leads to nobody. Both end after the
 * file's last test.
 *
 * The API server passes on only to addresses of pods, so there is one that no node has ever seen, and that is said to have
 * this address.
 */
export async function serveBehindService(
  server: Server,
  ip: string,
  kubectl: Kubectl,
  namespace: string,
): Promise<void> {
  await once(server.listen(0, ip), 'listening');
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const ports = [
    { name: 'http', port },
    // The one of the discard protocol, on which nobody listens.
    { name: 'closed', port: 9 },
  ];
  const targetRef = { kind: 'Pod', name: 'web', namespace };
  await kubectl.create(
    namespace,
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
      spec: { schedulerName: 'nobody', containers: [{ name: 'main', image: 'images.example/x:1' }] },
    },
    // Without a selector, so that no controller looks for endpoints.
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { ports } },
    {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: 'web' },
      subsets: [{ addresses: [{ ip, targetRef }], ports }],
    },
  );
  const status = JSON.stringify({ status: { podIP: ip, podIPs: [{ ip }] } });
  await kubectl.run([
    'patch',
    'pod',
    'web',
    '-n',
    namespace,
    '--subresource=status',
    '--type=merge',
    '-p',
    status,
  ]);
}
