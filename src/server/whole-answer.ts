import { createHash } from 'node:crypto';
import type { Answer } from '../execution/answer.ts';
import { encodedAnswer } from './answer-encoding.ts';
import {
  ANSWER_VARIES,
  ASK_EACH_TIME,
  type BodyRequest,
  entityTag,
  isKnown,
  tagOfType,
} from './entity-tag.ts';

/** For answers of which nobody may keep anything. */
export const KEEP_NOTHING = 'no-store';

export interface SentAnswer {
  /** Instead of the answer's own. */
  readonly status?: 304;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent when the client has it already. */
  readonly body?: Buffer;
}

/**
 * A single answer that is in memory, as it is sent. Answers to a GET that have nothing but data can be kept, and asked for again
 * with their `ETag`; then the API server has been asked all the same, and only the way to the client is saved.
 *
 * @param text the answer, printed.
 * @param contentType without its charset.
 */
export async function sentAnswer(
  request: BodyRequest,
  answer: Pick<Answer, 'data' | 'errors'>,
  text: Buffer,
  contentType: string,
): Promise<SentAnswer> {
  const acceptEncoding = request.header('accept-encoding');
  if (request.method !== 'GET') return encodedAnswer(text, acceptEncoding);
  if (answer.data === undefined || (answer.errors?.length ?? 0) > 0) {
    const { body, headers } = await encodedAnswer(text, acceptEncoding);
    return { body, headers: { ...headers, 'cache-control': KEEP_NOTHING } };
  }
  const digest = createHash('sha256').update(text).digest('base64url').slice(0, 32);
  const etag = entityTag(request, tagOfType(digest, contentType));
  const caching = { etag, vary: ANSWER_VARIES, 'cache-control': ASK_EACH_TIME };
  if (isKnown(request, etag)) return { status: 304, headers: caching };
  const { body, headers } = await encodedAnswer(text, acceptEncoding);
  return { body, headers: { ...headers, ...caching } };
}
