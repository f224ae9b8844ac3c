import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** A port of this machine that only this machine can reach. */
export interface LocalPort {
  readonly port: number;
  /** As in URLs: `127.0.0.1:8080`, `[::1]:8080`. */
  readonly addresses: readonly string[];
  /** Ends the connections, too. */
  readonly close: () => Promise<void>;
}

/** What stands for a machine without IPv6. */
const NO_IPV6: ReadonlySet<unknown> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/** A port that is free on one address need not be on the other. */
const MAX_ATTEMPTS = 10;

/**
 * Listens on 127.0.0.1 and, where there is IPv6, on ::1: programs take `localhost` for either. Rejects with the system's error.
 *
 * @param port 0 for any that is free.
 * @param onConnection gets connections whose clients may end sending and still receive. They close by themselves when they break.
 */
export async function listenLocally(
  port: number,
  onConnection: (connection: Socket) => void,
): Promise<LocalPort> {
  for (let attempt = 1; ; attempt++) {
    const first = await listening('127.0.0.1', port, onConnection);
    try {
      const second = await listening('::1', first.port, onConnection).catch((error: unknown) => {
        if (NO_IPV6.has(codeOf(error))) return undefined;
        throw error;
      });
      const all = second === undefined ? [first] : [first, second];
      return {
        port: first.port,
        addresses: all.map(({ address }) => address),
        close: async () => void (await Promise.all(all.map((each) => each.close()))),
      };
    } catch (error) {
      await first.close();
      if (port !== 0 || codeOf(error) !== 'EADDRINUSE' || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

interface Listening {
  readonly port: number;
  readonly address: string;
  readonly close: () => Promise<void>;
}

async function listening(
  host: '127.0.0.1' | '::1',
  port: number,
  onConnection: (connection: Socket) => void,
): Promise<Listening> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (connection) => {
    open.add(connection);
    connection.once('close', () => open.delete(connection));
    // Without a listener a broken connection would be thrown; it closes by itself.
    connection.on('error', () => undefined);
    onConnection(connection);
  });
  server.listen({ host, port, ipv6Only: true });
  await once(server, 'listening');
  const actual = portOf(server);
  return {
    port: actual,
    address: host === '::1' ? `[::1]:${actual}` : `${host}:${actual}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const connection of open) connection.destroy();
      await closed;
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
