import type { IncomingMessage } from 'node:http';
import type { RawUpstream } from '../../cluster/raw.ts';
import { callerOf } from '../caller.ts';
import type { Gateway } from '../gateway.ts';
import { RAW_PREFIX } from '../options.ts';
import { createProxyDoor, type ProxyDoor } from './door.ts';
import { createFilter, DEFAULT_FILTER } from './filter.ts';

/**
 * The API server's own surface beside GraphQL, for the caller that each request names. There is no way through it into pods, nodes
 * and services, whatever else the gateway may do.
 */
export function createRawDoor(
  upstream: RawUpstream,
  { report, options: { mode } }: Pick<Gateway, 'report' | 'options'>,
): ProxyDoor {
  const identityOf = ({ headers }: IncomingMessage) => callerOf(mode, headers.authorization ?? null);
  return createProxyDoor({
    upstream,
    identityOf,
    prefix: RAW_PREFIX,
    filter: createFilter(DEFAULT_FILTER),
    report,
  });
}
