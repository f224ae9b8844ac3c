import { once } from 'node:events';
import { expect, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';

export interface Client {
  /** To stop reading. */
  readonly socket: WebSocket;
  readonly send: (message: object) => void;
  /** The next message, as it came. */
  readonly next: () => Promise<string>;
  /** The code that the connection closes with. */
  readonly closed: Promise<number>;
}

/** A client of the `graphql-transport-ws` protocol, by hand, so that every byte shows. */
export async function connect(
  { url }: { readonly url: string },
  headers: Readonly<Record<string, string>> = {},
): Promise<Client> {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { headers });
  const messages: string[] = [];
  let wake: () => void = () => undefined;
  socket.on('message', (data: Buffer) => {
    messages.push(data.toString('utf8'));
    wake();
  });
  const closed = once(socket, 'close').then(([code]) => {
    wake();
    return code as number;
  });
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  return {
    socket,
    closed,
    send: (message) => socket.send(JSON.stringify(message)),
    next: async () => {
      while (messages.length === 0) {
        if (socket.readyState !== socket.OPEN) throw new Error('the connection is closed');
        await new Promise<void>((resolve) => (wake = resolve));
      }
      return messages.shift() ?? '';
    },
  };
}

/** A client whose connection has been acknowledged. */
export async function acknowledged(gateway: { readonly url: string }, payload?: object): Promise<Client> {
  const client = await connect(gateway);
  client.send({ type: 'connection_init', ...(payload === undefined ? {} : { payload }) });
  expect(JSON.parse(await client.next())).toMatchObject({ type: 'connection_ack' });
  return client;
}
