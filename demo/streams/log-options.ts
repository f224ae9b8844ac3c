import { ApiError } from '../api/status.ts';
import { badRequest } from './containers.ts';

export interface LogOptions {
  readonly container: string | undefined;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly tailLines: number | undefined;
  readonly limitBytes: number | undefined;
  /** Only lines from then on, in milliseconds since 1970. */
  readonly since: number | undefined;
}

/**
 * Reads the query of a log request.
 *
 * @param now milliseconds since 1970.
 * @throws ApiError 400 for what cannot be read, 422 for what makes no sense.
 */
export function logOptions(pod: string, query: URLSearchParams, now: number): LogOptions {
  const tailLines = integer(query, 'tailLines');
  const limitBytes = integer(query, 'limitBytes');
  const sinceSeconds = integer(query, 'sinceSeconds');
  const sinceTime = time(query, 'sinceTime');
  const problems = [
    atLeast('tailLines', tailLines, 0),
    atLeast('limitBytes', limitBytes, 1),
    sinceSeconds !== undefined && sinceTime !== undefined
      ? BOTH_SINCE
      : atLeast('sinceSeconds', sinceSeconds, 1),
    query.has('stream') ? STREAM : undefined,
  ];
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length > 0) throw invalid(pod, found);
  return {
    container: query.get('container') ?? undefined,
    follow: flag(query, 'follow'),
    previous: flag(query, 'previous'),
    timestamps: flag(query, 'timestamps'),
    tailLines,
    limitBytes,
    since: sinceSeconds === undefined ? sinceTime : now - sinceSeconds * 1000,
  };
}

interface Problem {
  readonly reason: string;
  readonly field: string;
  readonly message: string;
}

const BOTH_SINCE: Problem = {
  reason: 'FieldValueForbidden',
  message: 'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified',
  field: '[]',
};

const STREAM: Problem = {
  reason: 'FieldValueForbidden',
  message: 'Forbidden: may not be specified',
  field: 'stream',
};

function atLeast(field: string, value: number | undefined, minimum: 0 | 1): Problem | undefined {
  if (value === undefined || value >= minimum) return undefined;
  const rule = minimum === 0 ? 'must be greater than or equal to 0' : 'must be greater than 0';
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${value}: ${rule}`, field };
}

function invalid(pod: string, problems: readonly Problem[]): ApiError {
  const texts = problems.map(({ field, message }) => `${field}: ${message}`);
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const details = { name: pod, kind: 'PodLogOptions', causes: problems };
  return new ApiError(422, `PodLogOptions "${pod}" is invalid: ${list}`, { reason: 'Invalid', details });
}

function integer(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === '') return undefined;
  if (!/^[+-]?\d+$/.test(value)) throw badRequest(`strconv.ParseInt: parsing "${value}": invalid syntax`);
  return Number(value);
}

function flag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && value.toLowerCase() !== 'false' && value !== '0';
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

function time(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === '') return undefined;
  if (RFC_3339.test(value)) return Date.parse(value);
  throw badRequest(
    `parsing time "${value}" as "2006-01-02T15:04:05Z07:00": cannot parse "${value}" as "2006"`,
  );
}
