import type { Dispatcher } from 'undici';
import { CONNECTIONS } from '../timeouts.ts';

/**
 * HTTP/2 connections with up to `CONNECTIONS.maxStreams` streams each.
 *
 * undici's own Pool opens a connection for every request that comes while the first one is still connecting: fifty
 * watches that start together would have fifty connections. Its Client queues them instead.
 */
export class Http2Connections {
  readonly #open: () => Dispatcher;
  readonly #connections = new Set<{ readonly client: Dispatcher; streams: number }>();

  /** @param open makes a dispatcher for one connection. */
  constructor(open: () => Dispatcher) {
    this.#open = open;
  }

  async request<T>(options: Dispatcher.RequestOptions<T>): Promise<Dispatcher.ResponseData<T>> {
    const connection = this.#withRoom();
    connection.streams += 1;
    const release = (): void => {
      connection.streams -= 1;
      // One stays open for the next stream; undici closes it when it is idle for long, and opens it again.
      if (connection.streams === 0 && this.#connections.size > 1) {
        this.#connections.delete(connection);
        // It may have been destroyed meanwhile, which is as good.
        connection.client.close().catch(() => undefined);
      }
    };
    try {
      const response = await connection.client.request<T>(options);
      response.body.once('close', release);
      return response;
    } catch (error) {
      release();
      throw error;
    }
  }

  #withRoom(): { readonly client: Dispatcher; streams: number } {
    for (const connection of this.#connections)
      if (connection.streams < CONNECTIONS.maxStreams) return connection;
    const connection = { client: this.#open(), streams: 0 };
    this.#connections.add(connection);
    return connection;
  }

  /** Lets streams end, and closes then. */
  async retire(): Promise<void> {
    await Promise.allSettled([...this.#connections].map(({ client }) => client.close()));
  }

  async destroy(): Promise<void> {
    await Promise.allSettled([...this.#connections].map(({ client }) => client.destroy()));
  }
}
