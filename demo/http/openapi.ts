import type { Answer } from './answer.ts';
import type { Documents, OpenApiDocument } from './documents.ts';
import type { Wishes } from './negotiation.ts';

export interface OpenApiRequest {
  readonly wishes: Wishes;
  /** `If-None-Match`. */
  readonly knownEtag: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const EMPTY = Buffer.alloc(0);

/** `/openapi/v3` and the documents below it: a URL with the right hash never changes, one with an old hash moves on. */
export function openApiAnswer(documents: Documents, path: string, request: OpenApiRequest): Answer {
  if (path === '') return indexAnswer(documents);
  const document = documents.openApiDocument(path);
  if (document === undefined) return { status: 404, headers: {}, body: EMPTY };
  if (!acceptsJson(request.wishes.accept)) return { status: 406, headers: { vary: 'Accept' }, body: EMPTY };
  const headers = { etag: document.etag, vary: 'Accept' };
  const hash = request.wishes.query.get('hash') ?? '';
  if (hash !== '' && hash !== document.hash) {
    const location = `/openapi/v3/${path}?hash=${document.hash}`;
    return {
      status: 301,
      headers: { ...headers, location, 'content-type': 'application/json' },
      body: EMPTY,
    };
  }
  return documentAnswer(
    document,
    { ...headers, ...(hash === '' ? {} : forEver(request.now)) },
    request.knownEtag,
  );
}

/** Behind an aggregator the index has no etag, and Go guesses its type from its bytes. */
function indexAnswer(documents: Documents): Answer {
  const { body } = documents.openApiIndex();
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

function forEver(now: number): Record<string, string> {
  return { 'cache-control': 'public, immutable', expires: new Date(now + YEAR_MS).toUTCString() };
}

function documentAnswer(
  document: OpenApiDocument,
  headers: Record<string, string>,
  known: string | undefined,
): Answer {
  if (known === document.etag) return { status: 304, headers, body: EMPTY };
  return { status: 200, headers: { ...headers, 'content-type': document.contentType }, body: document.body };
}

const JSON_TYPES = new Set(['application/json', 'application/*', '*/*', '*']);

function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '') return true;
  return accept.split(',').some((clause) => JSON_TYPES.has(clause.split(';')[0]?.trim() ?? ''));
}
