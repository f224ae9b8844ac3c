import type { IncomingMessage } from 'node:http';
import { KubegraphError } from '../../errors/kubegraph-error.ts';
import { isForeignFetch, isLoopbackHost } from '../guard.ts';
import type { Filter } from './filter.ts';

/**
 * Keeps web pages away from a proxy that lends the kubeconfig's rights to whoever reaches it.
 *
 * kubectl's proxy looks at `Host` alone, which stops pages whose name was rebound to this machine. Any other page can still
 * make a browser send it forms and open WebSockets; browsers say so in `Origin` and `Sec-Fetch-Site`.
 *
 * Throws FORBIDDEN.
 */
export function refuseStrangers(
  request: IncomingMessage,
  { acceptsHost }: Pick<Filter, 'acceptsHost'>,
): void {
  const { host: authority, origin } = request.headers;
  // Node keeps the first of several.
  const isOne = request.rawHeaders.filter((text, index) => index % 2 === 0 && isHost(text)).length === 1;
  const host = isOne ? hostOf(authority) : undefined;
  if (host === undefined || !acceptsHost(host)) throw refusal('its Host is none of --accept-hosts');
  if (origin !== undefined && !isOwnOrigin(origin, host, acceptsHost)) {
    throw refusal('it comes from a page of another site');
  }
  if (isForeignFetch(request)) throw refusal('a page of another site makes it');
}

function isHost(name: string): boolean {
  return name.toLowerCase() === 'host';
}

/** A page of this machine, or of the host that was asked: with `--accept-hosts=.*` every site would do. */
function isOwnOrigin(origin: string, asked: string, acceptsHost: Filter['acceptsHost']): boolean {
  const host = hostOf(/^https?:\/\/(.+)$/.exec(origin)?.[1]);
  if (host === undefined || !acceptsHost(host)) return false;
  return host === asked || isLoopbackHost(host.replace(/^\[(.*)\]$/, '$1'));
}

/** Without its port; undefined for what is none. */
function hostOf(authority: string | undefined): string | undefined {
  return /^(\[[0-9a-fA-F:.]+\]|[^\s:/?#@[\]\\]+)(?::\d{0,5})?$/.exec(authority ?? '')?.[1];
}

function refusal(why: string): KubegraphError {
  return new KubegraphError('FORBIDDEN', `the proxy refuses the request: ${why}`);
}
