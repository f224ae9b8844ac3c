/** Who has to act on an error, for people who read the table in docs/reference/errors.md. */
export type Responsible = 'caller' | 'cluster' | 'gateway';

export interface CodeEntry {
  readonly meaning: string;
  readonly responsible: Responsible;
  /** Whether the same request may succeed later without a change. */
  readonly retryable: boolean;
}

/**
 * Every `extensions.code` that an answer can carry. The table in docs/reference/errors.md is compared with this one by a
 * test.
 */
export const CODES = {
  GRAPHQL_PARSE_FAILED: entry('caller', false, 'The document is not GraphQL.'),
  GRAPHQL_VALIDATION_FAILED: entry('caller', false, 'The document does not fit the schema.'),
  BAD_USER_INPUT: entry('caller', false, 'An argument or variable has a value that cannot be meant.'),
  INVALID_CURSOR: entry(
    'caller',
    false,
    'A cursor is damaged or belongs to another field, scope or selector.',
  ),
  PERSISTED_QUERY_NOT_FOUND: entry(
    'caller',
    false,
    'The gateway does not know a document of that hash or name; send its text along.',
  ),
  DOCUMENT_NOT_TRUSTED: entry(
    'caller',
    false,
    'The gateway runs with --documents-only and this is none of them.',
  ),
  READ_ONLY: entry('caller', false, 'The gateway runs with --read-only and refuses every write.'),
  UNAUTHENTICATED: entry('caller', false, 'No credentials, or the API server does not accept them.'),
  FORBIDDEN: entry(
    'caller',
    false,
    'The identity may not do this (RBAC or admission), the gateway has it switched off, or a page of another site asks.',
  ),
  BAD_REQUEST: entry('caller', false, 'The API server, or the gateway, cannot read the request.'),
  INVALID: entry(
    'caller',
    false,
    'The object fails validation; `kubernetes.details.causes` names the fields.',
  ),
  NOT_FOUND: entry('caller', false, 'The object, its namespace or its resource does not exist.'),
  ALREADY_EXISTS: entry('caller', false, 'An object of that name exists.'),
  CONFLICT: entry(
    'caller',
    false,
    'The object changed meanwhile, a precondition failed or another field manager owns a field.',
  ),
  METHOD_NOT_ALLOWED: entry('caller', false, 'The resource does not have this verb.'),
  UNSUPPORTED_MEDIA_TYPE: entry('caller', false, 'The resource does not take this kind of patch.'),
  REQUEST_TOO_LARGE: entry(
    'caller',
    false,
    'The request, or the object in it, is larger than the gateway or the API server takes.',
  ),
  LIST_TOO_LARGE: entry(
    'caller',
    false,
    'The list has more items than one answer may hold; `cursor` continues it.',
  ),
  RESULT_TOO_LARGE: entry(
    'caller',
    false,
    'An answer of the API server is larger than the gateway reads into memory.',
  ),
  EXPIRED: entry(
    'caller',
    true,
    'The resourceVersion or cursor is older than what the API server remembers.',
  ),
  TOO_MANY_REQUESTS: entry(
    'cluster',
    true,
    'The API server asks to slow down, and `kubernetes.retryAfterSeconds` says how long; or there are as many subscriptions as there may be, and `retryAfterMs` says when to come back.',
  ),
  TIMEOUT: entry('cluster', true, 'No answer within the deadline.'),
  UNAVAILABLE: entry('cluster', true, 'The API server, or the aggregated API behind it, is not available.'),
  UNREACHABLE: entry('cluster', true, 'No connection to the API server.'),
  UPSTREAM_ERROR: entry('cluster', true, 'The API server failed, or its answer makes no sense.'),
  OUTCOME_UNKNOWN: entry(
    'cluster',
    false,
    'A write was sent and its answer got lost: look before trying again.',
  ),
  CREDENTIALS_UNAVAILABLE: entry(
    'gateway',
    true,
    'The credentials that the kubeconfig names cannot be read or obtained.',
  ),
  KUBECONFIG_INVALID: entry('gateway', false, 'The kubeconfig cannot be used as it is.'),
  SLOW_CONSUMER: entry('caller', true, 'The subscriber reads slower than events arrive; `cursor` resumes.'),
  SERVER_SHUTDOWN: entry('gateway', true, 'The gateway is shutting down; `cursor` resumes elsewhere.'),
  LIFETIME_EXCEEDED: entry(
    'gateway',
    true,
    'The subscription is as old as --max-subscription-age allows; `cursor` resumes.',
  ),
  CANCELLED: entry('caller', true, 'The client went away.'),
  INTERNAL_ERROR: entry('gateway', false, 'A defect of the gateway; its log has the details.'),
} as const satisfies Record<string, CodeEntry>;

export type Code = keyof typeof CODES;

function entry(responsible: Responsible, retryable: boolean, meaning: string): CodeEntry {
  return { responsible, retryable, meaning };
}
