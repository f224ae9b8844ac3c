import { acceptsGzip } from './accept-encoding.ts';

/** What of a request decides how a body is sent that caches may keep. */
export interface BodyRequest {
  readonly method: string | undefined;
  /** By its name in lower case. */
  readonly header: (name: string) => string | null | undefined;
}

/** What caches have to look at before they give somebody an answer that somebody got. */
export const ANSWER_VARIES = 'Accept, Accept-Encoding, Authorization';

/** Whoever is answered may keep the answer, and has to ask each time whether it is still the same. */
export const ASK_EACH_TIME = 'private, no-cache';

/** The same text under another type is another representation, which a strong tag has to tell apart. */
export function tagOfType(tag: string, contentType: string): string {
  return `${tag}-${contentType.replace('application/', '').replaceAll(/\W+/g, '-')}`;
}

/** The `ETag` of what this client is sent: as gzip it is another representation again. */
export function entityTag({ header }: BodyRequest, tag: string): string {
  return `"${tag}${acceptsGzip(header('accept-encoding')) ? '-gzip' : ''}"`;
}

/** Whether a GET names the tag in `If-None-Match`. It may mark tags as weak, which makes no difference here. */
export function isKnown({ method, header }: BodyRequest, etag: string): boolean {
  if (method !== 'GET') return false;
  const named = (header('if-none-match') ?? '').split(',').map((each) => each.trim());
  return named.some((each) => each === '*' || each.replace(/^W\//, '') === etag);
}
