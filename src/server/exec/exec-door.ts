import type { IncomingMessage } from 'node:http';
import { type Duplex, pipeline } from 'node:stream';
import type { RawUpgrade, RawUpstream } from '../../cluster/raw.ts';
import { KubegraphError } from '../../errors/kubegraph-error.ts';
import type { ReportDefect } from '../../execution/graphql-errors.ts';
import { audited } from '../../exec/audit.ts';
import { execPath } from '../../exec/exec-target.ts';
import { backgroundClock, type Clock } from '../../util/clock.ts';
import type { Log } from '../../util/log.ts';
import type { Door } from '../door.ts';
import { answerWithError } from '../error-answer.ts';
import type { AuthMode } from '../options.ts';
import { KEEP_NOTHING } from '../whole-answer.ts';
import { joinConnections, responseTo } from '../upgraded.ts';
import { type ExecRequest, readExecRequest } from './exec-request.ts';

/** How long a session may last, in milliseconds. */
export interface SessionLimits {
  /** Without a byte in either direction. */
  readonly idleMs: number;
  readonly totalMs: number;
}

const SESSION_LIMITS: SessionLimits = { idleMs: 10 * 60_000, totalMs: 4 * 60 * 60_000 };

export interface ExecDoorOptions {
  /** Undefined: everything is refused. */
  readonly upstream: RawUpstream | undefined;
  readonly mode: AuthMode;
  readonly log: Log;
  readonly report: ReportDefect;
  /** Default: 10 minutes idle, 4 hours in all. */
  readonly limits?: SessionLimits;
  /** That sessions are ended by. Default: the system's. */
  readonly clock?: Clock;
}

const EXEC_IS_OFF = 'this gateway runs no commands in pods: its operator can allow it, with --enable-exec';

/**
 * The way from WebSockets of clients into containers. What goes through is passed on byte for byte. Closing it ends all sessions.
 */
export function createExecDoor(options: ExecDoorOptions): Door {
  const { upstream, mode, log, report, limits = SESSION_LIMITS, clock = backgroundClock } = options;
  const sessions = new Set<Duplex>();
  const handle: Door['handle'] = (_, response) => {
    const why =
      upstream === undefined
        ? new KubegraphError('FORBIDDEN', EXEC_IS_OFF)
        : new KubegraphError('BAD_USER_INPUT', 'this is for WebSockets: ask for an upgrade');
    return Promise.resolve(answerWithError(response, why, report));
  };
  const upgrade: Door['upgrade'] = async (request, socket, head) => {
    const leaving = new AbortController();
    let forgetLimit: () => void = () => undefined;
    sessions.add(socket);
    socket.once('close', () => {
      sessions.delete(socket);
      forgetLimit();
      leaving.abort();
    });
    try {
      if (upstream === undefined) throw new KubegraphError('FORBIDDEN', EXEC_IS_OFF);
      const asked = readExecRequest(request, mode);
      const { identity, target } = asked;
      const way = audited(upstream, log, { identity, ...target });
      const answer = await way.upgrade(upstreamRequest(request, asked, leaving.signal));
      if (answer.kind === 'refused') return passOn(request, answer);
      joinConnections(request, head, answer);
      request.socket.setTimeout(limits.idleMs, () => socket.destroy());
      forgetLimit = clock.schedule(limits.totalMs, () => void socket.destroy());
    } catch (error) {
      answerWithError(responseTo(request), error, report, leaving.signal);
    }
  };
  const close = (): void => {
    for (const socket of sessions) socket.destroy();
  };
  return { handle, upgrade, close };
}

function upstreamRequest(
  { headers }: IncomingMessage,
  { identity, target, protocols }: ExecRequest,
  signal: AbortSignal,
): Parameters<RawUpstream['upgrade']>[0] {
  return {
    identity,
    method: 'GET',
    target: execPath(target),
    // The token that browsers send among the protocols is for the gateway only.
    headers: { ...headers, 'sec-websocket-protocol': protocols.join(', ') },
    tunnels: new Set([target.command === undefined ? 'attach' : 'exec']),
    signal,
  };
}

function passOn(request: IncomingMessage, { answer }: Extract<RawUpgrade, { kind: 'refused' }>): void {
  const { status, headers, body } = answer;
  const response = responseTo(request).writeHead(status, { ...headers, 'cache-control': KEEP_NOTHING });
  pipeline(body, response, () => undefined);
}
