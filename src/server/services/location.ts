import { printable } from '../../cluster/printable.ts';
import type { Tunnel } from '../../cluster/raw.ts';
import { rawTarget } from '../../cluster/transport/raw/target.ts';
import { KubegraphError } from '../../errors/kubegraph-error.ts';
import type { ServicePath } from './service-path.ts';

/** All that leads to services; and what the target of a redirect may be, as a request's. */
export const THROUGH_PROXY: ReadonlySet<Tunnel> = new Set(['proxy']);

const MAX_SHOWN = 200;

/**
 * Where an answer's `Location` leads, in the gateway's words: a path below the service's place, and never anything else.
 *
 * The API server writes its own path before the service's where a redirect is absolute, also where it names a host that is the API
 * server's or the service's own. By which host, and behind which prefix, says nothing: a load balancer may have other ideas
 * of both than we do. So only what stands behind the service's place is taken from it.
 *
 * @param location as the API server has it; several are none.
 * @throws KubegraphError UPSTREAM_ERROR where it leads out of that place.
 */
export function mappedLocation(
  location: string | readonly string[],
  { place, upstreamPlace, path = '', query }: ServicePath,
): string {
  if (typeof location !== 'string') throw leadsOut(location.join(' '));
  const base = `http://api-server${upstreamPlace}${path}${query}`;
  // A browser's own reading: backslashes, line breaks and encoded dots do not get past it.
  const url = URL.canParse(location, base) ? new URL(location, base) : undefined;
  const start = url?.pathname.indexOf(upstreamPlace) ?? -1;
  if (url === undefined || start < 0 || !/^https?:$/.test(url.protocol)) throw leadsOut(location);
  const target = url.pathname.slice(start) + url.search;
  try {
    rawTarget('', target, THROUGH_PROXY);
  } catch {
    throw leadsOut(location);
  }
  return place + target.slice(upstreamPlace.length) + url.hash;
}

function leadsOut(location: string): KubegraphError {
  return new KubegraphError(
    'UPSTREAM_ERROR',
    `the service redirects to a place that is not its own: ${printable(location).slice(0, MAX_SHOWN)}`,
  );
}
