import type { IncomingMessage } from 'node:http';
import { MAX_BODY_BYTES } from './options.ts';

/**
 * The body of a request; undefined when the client goes away in the middle of it, or is too slow: then nobody waits for an answer.
 * Of a body that is longer than bodies may be it is only so much that this shows.
 */
export function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  // With events: an iterator of a stream costs more than reading a small body.
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const done = (): void => {
      request.off('data', take);
      resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
    };
    const take = (chunk: Buffer): void => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MAX_BODY_BYTES) done();
    };
    request.on('data', take);
    request.once('end', done);
    request.once('error', () => resolve(undefined));
    request.once('close', () => resolve(undefined));
  });
}
