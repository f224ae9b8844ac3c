import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

/**
 * Sends a body on as it comes, behind a head that has been written: whoever reads slowly slows down where it comes from. Rejects when
 * either side breaks off, and the connection is destroyed then: a body that has been cut is never one that has ended.
 */
export async function sendOn(response: ServerResponse, body: AsyncIterable<Buffer>): Promise<void> {
  // What follows the head may come much later.
  // Headers are bytes, of which each is a character here; flushing them would make two of some.
  response.write('', 'latin1');
  // The listener ends connections on which nothing moves, and one that waits for what comes next is none of them.
  response.on('timeout', (socket) => {
    if (response.writableLength > 0) socket.destroy();
  });
  await pipeline(response.req.httpVersion === '1.0' ? visiblyCut(body, response) : body, response);
}

/** To HTTP/1.0 the end of a connection is the end of the body, unless it is reset. */
async function* visiblyCut(body: AsyncIterable<Buffer>, { socket }: ServerResponse): AsyncIterable<Buffer> {
  try {
    yield* body;
  } catch (error) {
    socket?.resetAndDestroy();
    throw error;
  }
}
