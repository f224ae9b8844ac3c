import type { Socket } from 'node:net';
import type { Connection } from './interceptor.ts';

/** The open sockets of a listener: to end them all at once, or to break a single one. */
export class Connections {
  /** By the client's port, which says for a TLS or HTTP/2 stream which socket it runs on. */
  readonly #sockets = new Map<number, Socket>();
  readonly #frozen = new Set<Socket>();

  add(socket: Socket): void {
    const port = socket.remotePort;
    if (port === undefined) return;
    this.#sockets.set(port, socket);
    socket.once('close', () => {
      this.#frozen.delete(socket);
      if (this.#sockets.get(port) === socket) this.#sockets.delete(port);
    });
  }

  /** Ends all of them without a goodbye. */
  destroyAll(): void {
    for (const socket of this.#sockets.values()) socket.destroy();
  }

  /** Whether nothing may be written to it any more. */
  isFrozen(port: number | undefined): boolean {
    const socket = this.#socketOf(port);
    return socket !== undefined && this.#frozen.has(socket);
  }

  of(port: number | undefined): Connection {
    return {
      reset: () => void this.#socketOf(port)?.resetAndDestroy(),
      freeze: () => this.#freeze(this.#socketOf(port)),
    };
  }

  #freeze(socket: Socket | undefined): void {
    if (socket === undefined) return;
    this.#frozen.add(socket);
    // TLS has taken over the handle, so that pausing the socket does nothing. Without reading it, HTTP/2 pings stay
    // unanswered, as when the other side has lost its power. There is no public way, and inside of a read, which this may
    // be, it is undone when that ends.
    const { _handle: handle } = socket as Socket & { _handle?: { readStop?: () => void } };
    setImmediate(() => handle?.readStop?.());
  }

  #socketOf(port: number | undefined): Socket | undefined {
    return port === undefined ? undefined : this.#sockets.get(port);
  }
}
