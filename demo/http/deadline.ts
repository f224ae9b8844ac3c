import type { Clock } from '../api/clock.ts';
import { badRequest, timedOut } from './refusals.ts';
import type { RequestInfo } from './request-info.ts';

/** For all requests that are to come to an end. */
const REQUEST_MS = 60_000;

/** For writes, whose handlers give up earlier than the server does. */
const WRITE_MS = 34_000;

const WRITES = new Set(['create', 'update', 'patch', 'delete']);

/**
 * How long a request may take, in milliseconds; undefined for those that are meant to go on.
 *
 * @throws ApiError 400 for a `timeout` that is no duration.
 */
export function deadlineOf(info: RequestInfo, query: URLSearchParams): number | undefined {
  if (isLongRunning(info)) return undefined;
  const own = WRITES.has(info.verb) ? WRITE_MS : REQUEST_MS;
  const asked = query.get('timeout') ?? '';
  if (asked === '') return own;
  const ms = durationMs(asked);
  if (ms === undefined) {
    throw badRequest(`invalid timeout specified in the request URL - time: invalid duration "${asked}"`);
  }
  return ms > 0 ? Math.min(ms, own) : own;
}

const STREAMS = new Set(['log', 'exec', 'attach', 'portforward', 'proxy']);

function isLongRunning(info: RequestInfo): boolean {
  return info.kind === 'resource' && (info.verb === 'watch' || STREAMS.has(info.subresource));
}

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** A duration in Go's notation, such as `1m30s`. */
function durationMs(text: string): number | undefined {
  if (text === '0') return 0;
  if (!/^(?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)/g)];
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit ?? ''] ?? 0), 0);
}

/**
 * The result of `work`, unless it takes longer than `ms`: then `work` is told so and what it does is no longer awaited.
 *
 * @throws ApiError 504.
 */
export async function within<T>(
  clock: Clock,
  ms: number | undefined,
  giveUp: () => void,
  work: Promise<T>,
): Promise<T> {
  if (ms === undefined) return work;
  let cancel = (): void => undefined;
  const late = new Promise<never>((_, reject) => {
    cancel = clock.after(ms, () => {
      giveUp();
      reject(timedOut());
    });
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    cancel();
  }
}
