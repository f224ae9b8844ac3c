import type { RawUpstream } from '../../cluster/raw.ts';
import type { ReportDefect } from '../../execution/graphql-errors.ts';
import { upgradingCallerOf } from '../caller.ts';
import type { Door } from '../door.ts';
import { type AuthMode, RAW_PREFIX } from '../options.ts';
import { SANDBOX, withHeaders } from '../sandbox.ts';
import { createProxyDoor } from './door.ts';
import { createFilter, DEFAULT_FILTER } from './filter.ts';

export interface RawDoorOptions {
  readonly upstream: RawUpstream;
  readonly mode: AuthMode;
  readonly report: ReportDefect;
}

/**
 * The API server's own surface beside GraphQL, for the caller that each request names. There is no way through it into pods, nodes
 * and services, whatever else the gateway may do. Pages do not run there, be they of an aggregated API or of a log: they would be
 * of the gateway's own origin.
 */
export function createRawDoor({ upstream, mode, report }: RawDoorOptions): Door {
  const door = createProxyDoor({
    upstream,
    identityOf: (request) => upgradingCallerOf(mode, request),
    prefix: RAW_PREFIX,
    filter: createFilter(DEFAULT_FILTER),
    report,
  });
  return withHeaders(door, SANDBOX);
}
