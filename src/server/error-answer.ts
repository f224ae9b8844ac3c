import type { ServerResponse } from 'node:http';
import { type ReportDefect, requestError } from '../execution/graphql-errors.ts';
import { hasBody } from './request-body.ts';
import { KEEP_NOTHING } from './whole-answer.ts';

const STAYS = new AbortController().signal;

/**
 * Answers a failure in the form that GraphQL has for it, with its HTTP status. Where an answer has begun, its connection is
 * destroyed: the client must see that there is more to come, which does not.
 *
 * @param signal aborted when the client has left: nothing that fails then is a defect. Default: it stays.
 */
export function answerWithError(
  response: ServerResponse,
  error: unknown,
  report: ReportDefect,
  signal: AbortSignal = STAYS,
): void {
  const { message, extensions } = requestError(error, signal, report);
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const { http, ...shown } = extensions as { http?: { status: number }; kubernetes?: { code: number } };
  // What the API server refuses is refused as it does; a redirect, which is not followed, is a failure.
  const refusal = shown.kubernetes?.code ?? 0;
  response.writeHead(refusal >= 400 ? refusal : (http?.status ?? 500), {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': KEEP_NOTHING,
    // What is left of a body is not waited for.
    ...(hasBody(response.req) ? { connection: 'close' } : {}),
  });
  const body = JSON.stringify({ errors: [{ message, extensions: shown }] });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
