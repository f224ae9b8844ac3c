import { type FieldNode, GraphQLError } from 'graphql';
import { isKubegraphError, KubegraphError } from '../errors/kubegraph-error.ts';
import { MalformedJson } from '../projection/malformed-json.ts';

/** What is told of a defect of ours. The log has the rest. */
const INTERNAL_MESSAGE = 'internal error';

/** Where defects are reported, with all that is known of them. */
export type ReportDefect = (error: unknown) => void;

/** A failure as the GraphQL error at a field. Everything that is not meant for callers is reported and masked. */
export function fieldError(
  error: unknown,
  nodes: readonly FieldNode[],
  path: readonly (string | number)[],
  signal: AbortSignal,
  report: ReportDefect,
): GraphQLError {
  if (error instanceof GraphQLError && error.path === undefined) {
    const extensions = { code: 'BAD_USER_INPUT', ...error.extensions };
    return new GraphQLError(error.message, { nodes: error.nodes ?? nodes, path, extensions });
  }
  if (error instanceof GraphQLError) return error;
  const known = knownError(error, signal, report);
  return new GraphQLError(known.message, { nodes, path, extensions: known.extensions });
}

/** A failure of the whole request: it has no data, and its HTTP status is the error's own. */
export function requestError(error: unknown, signal: AbortSignal, report: ReportDefect): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const known = knownError(error, signal, report);
  return new GraphQLError(known.message, {
    extensions: { ...known.extensions, http: { status: REQUEST_STATUS[known.code] ?? 500 } },
  });
}

function knownError(error: unknown, signal: AbortSignal, report: ReportDefect): KubegraphError {
  if (isKubegraphError(error)) {
    // A defect that was met further down, and may have ended other things than this field.
    if (error.code === 'INTERNAL_ERROR') report(error.cause ?? error);
    return error;
  }
  if (signal.aborted) return new KubegraphError('CANCELLED', 'the client went away');
  if (error instanceof MalformedJson) {
    return new KubegraphError('UPSTREAM_ERROR', "the API server's answer is damaged or cut off", {
      cause: error,
    });
  }
  report(error);
  return new KubegraphError('INTERNAL_ERROR', INTERNAL_MESSAGE);
}

/** The status of a request that could not even start, by the error's code. */
const REQUEST_STATUS: Readonly<Record<string, number>> = {
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  READ_ONLY: 403,
  METHOD_NOT_ALLOWED: 405,
  TOO_MANY_REQUESTS: 503,
  UNAVAILABLE: 503,
  UNREACHABLE: 502,
  UPSTREAM_ERROR: 502,
  CREDENTIALS_UNAVAILABLE: 502,
  TIMEOUT: 504,
};

/** Errors of the document itself. GraphQL over HTTP answers them with 400, or 200 for clients that only know JSON. */
export function documentError(
  error: GraphQLError,
  code: 'GRAPHQL_PARSE_FAILED' | 'GRAPHQL_VALIDATION_FAILED' | 'BAD_USER_INPUT',
): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    extensions: { code, http: { status: 400, spec: true }, ...error.extensions },
  });
}
