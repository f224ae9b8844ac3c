import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** Takes over a connection that asks to be upgraded. `head` is what the client has sent behind its request. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => unknown;

/**
 * Hands over the connections of a server that ask to be upgraded. Whoever asks without waiting for an earlier answer is cut off:
 * the two would be mixed up.
 *
 * @returns what ends all that have been handed over and are open: to Node they are none of the server's connections any more, but
 * for that it waits for them when it closes.
 */
export function onUpgrade(server: Server, upgrade: Upgrade): () => void {
  const handedOver = new Set<Duplex>();
  const unanswered = new WeakMap<Duplex, number>();
  server.on('request', ({ socket }, response) => {
    unanswered.set(socket, (unanswered.get(socket) ?? 0) + 1);
    response.once('close', () => unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1));
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node has taken its own listener off by now: a connection that breaks would end the process.
    socket.on('error', () => socket.destroy());
    if ((unanswered.get(socket) ?? 0) > 0) {
      socket.destroy();
      return;
    }
    handedOver.add(socket);
    socket.once('close', () => handedOver.delete(socket));
    upgrade(request, socket, head);
  });
  return () => {
    for (const socket of handedOver) socket.destroy();
  };
}
