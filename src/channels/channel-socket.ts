import type { RawData, WebSocket } from 'ws';
import { backgroundClock, type Clock } from '../util/clock.ts';

/** Takes what arrives: the number of a channel, and its bytes. */
export type Receive = (channel: number, data: Buffer) => void;

/** How a connection ended. */
export interface SocketEnd {
  /** Whether one of the two has said goodbye: the other end with code 1000, or `close` has been called here. */
  readonly isRegular: boolean;
}

const REGULAR = 1000;

/** A quiet connection is pinged this often, in milliseconds: shorter than what proxies on the way put up with. */
const PING_MS = 15_000;

/** Whoever has said nothing for so long, not even to pings, is gone, in milliseconds. */
const SILENT_MS = 60_000;

/** Several streams of bytes over one WebSocket: the first byte of each message is the number of its channel. */
export class ChannelSocket {
  /** The subprotocol that the server has chosen. */
  readonly protocol: string;
  /** Never rejects. */
  readonly ended: Promise<SocketEnd>;
  readonly #socket: WebSocket;
  #isClosing = false;

  /** @param clock that it is pinged by. Default: the system's. */
  constructor(socket: WebSocket, clock: Clock = backgroundClock) {
    this.#socket = socket;
    this.protocol = socket.protocol;
    this.ended = new Promise((resolve) => {
      socket.once('close', (code) => resolve({ isRegular: code === REGULAR || this.#isClosing }));
    });
    endWhenSilent(socket, clock);
  }

  /** Resolves when the bytes have been handed to the connection, which is how a fast sender is slowed; also when it has ended. */
  send(channel: number, data: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.readyState !== this.#socket.OPEN) return resolve();
      this.#socket.send(Buffer.concat([Buffer.of(channel), data]), () => resolve());
    });
  }

  /** Nothing is received until `resume`. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** What has been sent still leaves. */
  close(): void {
    this.#isClosing = true;
    this.#socket.close(REGULAR);
  }

  terminate(): void {
    this.#socket.terminate();
  }
}

/** Hands on what arrives at a socket that may not be open yet. Texts are not of the protocols with channels. */
export function receiveFrom(socket: WebSocket, receive: Receive): void {
  socket.on('message', (data: RawData, isBinary: boolean) => {
    // `ws` hands over Buffers unless it is told otherwise.
    const message = data as Buffer;
    const [channel] = message;
    if (isBinary && channel !== undefined) receive(channel, message.subarray(1));
  });
}

function endWhenSilent(socket: WebSocket, clock: Clock): void {
  let heardAt = clock.now();
  const hear = (): void => void (heardAt = clock.now());
  let stop: () => void = () => undefined;
  const look = (): void => {
    // Whoever does not read cannot hear.
    if (socket.isPaused) hear();
    if (clock.now() - heardAt > SILENT_MS) return socket.terminate();
    if (socket.readyState === socket.OPEN) socket.ping();
    stop = clock.schedule(PING_MS, look);
  };
  stop = clock.schedule(PING_MS, look);
  socket.on('pong', hear);
  socket.on('message', hear);
  socket.once('close', () => stop());
}
