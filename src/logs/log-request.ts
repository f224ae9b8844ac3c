import type { Identity } from '../cluster/identity.ts';
import { podPath } from '../cluster/resource-path.ts';
import type { UpstreamRequest } from '../cluster/upstream.ts';
import type { LogPlace } from './log-line.ts';

/** What of a log is wanted, as the API server takes it. */
export interface LogRange {
  /** The log of the container's run before this one. */
  readonly previous?: boolean | undefined;
  readonly sinceSeconds?: number | undefined;
  /** RFC 3339. */
  readonly sinceTime?: string | undefined;
  /** The last so many lines. */
  readonly tailLines?: number | undefined;
  readonly limitBytes?: number | undefined;
}

/** The kubelet sends no headers before the first line, which may take any time. The longest timer there is: about 24 days. */
const NO_DEADLINE_MS = 2 ** 31 - 1;

/** Asks for a container's log, with a timestamp before every line. */
export function logRequest(
  identity: Identity,
  place: LogPlace,
  range: LogRange,
  follow: boolean,
): UpstreamRequest {
  return {
    ...request(identity, place, range, { follow, timestamps: true }),
    // A cut HTTP/2 stream can look like its end, which only those may take for one who would go on anyway.
    ...(follow ? { mode: 'stream', deadlineMs: NO_DEADLINE_MS } : { mode: 'download' }),
  };
}

/** How a log comes. */
export interface LogForm {
  /** Whether what the container goes on to write comes as well. */
  readonly follow: boolean;
  /** Whether each line begins with its time. */
  readonly timestamps: boolean;
}

/** Asks for a container's log as a whole: what is cut off is never taken for its end, also where it is followed. */
export function logDownload(
  identity: Identity,
  place: LogPlace,
  range: LogRange,
  form: LogForm,
): UpstreamRequest {
  return {
    ...request(identity, place, range, form),
    mode: 'download',
    ...(form.follow ? { deadlineMs: NO_DEADLINE_MS } : {}),
  };
}

function request(
  identity: Identity,
  { namespace, pod, container }: LogPlace,
  range: LogRange,
  { follow, timestamps }: LogForm,
): UpstreamRequest {
  return {
    identity,
    method: 'GET',
    path: podPath(namespace, pod, 'log'),
    query: {
      container,
      follow: follow ? 'true' : undefined,
      previous: range.previous === true ? 'true' : undefined,
      sinceSeconds: textOf(range.sinceSeconds),
      sinceTime: range.sinceTime,
      tailLines: textOf(range.tailLines),
      limitBytes: textOf(range.limitBytes),
      timestamps: timestamps ? 'true' : undefined,
    },
    // `text/plain` alone is 406.
    accept: '*/*',
  };
}

function textOf(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
