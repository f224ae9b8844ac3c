import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { acceptsGzip } from './accept-encoding.ts';
import { type BodyRequest, entityTag, isKnown } from './entity-tag.ts';

/** A body that is kept as gzip, with what clients have to know to keep it too. */
export interface KeptCompressed {
  readonly gzip: readonly Buffer[];
  /** Of the text, in bytes. */
  readonly length: number;
  /** Equal for equal bodies of one URL, and only then. Word characters and `-`. */
  readonly tag: string;
  /** With its charset. */
  readonly contentType: string;
  readonly cacheControl: string;
  readonly vary: string;
}

export interface SentBody {
  readonly status: 200 | 304;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent when the client has it already. */
  readonly body?: Readable;
}

/** The body as it is for clients that take gzip, as a stream of text for others, and not at all for a GET that names its tag. */
export function sentBody(request: BodyRequest, kept: KeptCompressed): SentBody {
  const isGzip = acceptsGzip(request.header('accept-encoding'));
  const etag = entityTag(request, kept.tag);
  const caching = { etag, vary: kept.vary, 'cache-control': kept.cacheControl };
  if (isKnown(request, etag)) return { status: 304, headers: caching };
  const { gzip } = kept;
  const length = isGzip ? gzip.reduce((sum, chunk) => sum + chunk.length, 0) : kept.length;
  const headers = {
    ...caching,
    'content-type': kept.contentType,
    'content-length': String(length),
    ...(isGzip ? { 'content-encoding': 'gzip' } : {}),
  };
  const bytes = Readable.from(gzip);
  // Whoever goes away closes the stream that is sent, which is no failure.
  return { status: 200, headers, body: isGzip ? bytes : pipeline(bytes, createGunzip(), () => undefined) };
}
