import type { Payload } from '../execution/subscription-answer.ts';
import { Histogram } from '../util/histogram.ts';

export type Transport = 'sse' | 'websocket';

const MILLISECONDS = 1_000;

/** In seconds: a few where a delivery should be, and fewer on the way to those of readers who are late. */
const LATENCY_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30];

/** What is counted of subscriptions where they leave the gateway. */
export class Deliveries {
  /** Subscriptions that are being written now. */
  readonly open: Record<Transport, number> = { sse: 0, websocket: 0 };
  /** From the API server's event to its payload's way to a client, in seconds. */
  readonly latency: Readonly<Record<Transport, Histogram>> = {
    sse: new Histogram(LATENCY_BUCKETS),
    websocket: new Histogram(LATENCY_BUCKETS),
  };

  /**
   * To be called when a payload has been handed to a socket.
   *
   * @param since when its reader came: what happened before has not waited for it.
   */
  delivered(transport: Transport, { receivedAt }: Payload, since: number): void {
    if (receivedAt === undefined || receivedAt < since) return;
    this.latency[transport].observe((performance.now() - receivedAt) / MILLISECONDS);
  }
}
