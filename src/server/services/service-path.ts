import { KubegraphError } from '../../errors/kubegraph-error.ts';
import { isObjectName } from '../../util/object-name.ts';
import { SERVICES_PREFIX } from '../options.ts';

/** A service, as a request names it, and what is asked of it. */
export interface ServicePath {
  /** What stands before the service's own paths here: `/services/shop/web:http/`. */
  readonly place: string;
  /** The same at the API server: `/api/v1/namespaces/shop/services/web:http/proxy/`. */
  readonly upstreamPlace: string;
  /** The service's own path without its first slash; undefined where not even that is there. */
  readonly path: string | undefined;
  /** With its question mark; empty without one. */
  readonly query: string;
}

const PARTS = /^\/([^/?]*)\/([^/?]*)(?:\/([^?]*))?(\?.*)?$/;

/**
 * @param target what stands behind `/services`, byte for byte.
 * @throws KubegraphError BAD_USER_INPUT where that names no service. The service's own path is not looked at.
 */
export function readServicePath(target: string): ServicePath {
  const [, namespace = '', service = '', path, query = ''] = PARTS.exec(target) ?? [];
  if (!isObjectName(namespace) || !isService(service)) {
    throw new KubegraphError(
      'BAD_USER_INPUT',
      'the path is /services/NAMESPACE/SERVICE/…, where SERVICE is NAME, NAME:PORT or SCHEME:NAME:PORT',
    );
  }
  return {
    place: `${SERVICES_PREFIX}${namespace}/${service}/`,
    upstreamPlace: `/api/v1/namespaces/${namespace}/services/${service}/proxy/`,
    path,
    query,
  };
}

/** As the API server reads it: of two parts the second is the port, and `https:web` is the port `web` of a service `https`. */
function isService(text: string): boolean {
  const parts = text.split(':');
  if (parts.length > 3) return false;
  const [scheme, name, port] = parts.length === 3 ? parts : ['', ...parts];
  // With a scheme in front the port may be empty: the service's only one.
  const isPort = port === undefined || PORT.test(port) || (port === '' && parts.length === 3);
  return SCHEMES.has(scheme ?? '') && isObjectName(name ?? '') && isPort;
}

const SCHEMES: ReadonlySet<string> = new Set(['', 'http', 'https']);

/** A number, or a label of DNS. */
const PORT = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
