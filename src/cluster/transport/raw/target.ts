import { KubegraphError } from '../../../errors/kubegraph-error.ts';
import type { Tunnel } from '../../raw.ts';
import { checkPath, checkQuery, LEGAL, refuse, tunnelIn } from '../path.ts';

/** Behind this the path is a pod's, a node's or a service's own. */
const BEFORE_FOREIGN_PATH = /^\/api\/v1\/(?:namespaces\/[^/]+\/)?(?:pods|services|nodes)\/[^/]+\/proxy(?=\/)/;

const MAX_LENGTH = 64 * 1024;

/** `.` and `..` in any spelling, also between encoded slashes: not even a service's own path may leave its place. */
const DOTS = /(?:^|\/|%2f|%5c)(?:\.|%2e){1,2}(?:\/|%2f|%5c|$)/i;

/**
 * Path and query for the request line, byte for byte.
 *
 * @throws KubegraphError BAD_USER_INPUT for one that does not mean what it seems to, or leads through a tunnel that is closed.
 */
export function rawTarget(prefix: string, target: string, tunnels: ReadonlySet<Tunnel>): string {
  if (target.length > MAX_LENGTH) throw refuse('is too long');
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? '' : target.slice(mark + 1);
  checkQuery(query);
  const own = tunnels.has('proxy') ? BEFORE_FOREIGN_PATH.exec(path)?.[0] : undefined;
  checkPath(own ?? path, tunnels);
  if (own !== undefined) checkForeign(path.slice(own.length));
  return prefix + target;
}

/** A token, or two with a slash between them. */
const PROTOCOL = /^[A-Za-z0-9!#$%&'*+\-.^_`|~]+(?:\/[A-Za-z0-9!#$%&'*+\-.^_`|~]+)?$/;

/** A collection or an object, and nothing behind it. */
const WATCHED =
  /^\/(?:api\/v1|apis\/[^/]+\/[^/]+)(?:\/namespaces\/[^/]+\/[^/]+(?:\/[^/]+)?|\/(?!namespaces\/)[^/]+(?:\/[^/]+)?|\/namespaces(?:\/[^/]+)?)$/;

/**
 * Whether a connection may go on in another protocol. Beside the tunnels only what is read may: an aggregated API can make any of
 * its paths one, such as the console of a virtual machine.
 *
 * @throws KubegraphError BAD_USER_INPUT.
 */
export function checkUpgrade(target: string, protocol: string): void {
  if (!PROTOCOL.test(protocol)) throw new KubegraphError('BAD_USER_INPUT', 'no protocol to upgrade to');
  const { pathname, searchParams } = new URL(target, 'http://localhost');
  const isWatch = WATCHED.test(pathname) && ['1', 'true'].includes(searchParams.get('watch') ?? '');
  const isLog = /^\/api\/v1\/namespaces\/[^/]+\/pods\/[^/]+\/log$/.test(pathname);
  if (tunnelIn(pathname) === undefined && !isWatch && !isLog)
    throw refuse('is no watch and no log: nothing else goes on in another protocol');
}

function checkForeign(path: string): void {
  if (!LEGAL.test(path)) throw refuse('has characters that have to be percent-encoded');
  if (DOTS.test(path)) throw refuse('has a segment "." or ".."');
}
