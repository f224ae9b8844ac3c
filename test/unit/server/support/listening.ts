import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { TestGateway } from '../../support/test-gateway.ts';

/** The port that a server has got. It closes with the test. */
export async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Where the Yoga of a gateway answers alone: what is plain is answered beside it, and has to be the same. */
export async function yogaAlone({ gateway }: TestGateway): Promise<string> {
  const yoga = await gateway.yoga();
  const port = await listening(createServer((request, response) => void yoga(request, response)));
  return `http://127.0.0.1:${port}/graphql`;
}
