import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { FetchAPI } from 'graphql-yoga';
import type { CompressedAnswer } from '../execution/answer.ts';
import { gzipOf } from '../introspection/piece.ts';

/**
 * An answer that is kept compressed, as it is for clients that take gzip, and as a stream of text for others. Browsers and
 * proxies may keep it, but have to ask whether it is still the same.
 */
export function compressedResponse(
  request: Request,
  { compressed, tag }: CompressedAnswer,
  contentType: string,
  fetchAPI: FetchAPI,
): Response {
  const isGzip = acceptsGzip(request.headers.get('accept-encoding') ?? '');
  const etag = `"${tag}${isGzip ? '-gzip' : ''}"`;
  const caching = { etag, vary: 'Accept-Encoding, Authorization', 'cache-control': 'private, no-cache' };
  if (request.method === 'GET' && names(request.headers.get('if-none-match') ?? '', etag)) {
    return new fetchAPI.Response(null, { status: 304, headers: caching });
  }
  const gzip = gzipOf(compressed);
  const length = isGzip ? gzip.reduce((sum, chunk) => sum + chunk.length, 0) : compressed.length;
  const headers = {
    ...caching,
    'content-type': `${contentType}; charset=utf-8`,
    'content-length': String(length),
    ...(isGzip ? { 'content-encoding': 'gzip' } : {}),
  };
  const bytes = Readable.from(gzip);
  // Whoever goes away closes the stream that is sent, which is no failure.
  const body = isGzip ? bytes : pipeline(bytes, createGunzip(), () => undefined);
  // Yoga's Response takes Node's streams, which the type of its bodies does not say.
  return new fetchAPI.Response(body as never, { headers });
}

/** Whether `Accept-Encoding` allows gzip: by its name or by `*`, and not with a weight of nothing. */
function acceptsGzip(acceptEncoding: string): boolean {
  const weights = new Map(
    acceptEncoding
      .toLowerCase()
      .split(',')
      .map((each) => {
        const [coding = '', weight = ''] = each.replaceAll(/\s/g, '').split(';q=');
        return [coding, weight === '' ? 1 : Number(weight)];
      }),
  );
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0;
}

/** Whether `If-None-Match` names the tag. It may mark tags as weak, which makes no difference here. */
function names(ifNoneMatch: string, etag: string): boolean {
  return ifNoneMatch
    .split(',')
    .some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '') === etag);
}
