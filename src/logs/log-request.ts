import type { Identity } from '../cluster/identity.ts';
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
  { namespace, pod, container }: LogPlace,
  range: LogRange,
  follow: boolean,
): UpstreamRequest {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`;
  return {
    identity,
    method: 'GET',
    path,
    query: {
      container,
      follow: follow ? 'true' : undefined,
      previous: range.previous === true ? 'true' : undefined,
      sinceSeconds: textOf(range.sinceSeconds),
      sinceTime: range.sinceTime,
      tailLines: textOf(range.tailLines),
      limitBytes: textOf(range.limitBytes),
      timestamps: 'true',
    },
    // `text/plain` alone is 406.
    accept: '*/*',
    // A cut HTTP/2 stream can look like its end, which only those may take for one who would go on anyway.
    ...(follow ? { mode: 'stream', deadlineMs: NO_DEADLINE_MS } : { mode: 'download' }),
  };
}

function textOf(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
