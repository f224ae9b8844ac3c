import { Readable } from 'node:stream';
import { createGzip, gzipSync } from 'node:zlib';
import type { Answer } from './answer.ts';

/** Bytes from which on bodies are compressed for whoever accepts it. */
const GZIP_BYTES = 128 * 1024;

export interface EncodeOptions {
  readonly status: number;
  readonly contentType: string;
  readonly acceptsGzip: boolean;
}

/** Whole when short; behind 128 KB streamed as it is made, and compressed if that is accepted. */
export function encodeAnswer(chunks: Iterable<string>, options: EncodeOptions): Answer {
  const { status, contentType, acceptsGzip } = options;
  const iterator = chunks[Symbol.iterator]();
  const head = takeBytes(iterator, GZIP_BYTES);
  const isLong = head.length >= GZIP_BYTES;
  const headers = {
    'content-type': contentType,
    ...(isLong && acceptsGzip ? { 'content-encoding': 'gzip', vary: 'Accept-Encoding' } : {}),
  };
  if (!isLong) return { status, headers, body: head };
  const next = iterator.next();
  if (next.done === true) return { status, headers, body: acceptsGzip ? gzipSync(head, FAST) : head };
  const rest = bytes(head, next.value, iterator);
  return { status, headers, body: acceptsGzip ? Readable.from(rest).pipe(createGzip(FAST)) : fromSync(rest) };
}

/** As the real server, which compresses for speed. */
const FAST = { level: 1 };

function takeBytes(iterator: Iterator<string>, wanted: number): Buffer {
  const parts: Buffer[] = [];
  let length = 0;
  while (length < wanted) {
    const next = iterator.next();
    if (next.done === true) break;
    const part = Buffer.from(next.value);
    parts.push(part);
    length += part.length;
  }
  return Buffer.concat(parts);
}

function* bytes(head: Buffer, first: string, iterator: Iterator<string>): Generator<Buffer> {
  yield head;
  yield Buffer.from(first);
  for (let next = iterator.next(); next.done !== true; next = iterator.next()) yield Buffer.from(next.value);
}

async function* fromSync(chunks: Iterable<Buffer>): AsyncGenerator<Buffer> {
  yield* chunks;
}
