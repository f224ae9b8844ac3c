import type { FetchAPI } from 'graphql-yoga';
import type { CompressedAnswer } from '../execution/answer.ts';
import { gzipOf } from '../introspection/piece.ts';
import { ANSWER_VARIES, ASK_EACH_TIME, tagOfType } from './entity-tag.ts';
import { sentBody } from './kept-compressed.ts';

/** An answer that is kept compressed. Browsers and proxies may keep it, but have to ask whether it is still the same. */
export function compressedResponse(
  request: Request,
  { compressed, tag }: CompressedAnswer,
  contentType: string,
  fetchAPI: FetchAPI,
): Response {
  const { status, headers, body } = sentBody(
    { method: request.method, header: (name) => request.headers.get(name) },
    {
      gzip: gzipOf(compressed),
      length: compressed.length,
      tag: tagOfType(tag, contentType),
      contentType: `${contentType}; charset=utf-8`,
      cacheControl: ASK_EACH_TIME,
      vary: ANSWER_VARIES,
    },
  );
  // Yoga's Response takes Node's streams, which the type of its bodies does not say.
  return new fetchAPI.Response((body ?? null) as never, { status, headers });
}
