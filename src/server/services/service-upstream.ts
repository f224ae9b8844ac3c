import { Readable } from 'node:stream';
import type { RawAnswer, RawHeaders, RawRequest, RawUpstream } from '../../cluster/raw.ts';
import { SANDBOX } from '../sandbox.ts';
import { KEEP_NOTHING } from '../whole-answer.ts';
import { mappedLocation, THROUGH_PROXY } from './location.ts';
import { readServicePath, type ServicePath } from './service-path.ts';

/** What every answer of a service carries. Caching is the gateway's: who may see an answer is for the API server to say each time. */
export const SERVICE_HEADERS: Readonly<Record<string, string>> = {
  ...SANDBOX,
  'cache-control': KEEP_NOTHING,
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
};

/**
 * The way to services, through the API server's proxy, and to nothing else.
 *
 * Targets are `/NAMESPACE/SERVICE/PATH?QUERY`; without the slash behind SERVICE the answer is 308 to the one with it. Beside what
 * `upstream` does, both reject with BAD_USER_INPUT for what is no such path, and with UPSTREAM_ERROR for a redirect that leads out of
 * the service's place.
 */
export function serviceUpstream(upstream: RawUpstream): RawUpstream {
  return {
    forward: async (request) => {
      const service = readServicePath(request.target);
      if (service.path === undefined) return toItsPlace(service);
      const answer = await upstream.forward(requestOf(request, service));
      return sandboxed(answer, service);
    },
    upgrade: async (request) => {
      const service = readServicePath(request.target);
      if (service.path === undefined) return { kind: 'refused', answer: toItsPlace(service) };
      const upgrade = await upstream.upgrade(requestOf(request, service));
      if (upgrade.kind === 'refused') return { ...upgrade, answer: sandboxed(upgrade.answer, service) };
      return { ...upgrade, headers: headersOf(upgrade.headers, service, upgrade.socket) };
    },
  };
}

function requestOf(request: RawRequest, { upstreamPlace, path = '', query }: ServicePath): RawRequest {
  return { ...request, target: upstreamPlace + path + query, tunnels: THROUGH_PROXY };
}

/** Relative links of what is there would otherwise lead to other services. */
function toItsPlace({ place, query }: ServicePath): RawAnswer {
  const headers = { ...SERVICE_HEADERS, location: place + query, 'content-length': '0' };
  return { status: 308, headers, body: Readable.from([]) };
}

function sandboxed({ status, headers, body }: RawAnswer, service: ServicePath): RawAnswer {
  return { status, headers: headersOf(headers, service, body), body };
}

/** @param rest what comes behind these headers, which ends where they cannot be passed on. */
function headersOf(headers: RawHeaders, service: ServicePath, rest: Readable): RawHeaders {
  const { location } = headers;
  if (location === undefined) return { ...headers, ...SERVICE_HEADERS };
  try {
    return { ...headers, ...SERVICE_HEADERS, location: mappedLocation(location, service) };
  } catch (error) {
    // That it has been cut off is no news.
    rest.on('error', () => undefined).destroy();
    throw error;
  }
}
