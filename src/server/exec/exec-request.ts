import type { IncomingMessage } from 'node:http';
import type { Identity } from '../../cluster/identity.ts';
import type { ExecTarget } from '../../exec/exec-target.ts';
import { EXEC_PROTOCOLS } from '../../exec/session.ts';
import { isObjectName } from '../../util/object-name.ts';
import { upgradingCallerOf } from '../caller.ts';
import type { AuthMode } from '../options.ts';
import { badInput, checkParameters, flagIn } from '../query-parameters.ts';

/** What somebody wants to do in a container. */
export interface ExecRequest {
  readonly identity: Identity;
  readonly target: ExecTarget;
  /** Of those that the client offers, the ones that tell how a command ended. */
  readonly protocols: readonly string[];
}

const PATH = /^\/(exec|attach)\/([^/]+)\/([^/]+)$/;

/** Reads a request to be upgraded. Throws BAD_USER_INPUT, and UNAUTHENTICATED as `callerOf` does. */
export function readExecRequest(request: IncomingMessage, mode: AuthMode): ExecRequest {
  const identity = upgradingCallerOf(mode, request);
  if (request.method !== 'GET' || request.headers.upgrade?.toLowerCase() !== 'websocket') {
    throw badInput('this is for WebSockets: SPDY, and requests that are not upgraded, are not served');
  }
  const offered = protocolsOf(request);
  const protocols = EXEC_PROTOCOLS.filter((each) => offered.includes(each));
  if (protocols.length === 0) throw badInput(`offer the subprotocol ${EXEC_PROTOCOLS[0]}`);
  return { identity, target: targetOf(new URL(request.url ?? '', 'http://localhost')), protocols };
}

function targetOf({ pathname, searchParams }: URL): ExecTarget {
  const [, subresource, namespace = '', pod = ''] = PATH.exec(pathname) ?? [];
  if (!isObjectName(namespace) || !isObjectName(pod)) {
    throw badInput('the path is /exec/NAMESPACE/POD or /attach/NAMESPACE/POD');
  }
  const command = searchParams.getAll('command');
  // The program is the first of them; what it is given may be empty.
  if (subresource === 'exec' ? !command[0] : command.length > 0) {
    throw badInput(
      '"command" is given to exec, once for the program and once for each argument, and not to attach',
    );
  }
  checkParameters(searchParams, PARAMETERS, REPEATABLE);
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

const REPEATABLE: ReadonlySet<string> = new Set(['command']);

function protocolsOf({ headers }: IncomingMessage): readonly string[] {
  return (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
}
