import type { Dispatcher } from 'undici';
import { KubegraphError } from '../../errors/kubegraph-error.ts';
import type { UpstreamAnswer, UpstreamRequest } from '../upstream.ts';
import { upstreamBody } from './body.ts';
import type { CallScope } from './call-scope.ts';
import { parseWarnings } from './warnings.ts';

type Headers = Dispatcher.ResponseData<unknown>['headers'];

/** What undici received, as an UpstreamAnswer. Redirects are answers like others: they are never followed. */
export function upstreamAnswer(
  { statusCode, headers, body }: Dispatcher.ResponseData<unknown>,
  scope: CallScope,
  mode: UpstreamRequest['mode'],
): UpstreamAnswer {
  const encoding = (single(headers, 'content-encoding') ?? 'identity').toLowerCase();
  if (encoding !== 'identity' && encoding !== 'gzip') {
    body.on('error', () => undefined).destroy();
    scope.end();
    throw new KubegraphError(
      'UPSTREAM_ERROR',
      'the API server answered in an encoding that nobody asked for',
    );
  }
  // An answer that has no body by definition may still name the encoding that it would have.
  const isEmpty = statusCode === 204 || statusCode === 304;
  return {
    status: statusCode,
    contentType: single(headers, 'content-type') ?? '',
    etag: single(headers, 'etag'),
    retryAfter: single(headers, 'retry-after'),
    warnings: parseWarnings(headers['warning']),
    body: upstreamBody(body, encoding === 'gzip' && !isEmpty, scope, mode),
  };
}

function single(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
