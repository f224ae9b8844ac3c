import type { Socket } from 'node:net';
import { createSecureContext, type SecureContext, type SecureContextOptions, TLSSocket } from 'node:tls';
import type { buildConnector } from 'undici';
import type { ClientCertificate } from '../credentials/credential.ts';
import type { TlsSettings } from '../kubeconfig/target.ts';
import { CONNECTIONS, DEADLINES } from '../timeouts.ts';

/** The server speaks HTTP/1.1 only. undici would pipeline watches behind each other on such a connection. */
export class NotHttp2Error extends Error {
  override readonly name = 'NotHttp2Error';
}

/** What all connections of one set of agents share. Reading certificates once per connection would cost milliseconds each. */
export interface TlsOptions {
  readonly secureContext: SecureContext;
  readonly servername?: string;
  readonly rejectUnauthorized: boolean;
  readonly timeout: number;
  readonly keepAliveInitialDelay: number;
}

/**
 * @param authority PEM text; undefined for the authorities that Node trusts.
 * @param client the certificate that is shown to a server who asks; undefined for none.
 */
export function tlsOptions(
  tls: TlsSettings,
  authority: string | undefined,
  client: ClientCertificate | undefined,
): TlsOptions {
  // Go takes any certificate in the file as trusted, also an intermediate or the server's own.
  const context: SecureContextOptions & { allowPartialTrustChain: boolean } = {
    allowPartialTrustChain: true,
    ...(authority === undefined ? {} : { ca: authority }),
    ...(client === undefined ? {} : { cert: client.certificate, key: client.key.reveal() }),
  };
  return {
    secureContext: createSecureContext(context),
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
    rejectUnauthorized: !tls.insecureSkipVerify,
    ...TCP_OPTIONS,
  };
}

export const TCP_OPTIONS = {
  timeout: DEADLINES.connectMs,
  keepAliveInitialDelay: CONNECTIONS.pingMs,
} as const;

/** Refuses servers without HTTP/2, and ends connections that are dead and do not know it. */
export function http2Only(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    connect(options, (error, socket) => {
      if (error !== null) {
        callback(error, null);
      } else if (!isHttp2(socket)) {
        socket.destroy();
        callback(new NotHttp2Error('the server does not speak HTTP/2'), null);
      } else {
        endWhenSilent(socket);
        endWhenStuck(socket);
        callback(null, socket);
      }
    });
  };
}

function isHttp2(socket: Socket): socket is TLSSocket {
  return socket instanceof TLSSocket && socket.alpnProtocol === 'h2';
}

/**
 * undici sends pings but does not miss their answers. They arrive at least every `CONNECTIONS.pingMs` on a connection
 * that lives, so one that has received nothing for longer is dead, and its streams would wait for hours.
 */
function endWhenSilent(socket: TLSSocket): void {
  let { bytesRead } = socket;
  let heardAt = performance.now();
  const timer = setInterval(() => {
    if (socket.bytesRead !== bytesRead) {
      bytesRead = socket.bytesRead;
      heardAt = performance.now();
    } else if (performance.now() - heardAt > CONNECTIONS.silentMs) {
      endDead(socket, 'it does not answer HTTP/2 pings');
    }
  }, CONNECTIONS.pingMs / 3);
  timer.unref();
  socket.once('close', () => clearInterval(timer));
}

/**
 * When a server resets a connection while its last bytes are being read, the next write fails. Node tells nobody, takes that
 * write for still under way and reads nothing until it is over: it never learns of the reset, and keeps whatever it is given
 * from then on. A request has a few hundred bytes, which leave at once on a connection that lives.
 */
function endWhenStuck(socket: TLSSocket): void {
  let wasWaiting = false;
  let { bytesWritten } = socket;
  const look = (): void => {
    const isWaiting = unsentBytes(socket) > 0;
    // When more has been written since, it is not the same bytes that wait.
    if (isWaiting && wasWaiting && socket.bytesWritten === bytesWritten) {
      endDead(socket, 'it sends nothing any more');
    }
    wasWaiting = isWaiting;
    bytesWritten = socket.bytesWritten;
  };
  // A write counts as over one turn after it is. Two timers can run in the same turn, on a machine that has been busy.
  const timer = setInterval(() => setImmediate(look), CONNECTIONS.stuckMs);
  timer.unref();
  socket.once('close', () => clearInterval(timer));
}

/** What is encrypted and not yet sent. HTTP/2 writes past the socket, so that only its handle knows. */
function unsentBytes(socket: TLSSocket): number {
  // There is no public way. Where it is missing, unanswered pings still tell.
  const { _handle: handle } = socket as { _handle?: { readonly writeQueueSize?: number } | null };
  return handle?.writeQueueSize ?? 0;
}

function endDead(socket: TLSSocket, sign: string): void {
  socket.destroy(Object.assign(new Error(`the connection is dead: ${sign}`), { code: 'ECONNRESET' }));
}
