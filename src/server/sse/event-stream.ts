import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { SubscriptionAnswer } from '../../execution/subscription-answer.ts';
import type { Deliveries } from '../deliveries.ts';
import { BEGINNING, CHUNKED, type Framing, PLAIN } from './frames.ts';
import { EVENT_STREAM } from './head.ts';

/**
 * One subscription on its connection. What cannot be written waits in the subscription, where it is bounded, and never here.
 *
 * Payloads go to the socket itself, past the response: what the response would make of each is known already.
 */
export class EventStream {
  readonly #socket: Socket;
  readonly #response: ServerResponse;
  readonly #answer: SubscriptionAnswer;
  readonly #deliveries: Deliveries;
  #framing: Framing = CHUNKED;
  #isFull = false;
  #isSilent = true;
  /** The client's last one. */
  #id: string | undefined;
  readonly #since = performance.now();

  /** @param socket the response's. */
  constructor(socket: Socket, response: ServerResponse, answer: SubscriptionAnswer, deliveries: Deliveries) {
    this.#socket = socket;
    this.#response = response;
    this.#answer = answer;
    this.#deliveries = deliveries;
  }

  begin(): void {
    const response = this.#response;
    // Whoever comes back may have to go to another replica.
    response.shouldKeepAlive = false;
    response.writeHead(200, EVENT_STREAM);
    response.write(BEGINNING);
    this.#framing = response.chunkedEncoding ? CHUNKED : PLAIN;
    this.#answer.onReady = () => this.#write();
    this.#write();
  }

  /**
   * Says something to a client that has not heard anything since it was called last: also where it would resume now, lest
   * that be forgotten where nothing happens.
   */
  keepAlive(): void {
    if (this.#isSilent && !this.#isFull && this.#isOpen) this.#put(this.#signOfLife());
    this.#isSilent = true;
  }

  #signOfLife(): Buffer {
    const { cursor } = this.#answer;
    if (cursor === undefined || cursor === this.#id) return this.#framing.silence;
    this.#id = cursor;
    return this.#framing.position(cursor, this.#response.req.method === 'GET');
  }

  get #isOpen(): boolean {
    return this.#socket.writable && !this.#response.writableEnded;
  }

  #write(): void {
    if (this.#isFull || !this.#isOpen) return;
    // Whatever is there goes out in one write.
    this.#socket.cork();
    while (!this.#isFull) {
      const payload = this.#answer.take();
      if (payload === undefined) break;
      this.#put(this.#framing.next(payload));
      this.#id = payload.cursor ?? this.#id;
      this.#isSilent = false;
      this.#deliveries.delivered('sse', payload, this.#since);
    }
    if (this.#answer.isEnded) this.#end();
    this.#socket.uncork();
  }

  #put(frame: Buffer): void {
    if (this.#socket.write(frame)) return;
    this.#isFull = true;
    // A socket that takes everything at once drains before anything else can happen: others have a turn in between.
    this.#socket.once('drain', () => {
      setImmediate(() => {
        this.#isFull = false;
        this.#write();
      });
    });
  }

  #end(): void {
    this.#socket.write(this.#framing.ending(this.#answer.retryAfterMs));
    this.#response.end();
  }
}
