import type { IncomingMessage } from 'node:http';
import type { RawUpstream } from '../../cluster/raw.ts';
import { KubegraphError } from '../../errors/kubegraph-error.ts';
import type { ReportDefect } from '../../execution/graphql-errors.ts';
import { upgradingCallerOf } from '../caller.ts';
import type { Door } from '../door.ts';
import { type AuthMode, SERVICES_PREFIX } from '../options.ts';
import { createProxyDoor } from '../proxy/door.ts';
import { withHeaders } from '../sandbox.ts';
import { SERVICE_HEADERS, serviceUpstream } from './service-upstream.ts';

export interface ServicesDoorOptions {
  readonly upstream: RawUpstream;
  readonly mode: AuthMode;
  readonly report: ReportDefect;
}

/** The APIs of the cluster's services, as the caller whom each request names. What fails is answered with a Status. */
export function createServicesDoor({ upstream, mode, report }: ServicesDoorOptions): Door {
  const door = createProxyDoor({
    upstream: serviceUpstream(upstream),
    identityOf: (request) => {
      if (mode === 'kubeconfig') refuseVisits(request);
      return upgradingCallerOf(mode, request);
    },
    prefix: SERVICES_PREFIX,
    filter: undefined,
    report,
  });
  return withHeaders(door, SERVICE_HEADERS);
}

/**
 * Throws FORBIDDEN for whatever another page makes a browser do, links that a person follows included: a GET of the API server
 * changes nothing, one of a service may.
 */
function refuseVisits({ headers }: IncomingMessage): void {
  const { 'sec-fetch-site': site = 'none' } = headers;
  if (site === 'none' || site === 'same-origin') return;
  throw new KubegraphError(
    'FORBIDDEN',
    'services are not asked for pages of other sites, nor by their links',
  );
}
