import type { ServerResponse } from 'node:http';
import type { Code } from '../../errors/codes.ts';
import { isKubegraphError } from '../../errors/kubegraph-error.ts';
import type { ReportDefect } from '../../execution/graphql-errors.ts';
import { hasBody } from '../request-body.ts';

/** What a failure is in the API server's words: the status of the answer, and the `reason` in its body. */
type Failure = readonly [status: number, reason: string];

const FAILURES: Partial<Record<Code, Failure>> = {
  BAD_USER_INPUT: [400, 'BadRequest'],
  UNAUTHENTICATED: [401, 'Unauthorized'],
  FORBIDDEN: [403, 'Forbidden'],
  READ_ONLY: [403, 'Forbidden'],
  NOT_FOUND: [404, 'NotFound'],
  METHOD_NOT_ALLOWED: [405, 'MethodNotAllowed'],
  CREDENTIALS_UNAVAILABLE: [502, 'InternalError'],
  OUTCOME_UNKNOWN: [502, 'InternalError'],
  UPSTREAM_ERROR: [502, 'InternalError'],
  CANCELLED: [503, 'ServiceUnavailable'],
  UNREACHABLE: [503, 'ServiceUnavailable'],
  TIMEOUT: [504, 'Timeout'],
};

const DEFECT: Failure = [500, 'InternalError'];

/** Answers a failure as the API server would: Kubernetes' clients show its words. */
export function answerFailure(response: ServerResponse, error: unknown, report: ReportDefect): void {
  if (response.headersSent || response.destroyed) {
    // The client must see that there is more to come, which does not.
    response.destroy();
    return;
  }
  const isKnown = isKubegraphError(error) && error.code !== 'INTERNAL_ERROR';
  if (!isKnown) report(error);
  const [code, reason] = (isKnown ? FAILURES[error.code] : undefined) ?? DEFECT;
  const message = isKnown ? error.message : 'internal error';
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
  response.writeHead(code, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    // What is left of a body is not waited for.
    ...(hasBody(response.req) ? { connection: 'close' } : {}),
  });
  response.end(response.req.method === 'HEAD' ? undefined : `${JSON.stringify(status)}\n`);
}
