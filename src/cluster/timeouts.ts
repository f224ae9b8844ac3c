/** How long the API server may take, in milliseconds. */
export const DEADLINES = {
  /** A `unary` call until its last byte, a `stream` call until its headers; retries and waits included. */
  unaryMs: 30_000,
  /** TCP, proxy and TLS handshake of one connection. */
  connectMs: 10_000,
  /** One run of a credential plugin. Plugins may open a browser, so it is longer than a call. */
  execMs: 60_000,
} as const;

/** How often, and how patiently, a call is repeated. All of it happens within the call's deadline. */
export const RETRIES = {
  /** The first one included. */
  maxAttempts: 4,
  /** A `Retry-After` beyond this is not waited for: the caller gets the answer and its number instead. */
  maxRetryAfterMs: 10_000,
  /** Without `Retry-After` the n-th wait is random between 0 and `baseMs * 2^n`, at most `capMs`. */
  baseMs: 100,
  capMs: 2_000,
} as const;

/** How long what was read from a file, or printed by a plugin, is trusted. */
export const FRESHNESS = {
  /** client-go: one minute with a leeway of ten seconds, made for projected service account tokens. */
  tokenFileMs: 50_000,
  /** client-go re-reads client certificates and certificate authorities every five minutes. */
  certificateFileMs: 5 * 60_000,
  /** A plugin's credential counts as expired this long before it is, or a tenth of its life if that is less. */
  execLeewayMs: 10_000,
  /** A credential that the API server refuses makes the plugin run again at most this often. */
  execRenewalMs: 10_000,
} as const;

/** Connections that nobody uses, and connections whose other end is gone. */
export const CONNECTIONS = {
  /** Below the idle limits of the API server (90 s) and of common load balancers (60 s), so that we close first. */
  idleMs: 30_000,
  /** `unary` connections per identity class; calls beyond it wait within their deadline. */
  maxUnary: 128,
  /** HTTP/2 streams on one connection; the API server's own limit is 100. */
  maxStreams: 100,
  /** HTTP/2 and TCP keep-alive probes. */
  pingMs: 15_000,
  /** An HTTP/2 connection that has not even answered pings for this long is dead. */
  silentMs: 40_000,
  /** An HTTP/2 connection that has had something to send and sent nothing for this long is dead. */
  stuckMs: 1_000,
} as const;
