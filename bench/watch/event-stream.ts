import { connect, type Socket } from 'node:net';
import { FrameReader } from './frame-reader.ts';

/** A subscription over server-sent events, asked for with a POST on a connection of its own. */
export interface EventStreamRequest {
  readonly url: string;
  readonly document: string;
  /** Sent as `Last-Event-ID`. */
  readonly lastEventId?: string | undefined;
  /** The loopback address that it comes from: one has ports for some 28,000 connections to the same server. */
  readonly localAddress?: string;
}

export interface EventStreamHandlers {
  /** When the answer has begun. */
  readonly onOpen?: () => void;
  /** One event or comment, without the empty line behind it. Valid only during the call. */
  readonly onFrame: (frame: Buffer) => void;
  /** Once, when nothing comes any more, whoever ended it. */
  readonly onClose?: (error: Error | undefined) => void;
}

/**
 * All connections read into the same memory, one after the other: a buffer for each read would make the client cost more
 * than what it measures.
 */
const MEMORY = Buffer.allocUnsafe(256 * 1024);

/** Costs a client as little as can be: no HTTP library, no copies but of what a read has cut in two. */
export class EventStream {
  readonly #socket: Socket;
  readonly #reader: FrameReader;

  constructor(request: EventStreamRequest, handlers: EventStreamHandlers) {
    const { hostname, port, pathname } = new URL(request.url);
    const { localAddress } = request;
    this.#reader = new FrameReader(handlers.onFrame, handlers.onOpen);
    let failure: Error | undefined;
    this.#socket = connect({
      host: hostname,
      port: Number(port),
      ...(localAddress === undefined ? {} : { localAddress }),
      onread: {
        buffer: MEMORY,
        callback: (length) => {
          try {
            this.#reader.push(MEMORY.subarray(0, length));
          } catch (error) {
            this.#socket.destroy(error instanceof Error ? error : new Error(String(error)));
          }
          return true;
        },
      },
    });
    this.#socket.setNoDelay(true);
    this.#socket.once('error', (error) => (failure = error));
    this.#socket.once('close', () => handlers.onClose?.(failure));
    this.#socket.write(textOf(request, pathname, `${hostname}:${port}`));
  }

  /** Stops reading: what the server sends stays with the kernels, and then with the server. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Goes without a word. */
  destroy(): void {
    this.#socket.destroy();
  }
}

function textOf({ document, lastEventId }: EventStreamRequest, path: string, host: string): string {
  const body = JSON.stringify({ query: document });
  return [
    `POST ${path} HTTP/1.1`,
    `host: ${host}`,
    'accept: text/event-stream',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...(lastEventId === undefined ? [] : [`last-event-id: ${lastEventId}`]),
    '',
    body,
  ].join('\r\n');
}
