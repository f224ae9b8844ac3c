import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { HarnessError, systemErrorCode } from './errors.ts';

/**
 * Ports are drawn below the range from which systems take source ports of outgoing connections (32768 on Linux).
 * Inside it, any client on the machine could take the API server's port while it restarts.
 */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;
const ATTEMPTS = 200;

/** `count` different TCP ports of 127.0.0.1 that nothing listens on at the moment. */
export async function freePorts(count: number): Promise<number[]> {
  const held: { readonly port: number; readonly server: Server }[] = [];
  try {
    for (let attempt = 0; held.length < count && attempt < ATTEMPTS; attempt += 1) {
      const port = randomInt(FIRST_PORT, LAST_PORT);
      const server = await tryListen(port);
      // Each stays open until all are found, or one port could be drawn twice.
      if (server) held.push({ port, server });
    }
    if (held.length < count) {
      throw new HarnessError(`no ${count} free ports between ${FIRST_PORT} and ${LAST_PORT} on 127.0.0.1`);
    }
    return held.map(({ port }) => port);
  } finally {
    await Promise.all(held.map(({ server }) => new Promise((resolve) => server.close(resolve))));
  }
}

function tryListen(port: number): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      if (systemErrorCode(error) === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen({ port, host: '127.0.0.1' }, () => resolve(server));
  });
}
