import { isUtf8 } from 'node:buffer';
import { KubegraphError } from '../../errors/kubegraph-error.ts';
import { oneLine, tryParseJson } from '../../util/json.ts';
import type { ReadAnswer } from '../read-once.ts';
import { askOnce } from './ask-once.ts';
import { type BaseField, jsonValue } from './value.ts';

/** Any path, as `kubectl get --raw`. What is not JSON becomes a JSON string. */
export const raw: BaseField = async (context, responseName, args) => {
  const { path, query } = partsOf(String(args['path']));
  // What would turn a read into an endless stream, or into another read than the one that is bounded.
  const parameters = new URLSearchParams(query);
  if (parameters.has('watch') || parameters.has('follow') || isOldWatch(path)) {
    throw new KubegraphError('BAD_USER_INPUT', 'raw answers once: use a subscription to watch or follow');
  }
  const answer = await askOnce(context, responseName, {
    method: 'GET',
    path,
    queryText: query,
    accept: 'application/json, */*',
    compress: true,
  });
  return { json: jsonOf(answer) };
};

/** Types whose bodies are one JSON value: `application/json`, `application/jwk-set+json`. */
const JSON_TYPE = /^[\w.+-]+\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

function jsonOf({ body, contentType }: ReadAnswer): Buffer {
  const text = body.toString('utf8');
  if (isUtf8(body) && tryParseJson(text) !== undefined) return oneLine(body);
  if (!JSON_TYPE.test(contentType)) return jsonValue(text).json;
  throw new KubegraphError('UPSTREAM_ERROR', 'the answer calls itself JSON and is none');
}

/** Watches as they were before the query parameter; servers still have them, and decode a path before they read it. */
function isOldWatch(path: string): boolean {
  try {
    return /^\/(?:api\/[^/]+|apis\/[^/]+\/[^/]+)\/watch\//.test(decodeURIComponent(path));
  } catch {
    throw new KubegraphError('BAD_USER_INPUT', '"path" has a percent sign that encodes nothing');
  }
}

/**
 * Path and query as they are written. A URL's parser would resolve dots, take backslashes for slashes and leave line breaks
 * and fragments out: what is asked for must be what is written. What a path may have is for the transport to say.
 */
function partsOf(target: string): { readonly path: string; readonly query: string } {
  const mark = target.indexOf('?');
  const [path, query] = mark < 0 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
  if (path.startsWith('/') && !UNSPEAKABLE.test(target))
    return { path, query: query.replace(NEEDS_ENCODING, encoded) };
  throw new KubegraphError(
    'BAD_USER_INPUT',
    '"path" must be a path of the API server, for example "/healthz"',
  );
}

const UNSPEAKABLE = /[\p{Cc}#]/u;

/** Spaces, quotes and what is not ASCII: people write them in selectors, and no request line has them. */
const NEEDS_ENCODING = /[^!$-~]+/g;

/** Half a character cannot be encoded: the buffer replaces it. */
function encoded(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}
