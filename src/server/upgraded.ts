import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RawUpgrade } from '../cluster/raw.ts';

/** What has said its last is given so long, in milliseconds, to be answered: neither protocol goes on in one direction. */
const HALF_OPEN_MS = 5_000;

/**
 * Makes one connection of a client's, which asks to be upgraded, and the API server's, which has been: whichever ends, ends
 * the other.
 *
 * @param head what the client has sent behind its request.
 */
export function joinConnections(
  { headers: asked, socket }: IncomingMessage,
  head: Buffer,
  { headers, socket: upstream }: Extract<RawUpgrade, { kind: 'upgraded' }>,
): void {
  // The listener's own limit is for requests.
  socket.setTimeout(0);
  socket.setNoDelay(true);
  const lines = Object.entries({ connection: 'Upgrade', upgrade: asked.upgrade, ...headers }).map(
    ([name, value]) => `${name}: ${String(value)}\r\n`,
  );
  // Headers are bytes, of which each is a character here.
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`, 'latin1');
  upstream.write(head);
  // Two pipelines would do the same with so many listeners that Node warns of them.
  socket.pipe(upstream);
  upstream.pipe(socket);
  socket.once('close', () => upstream.destroy());
  // What it has said last still leaves.
  upstream.once('close', () => socket.destroySoon());
  for (const each of [socket, upstream]) endSoonAfter(each, [socket, upstream]);
  if (socket.destroyed) upstream.destroy();
}

function endSoonAfter(one: Duplex, both: readonly Duplex[]): void {
  one.once('end', () => {
    setTimeout(() => both.forEach((each) => each.destroy()), HALF_OPEN_MS).unref();
  });
}

/**
 * Node makes no response for a request that asks to be upgraded. The connection ends with this one, and is cut off as others are
 * where nothing moves on it.
 */
export function responseTo(request: IncomingMessage): ServerResponse {
  const { socket } = request;
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once('finish', () => socket.destroySoon());
  // As Node does for its own requests. It has left off for this one.
  socket.on('timeout', () => {
    if (!response.emit('timeout', socket)) socket.destroy();
  });
  // Nobody else looks any more whether the client is still there, and what it says is of no use.
  socket.once('end', () => socket.destroy());
  socket.resume();
  return response;
}
