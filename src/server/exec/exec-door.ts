import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { type Duplex, pipeline } from 'node:stream';
import type { RawUpgrade, RawUpstream } from '../../cluster/raw.ts';
import { KubegraphError } from '../../errors/kubegraph-error.ts';
import { type ReportDefect, requestError } from '../../execution/graphql-errors.ts';
import { auditSession } from '../../exec/audit.ts';
import { execPath } from '../../exec/exec-target.ts';
import { backgroundClock, type Clock } from '../../util/clock.ts';
import type { Log } from '../../util/log.ts';
import type { AuthMode } from '../options.ts';
import { KEEP_NOTHING } from '../whole-answer.ts';
import { joinConnections, responseTo } from '../upgraded.ts';
import { EXEC_IS_OFF } from './exec-path.ts';
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

/** The way from WebSockets of clients into containers. What goes through is passed on byte for byte. */
export interface ExecDoor {
  /** Takes over a connection that asks to be upgraded. Whether its page may ask has been looked at. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Ends all sessions. */
  readonly close: () => void;
}

export function createExecDoor(options: ExecDoorOptions): ExecDoor {
  const { upstream, mode, log, report, limits = SESSION_LIMITS, clock = backgroundClock } = options;
  const sessions = new Set<Duplex>();
  const upgrade = async (request: IncomingMessage, head: Buffer): Promise<void> => {
    const { socket } = request;
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
      const answer = await upstream.upgrade(upstreamRequest(request, asked, leaving.signal));
      if (answer.kind === 'refused') return passOn(request, answer);
      auditSession(log, { identity: asked.identity, ...asked.target });
      joinConnections(request, head, answer);
      socket.setTimeout(limits.idleMs, () => socket.destroy());
      forgetLimit = clock.schedule(limits.totalMs, () => void socket.destroy());
    } catch (error) {
      refuse(request, error, leaving.signal, report);
    }
  };
  const close = (): void => {
    for (const socket of sessions) socket.destroy();
  };
  return {
    upgrade: (request, socket, head) => {
      upgrade(request, head).catch((error: unknown) => {
        report(error);
        socket.destroy();
      });
    },
    close,
  };
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
  pipeline(answer.body, begin(request, answer.status, answer.headers), () => undefined);
}

function refuse(request: IncomingMessage, error: unknown, signal: AbortSignal, report: ReportDefect): void {
  const { message, extensions } = requestError(error, signal, report);
  const { http, ...shown } = extensions as { http?: { status: number } };
  const body = JSON.stringify({ errors: [{ message, extensions: shown }] });
  begin(request, http?.status ?? 500, { 'content-type': 'application/json; charset=utf-8' }).end(body);
}

function begin(request: IncomingMessage, status: number, headers: OutgoingHttpHeaders): ServerResponse {
  return responseTo(request).writeHead(status, { ...headers, 'cache-control': KEEP_NOTHING });
}
