import { KubegraphError } from '../../errors/kubegraph-error.ts';
import type { Tunnel } from '../raw.ts';

/** Slashes and the characters that RFC 3986 allows in a path segment. */
export const LEGAL = /^\/(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*$/;

/** Printable ASCII without `#`. */
const QUERY = /^[!"$-~]*$/;

/**
 * Segments that would leave their place: `.` and `..` in any spelling, and encoded slashes, which the API server reads
 * as slashes when it decides on resource and verb.
 */
const WANDERING = /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)|%2f|%5c|%00/i;

/** Ways into pods, nodes and services instead of the API: they carry no objects, and reach what no RBAC rule describes. */
const TUNNEL =
  /^\/api\/v1\/(?:namespaces\/[^/]+\/)?(?:(?:pods|services|nodes)\/[^/]+\/(proxy)|pods\/[^/]+\/(exec|attach|portforward))(?:\/|$)/;
const OLD_TUNNEL = /^\/api\/v1\/(?:proxy|redirect)(?:\/|$)/;

const NO_TUNNELS: ReadonlySet<Tunnel> = new Set();

/**
 * Path and query for the request line.
 *
 * @throws KubegraphError BAD_USER_INPUT for a path that does not mean what it seems to.
 */
export function requestTarget(
  prefix: string,
  path: string,
  query: Readonly<Record<string, string | undefined>> = {},
  queryText?: string,
): string {
  checkPath(path);
  if (queryText !== undefined) {
    checkQuery(queryText);
    return queryText === '' ? `${prefix}${path}` : `${prefix}${path}?${queryText}`;
  }
  let parameters: URLSearchParams | undefined;
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    parameters ??= new URLSearchParams();
    parameters.append(name, value);
  }
  return parameters === undefined ? `${prefix}${path}` : `${prefix}${path}?${parameters.toString()}`;
}

/** @throws KubegraphError BAD_USER_INPUT. @param tunnels those that it may lead through. */
export function checkPath(path: string, tunnels: ReadonlySet<Tunnel> = NO_TUNNELS): void {
  if (!LEGAL.test(path))
    throw refuse('must start with "/", and every character must be legal in a path or percent-encoded');
  if (WANDERING.test(path)) throw refuse('has a segment "." or "..", or an encoded slash');
  if (path.includes('//')) throw refuse('has an empty segment: a name is missing');
  // `DELETE …/pods/` deletes all pods: an empty name must not become the collection.
  if (/^\/apis?\/.*\/$/.test(path)) throw refuse('ends with "/": a name is missing');
  const tunnel = tunnelIn(path);
  if ((tunnel !== undefined && !tunnels.has(tunnel)) || OLD_TUNNEL.test(decoded(path))) {
    throw refuse(
      'is a tunnel into a pod, node or service (exec, attach, portforward, proxy), which is not open here',
    );
  }
}

/** @throws KubegraphError BAD_USER_INPUT. @param query without its question mark. */
export function checkQuery(query: string): void {
  if (!QUERY.test(query)) throw refuse('has a query with characters that must be percent-encoded');
}

/** The tunnel that a path leads through. */
export function tunnelIn(path: string): Tunnel | undefined {
  const [, proxy, other] = TUNNEL.exec(decoded(path)) ?? [];
  return (proxy ?? other) as Tunnel | undefined;
}

/** The API server decodes before it decides what is meant: `%70roxy` is `proxy`. */
function decoded(path: string): string {
  return path.replace(/%([2-7][0-9A-Fa-f])/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

export function refuse(problem: string): KubegraphError {
  return new KubegraphError('BAD_USER_INPUT', `the path ${problem}`);
}
