import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { atEnd } from './at-end.ts';

/**
 * A server on this machine, where the ports of simulated pods lead to: it says back what it is told, and ends when it is told no
 * more. It ends after the file's last test.
 */
export async function startEchoServer(): Promise<number> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
}

/** What a server answers to `sent`. It says all of it, and then ends; so does the client. */
export async function echoOf(port: number, sent: Buffer): Promise<Buffer> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const received: Buffer[] = [];
  let length = 0;
  socket.write(sent);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    received.push(chunk);
    length += chunk.length;
    if (length === sent.length) socket.end();
  }
  return Buffer.concat(received);
}
