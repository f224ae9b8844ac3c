import { ApiError, PlainTextError } from '../api/status.ts';
import { textAnswer, type Answer } from './answer.ts';
import { FilterError } from './refusals.ts';
import { negotiateError, type Wishes } from './negotiation.ts';
import { statusText } from './render.ts';

/** What a failure looks like to the client. A failure that is not an API error is one of the demo itself. */
export function errorAnswer(error: unknown, wishes: Wishes): Answer {
  if (error instanceof PlainTextError) return textAnswer(error.code, error.message);
  const apiError = error instanceof ApiError ? error : internalError(error);
  const representation = negotiateError(wishes);
  const retryAfter = apiError.options.details?.retryAfterSeconds;
  return {
    status: apiError.code,
    headers: {
      'content-type': `application/${representation.syntax}`,
      ...(apiError instanceof FilterError ? { 'x-content-type-options': 'nosniff' } : {}),
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    },
    body: Buffer.from(statusText(apiError.toStatus(), representation)),
  };
}

function internalError(error: unknown): ApiError {
  const message = error instanceof Error ? error.message : String(error);
  const details = { causes: [{ message }] };
  return new ApiError(500, `Internal error occurred: ${message}`, { reason: 'InternalError', details });
}
