import { pipeline, Readable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import type { StreamedAnswer } from '../execution/answer.ts';
import { acceptsGzip } from './accept-encoding.ts';
import { GZIP } from './answer-encoding.ts';

/** A stream throws into what it reads from when it is closed early, which is no failure: it is just not read any further. */
function leavable(pieces: StreamedAnswer['pieces']): AsyncIterableIterator<Buffer> {
  return {
    next: () => pieces.next(),
    return: () => pieces.return() as Promise<IteratorResult<Buffer>>,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

export interface StreamedBody {
  /** Closing it early ends the calls upstream. */
  readonly body: Readable;
  readonly headers: Readonly<Record<string, string>>;
}

/** An answer that is still being read, as the client takes it: as gzip when it asks for that. */
export function streamedBody(
  { pieces }: StreamedAnswer,
  acceptEncoding: string | null | undefined,
): StreamedBody {
  const text = Readable.from(leavable(pieces));
  const vary = { vary: 'Accept-Encoding' };
  if (!acceptsGzip(acceptEncoding)) return { body: text, headers: vary };
  // Each piece is sent at once: somebody may be waiting for the first rows.
  const gzip = createGzip({ ...GZIP, flush: constants.Z_SYNC_FLUSH });
  // Whoever goes away closes the stream that is sent, which is no failure.
  pipeline(text, gzip, () => undefined);
  return { body: gzip, headers: { ...vary, 'content-encoding': 'gzip' } };
}
