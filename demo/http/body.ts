import { tooLarge } from './refusals.ts';

/** Bytes that a request body may have. */
const MAX_BODY_BYTES = 3 * 1024 * 1024;

/**
 * Reads a whole request body.
 *
 * @throws ApiError 413 behind `MAX_BODY_BYTES`.
 */
export async function readBody(chunks: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    // Requests have no encoding set, so their chunks are bytes.
    const part = chunk as Buffer;
    bytes += part.length;
    if (bytes > MAX_BODY_BYTES) throw tooLarge(MAX_BODY_BYTES);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
