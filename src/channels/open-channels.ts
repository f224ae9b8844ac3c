import type { ClientRequest, IncomingHttpHeaders } from 'node:http';
import type { createConnection } from 'node:net';
import { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { Identity } from '../cluster/identity.ts';
import type { RawAnswer, RawUpgrade, RawUpgrader, Tunnel } from '../cluster/raw.ts';
import { errorFromAnswer } from '../errors/from-answer.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import { ChannelSocket, type Receive, receiveFrom } from './channel-socket.ts';

export interface ChannelsRequest {
  readonly identity: Identity;
  /** Path and query of a pod's subresource that is upgraded. */
  readonly target: string;
  /** The way into the pod that the target is. */
  readonly tunnel: Tunnel;
  /** Subprotocols, best first. */
  readonly protocols: readonly string[];
  /** Aborting it ends the connection at any time. */
  readonly signal?: AbortSignal | undefined;
}

/** No honest message is longer: the API server's and the kubelet's buffers have 32 KiB. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

/**
 * Opens a WebSocket to a pod, through the API server.
 *
 * Rejects with the error that the API server's answer describes, with UPSTREAM_ERROR where what answers does not speak the
 * protocol, and as `RawUpgrader.upgrade` does.
 *
 * @param receive gets what arrives, from the first byte on.
 */
export async function openChannels(
  upstream: RawUpgrader,
  request: ChannelsRequest,
  receive: Receive,
): Promise<ChannelSocket> {
  const { socket, handshake } = unconnected(request.protocols);
  try {
    receiveFrom(socket, receive);
    const upgrade = await upstream.upgrade({
      identity: request.identity,
      method: 'GET',
      target: request.target,
      headers: upgradeHeaders(handshake),
      tunnels: new Set([request.tunnel]),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    if (upgrade.kind === 'refused') throw await refusalOf(upgrade.answer);
    takeOver(handshake, upgrade);
    if (socket.readyState === socket.OPEN) return new ChannelSocket(socket);
    throw new KubegraphError('UPSTREAM_ERROR', 'what answered does not speak the WebSocket protocol');
  } catch (error) {
    socket.terminate();
    throw error;
  } finally {
    handshake.destroy();
  }
}

/**
 * A WebSocket that waits for the answer to its handshake.
 *
 * `ws` wants to make the connection itself. Its request is never sent: the way to the API server has credentials, proxies and
 * certificates of its own, and what it answers is handed to the request as Node would.
 */
function unconnected(protocols: readonly string[]): {
  readonly socket: WebSocket;
  readonly handshake: ClientRequest;
} {
  let handshake: ClientRequest | undefined;
  const socket = new WebSocket('ws://kubernetes', [...protocols], {
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
    // Typed as Node's own function; all that is asked of it is a stream.
    createConnection: (() => new Nowhere()) as unknown as typeof createConnection,
    finishRequest: (request) => (handshake = request),
  });
  // The end follows each error, and whoever has opened the socket sees that.
  socket.on('error', () => undefined);
  if (handshake === undefined) throw new Error('the WebSocket client has not made its request');
  return { socket, handshake };
}

class Nowhere extends Duplex {
  override _read(): void {}

  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done();
  }
}

function upgradeHeaders(handshake: ClientRequest): IncomingHttpHeaders {
  const { host: _, ...headers } = handshake.getHeaders();
  return headers as IncomingHttpHeaders;
}

function takeOver(
  handshake: ClientRequest,
  { headers, socket }: Extract<RawUpgrade, { kind: 'upgraded' }>,
): void {
  const nothingRead = Buffer.alloc(0);
  // What is about the connection has been read and taken out.
  handshake.emit('upgrade', { headers: { ...headers, upgrade: 'websocket' } }, socket, nothingRead);
}

async function refusalOf({ status, headers, body }: RawAnswer): Promise<KubegraphError> {
  // Without it the status has to say enough.
  const chunks = (await body.toArray().catch(() => [])) as Buffer[];
  const retryAfter = headers['retry-after'];
  const text = Buffer.concat(chunks).toString('utf8');
  return errorFromAnswer(status, text, typeof retryAfter === 'string' ? retryAfter : undefined);
}
