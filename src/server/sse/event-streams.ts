import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SubscriptionAnswer } from '../../execution/subscription-answer.ts';
import type { Deliveries } from '../deliveries.ts';
import { Rounds } from '../rounds.ts';
import { EventStream } from './event-stream.ts';

/** Streams that have been silent for so long get a comment, in milliseconds: proxies take 30 s and more of silence. */
const KEEP_ALIVE_MS = 15_000;

/** The subscriptions that are answered with server-sent events. */
export class EventStreams {
  readonly #deliveries: Deliveries;
  readonly #rounds = new Rounds<EventStream>(KEEP_ALIVE_MS, (stream) => stream.keepAlive());

  constructor(deliveries: Deliveries) {
    this.#deliveries = deliveries;
  }

  /** Sends a subscription's payloads until it ends or the client leaves, and closes it then. */
  send(response: ServerResponse, answer: SubscriptionAnswer): void {
    const { socket } = response;
    if (response.destroyed || socket === null) return answer.close();
    forgetHeaders(response.req);
    const stream = new EventStream(socket, response, answer, this.#deliveries);
    this.#deliveries.open.sse++;
    this.#rounds.add(stream);
    response.once('close', () => {
      answer.close();
      this.#rounds.remove(stream);
      this.#deliveries.open.sse--;
    });
    stream.begin();
  }
}

/** They would be kept as long as the connection: a kilobyte of a browser's. */
function forgetHeaders(request: IncomingMessage): void {
  request.headers = {};
  request.rawHeaders = [];
}
