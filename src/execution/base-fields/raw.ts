import { KubegraphError } from '../../errors/kubegraph-error.ts';
import { tryParseJson } from '../../util/json.ts';
import { readOnce } from '../read-once.ts';
import type { BaseField } from './value.ts';

/** Any path, as `kubectl get --raw`. What is not JSON becomes a JSON string. */
export const raw: BaseField = async (context, responseName, args) => {
  const url = rawUrl(String(args['path']));
  // Query parameters that would turn a read into an endless stream, or into another read than the one that is bounded.
  if (url.searchParams.has('watch') || url.searchParams.has('follow') || isOldWatch(url.pathname)) {
    throw new KubegraphError('BAD_USER_INPUT', 'raw answers once: use a subscription to watch or follow');
  }
  const { body, contentType } = await readOnce(context, responseName, {
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    accept: 'application/json, */*',
    compress: true,
  });
  const isJson = /\bjson\b/.test(contentType) || tryParseJson(body.toString('utf8')) !== undefined;
  return { json: isJson ? body : Buffer.from(JSON.stringify(body.toString('utf8'))) };
};

/** Watches as they were before the query parameter; servers still have them, and decode a path before they read it. */
function isOldWatch(pathname: string): boolean {
  try {
    return /^\/(?:api\/[^/]+|apis\/[^/]+\/[^/]+)\/watch\//.test(decodeURIComponent(pathname));
  } catch {
    throw new KubegraphError('BAD_USER_INPUT', '"path" has a percent sign that encodes nothing');
  }
}

function rawUrl(path: string): URL {
  // A URL's parser would take backslashes for slashes and resolve dots: what is asked for must be what is written.
  const isPlain = /^\/(?!\/)[^\\]*$/.test(path) && !/(?:^|\/)\.{1,2}(?:[/?]|$)/.test(path);
  if (!isPlain || !URL.canParse(path, 'http://localhost')) {
    throw new KubegraphError(
      'BAD_USER_INPUT',
      '"path" must be a path of the API server, for example "/healthz"',
    );
  }
  return new URL(path, 'http://localhost');
}
