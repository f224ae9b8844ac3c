import type { IncomingMessage } from 'node:http';
import type { Identity } from '../../cluster/identity.ts';
import { KubegraphError } from '../../errors/kubegraph-error.ts';
import type { ExecTarget } from '../../exec/exec-target.ts';
import { EXEC_PROTOCOLS } from '../../exec/session.ts';
import { isObjectName } from '../../util/object-name.ts';
import { callerOf } from '../caller.ts';
import type { AuthMode } from '../options.ts';

/** What somebody wants to do in a container. */
export interface ExecRequest {
  readonly identity: Identity;
  readonly target: ExecTarget;
  /** Of those that the client offers, the ones that tell how a command ended. */
  readonly protocols: readonly string[];
}

const PATH = /^\/(exec|attach)\/([^/]+)\/([^/]+)$/;

/** As the API server takes them from browsers, which can set no other header on a WebSocket. */
const BEARER_PROTOCOL = 'base64url.bearer.authorization.k8s.io.';

/** Reads a request to be upgraded. Throws BAD_USER_INPUT, and UNAUTHENTICATED as `callerOf` does. */
export function readExecRequest(request: IncomingMessage, mode: AuthMode): ExecRequest {
  const offered = protocolsOf(request);
  const identity = callerOf(mode, request.headers.authorization ?? authorizationIn(offered));
  if (request.method !== 'GET' || request.headers.upgrade?.toLowerCase() !== 'websocket') {
    throw refuse('this is for WebSockets: SPDY, and requests that are not upgraded, are not served');
  }
  const protocols = EXEC_PROTOCOLS.filter((each) => offered.includes(each));
  if (protocols.length === 0) throw refuse(`offer the subprotocol ${EXEC_PROTOCOLS[0]}`);
  return { identity, target: targetOf(new URL(request.url ?? '', 'http://localhost')), protocols };
}

function targetOf({ pathname, searchParams }: URL): ExecTarget {
  const [, subresource, namespace = '', pod = ''] = PATH.exec(pathname) ?? [];
  if (!isObjectName(namespace) || !isObjectName(pod)) {
    throw refuse('the path is /exec/NAMESPACE/POD or /attach/NAMESPACE/POD');
  }
  const command = searchParams.getAll('command');
  // The program is the first of them; what it is given may be empty.
  if (subresource === 'exec' ? !command[0] : command.length > 0) {
    throw refuse(
      '"command" is given to exec, once for the program and once for each argument, and not to attach',
    );
  }
  for (const name of new Set(searchParams.keys())) {
    const isAlone = name === 'command' || searchParams.getAll(name).length === 1;
    if (!PARAMETERS.has(name) || !isAlone)
      throw refuse(`${JSON.stringify(name)} is no parameter, or is given twice`);
  }
  const tty = flagIn(searchParams, 'tty', false);
  return {
    namespace,
    pod,
    container: searchParams.get('container') ?? undefined,
    command: subresource === 'exec' ? command : undefined,
    stdin: flagIn(searchParams, 'stdin', false),
    stdout: flagIn(searchParams, 'stdout', true),
    stderr: flagIn(searchParams, 'stderr', !tty),
    tty,
  };
}

const PARAMETERS: ReadonlySet<string> = new Set(['command', 'container', 'stdin', 'stdout', 'stderr', 'tty']);

function flagIn(parameters: URLSearchParams, name: string, otherwise: boolean): boolean {
  const value = parameters.get(name);
  if (value === null) return otherwise;
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  throw refuse(`${JSON.stringify(name)} is true or false`);
}

function protocolsOf({ headers }: IncomingMessage): readonly string[] {
  return (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
}

function authorizationIn(protocols: readonly string[]): string | null {
  const encoded = protocols.find((protocol) => protocol.startsWith(BEARER_PROTOCOL));
  if (encoded === undefined) return null;
  return `Bearer ${Buffer.from(encoded.slice(BEARER_PROTOCOL.length), 'base64url').toString('latin1')}`;
}

function refuse(message: string): KubegraphError {
  return new KubegraphError('BAD_USER_INPUT', message);
}
