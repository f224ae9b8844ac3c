import type { Identity } from './identity.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One call to the API server. */
export interface UpstreamRequest {
  readonly identity: Identity;
  readonly method: Method;
  /** Absolute path with its segments already percent-encoded, for example `/api/v1/namespaces/default/pods`. */
  readonly path: string;
  /** Query parameters; undefined ones are left out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Instead of `query`: the query as it is to be sent, without its question mark; empty for none. */
  readonly queryText?: string;
  /** Default `application/json`. */
  readonly accept?: string;
  readonly body?: { readonly contentType: string; readonly content: string | Uint8Array };
  /** Whether to ask for gzip, which the answer's `body` has then already decoded. Default false. */
  readonly compress?: boolean;
  /**
   * `unary` (default): HTTP/1.1 keep-alive, with a deadline for the whole answer. `download`: the same, but time in which
   * nobody waits for the body does not count: whoever reads it may be slow. `stream`: HTTP/2, a deadline for the headers
   * only; the body goes on for as long as both sides like. That of an answer outside 2xx has the deadline, too.
   */
  readonly mode?: 'unary' | 'download' | 'stream';
  /**
   * For `unary` until the last byte, for `stream` until the headers of a 2xx, for `download` until the headers and then
   * until each next chunk. Default `DEADLINES.unaryMs`.
   */
  readonly deadlineMs?: number;
  /** Aborting it cancels the call upstream, at any time. */
  readonly signal?: AbortSignal;
  /** Further request headers by lower-case name; only `if-none-match` is let through. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface UpstreamAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly etag: string | undefined;
  readonly retryAfter: string | undefined;
  /** The texts of `Warning: 299` headers, unescaped, in order. */
  readonly warnings: readonly string[];
  /** The decoded body. Whoever gets an answer reads it to the end or destroys it. */
  readonly body: UpstreamBody;
}

/** A body in chunks. Breaking out of the iteration closes it. */
export interface UpstreamBody extends AsyncIterable<Buffer> {
  /**
   * All of it, instead of iterating: less work where it is small. Rejects as iterating does, and with RESULT_TOO_LARGE beyond
   * `maxBytes`.
   */
  whole(maxBytes: number): Promise<Buffer>;
  /** As iterating, in pieces of at least so many bytes but for the last: less work for whoever has no use for a few. */
  pieces(leastBytes: number): AsyncIterable<Buffer>;
  /** Stops reading; what is left is thrown away. Safe to call at any time, also twice. */
  destroy(): void;
}

/**
 * The way to the API server.
 *
 * `send` resolves for every HTTP status. It rejects with a KubegraphError only: UNREACHABLE (no connection), TIMEOUT,
 * CANCELLED (the signal), UNAUTHENTICATED and CREDENTIALS_UNAVAILABLE (nothing to send with), BAD_USER_INPUT (a path that
 * does not mean what it seems to), READ_ONLY, OUTCOME_UNKNOWN (a write whose answer got lost), UPSTREAM_ERROR (not HTTP).
 * Iterating a body can reject with TIMEOUT, CANCELLED, or UPSTREAM_ERROR when it is cut. In `stream` mode a cut can look
 * like the end: whoever reads it must know by its content whether it was complete.
 */
export interface Upstream {
  send(request: UpstreamRequest): Promise<UpstreamAnswer>;
  close(): Promise<void>;
}
