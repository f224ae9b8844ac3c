import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import type { Identity } from './identity.ts';

/** The ways through the API server into pods, nodes and services. What goes through them is none of its objects. */
export type Tunnel = 'attach' | 'exec' | 'portforward' | 'proxy';

/** A call that is passed on as its caller has written it, but for who makes it. */
export interface RawRequest {
  readonly identity: Identity;
  /** In upper case. */
  readonly method: 'DELETE' | 'GET' | 'HEAD' | 'OPTIONS' | 'PATCH' | 'POST' | 'PUT';
  /** Path and query as they stand in a request line: sent byte for byte, behind the server's own prefix. */
  readonly target: string;
  /** The caller's. Of these, those of a list of ours go on, never one that says who is calling. */
  readonly headers: IncomingHttpHeaders;
  readonly body?: Readable;
  /** Aborting it ends the call at any time, and an upgraded connection. */
  readonly signal?: AbortSignal;
  /** The tunnels that the target may lead through. Default: none. */
  readonly tunnels?: ReadonlySet<Tunnel>;
}

/** Header names are in lower case; cookies, and what is about one connection only, are left out. */
export type RawHeaders = Readonly<Record<string, string | string[]>>;

export interface RawAnswer {
  readonly status: number;
  readonly headers: RawHeaders;
  /** As it came: an encoding is not decoded. Whoever gets it reads it to the end or destroys it. */
  readonly body: Readable;
}

export type RawUpgrade =
  | { readonly kind: 'refused'; readonly answer: RawAnswer }
  /** What the server has sent behind its head comes first from `socket`. Whoever gets it destroys it. */
  | { readonly kind: 'upgraded'; readonly headers: RawHeaders; readonly socket: Duplex };

/**
 * The way to the API server for what is not ours to understand: its REST surface as kubectl uses it.
 *
 * Both resolve for every HTTP status, and reject as `Upstream.send` does. Nothing is sent twice, but for a GET of the API itself
 * whose connection has failed: once. Answers may last for ever; their heads have `DEADLINES.unaryMs`, from when the
 * request's body has been sent.
 */
export interface RawUpstream {
  forward(request: RawRequest): Promise<RawAnswer>;
  /**
   * Asks to go on in another protocol, which `headers.upgrade` names: WebSocket, or SPDY for older clients. The connection is
   * the call's own. A refusal's body is read up to 64 KB.
   */
  upgrade(request: RawRequest): Promise<RawUpgrade>;
}

/** The part of it that makes connections go on in another protocol. */
export type RawUpgrader = Pick<RawUpstream, 'upgrade'>;
