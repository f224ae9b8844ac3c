import { KubegraphError } from '../../../../src/errors/kubegraph-error.ts';
import type { WatchEvent } from '../../../../src/watch/event.ts';
import type { Subscription } from '../../../../src/watch/subscription.ts';
import { flush } from './manual-clock.ts';
import { label } from './objects.ts';

/** Reads a subscription as fast as it can and keeps what came. */
export class Reader {
  readonly events: WatchEvent[] = [];
  readonly ended: Promise<void>;
  error: unknown;
  isEnded = false;

  constructor(subscription: AsyncIterable<WatchEvent>) {
    this.ended = this.#read(subscription);
  }

  /** What has come so far, as `ADDED a@1`. */
  async labels(): Promise<string[]> {
    await flush();
    return this.events.map(label);
  }

  get lastCursor(): string {
    const last = this.events.at(-1);
    if (last === undefined) throw new Error('nothing has been read yet');
    return last.cursor;
  }

  /** The cursor of the latest event with this label. */
  cursorOf(wanted: string): string {
    const event = this.events.findLast((candidate) => label(candidate) === wanted);
    if (event === undefined) throw new Error(`${wanted} has not been read`);
    return event.cursor;
  }

  /** The error that the subscription ended with. */
  async failure(): Promise<KubegraphError> {
    await this.ended;
    if (this.error instanceof KubegraphError) return this.error;
    throw new Error('the subscription did not end with a KubegraphError', { cause: this.error });
  }

  async #read(subscription: AsyncIterable<WatchEvent>): Promise<void> {
    try {
      for await (const event of subscription) this.events.push(event);
    } catch (error) {
      this.error = error;
    }
    this.isEnded = true;
  }
}

/** Reads exactly so many events, and leaves the subscription open. */
export async function take(subscription: AsyncIterator<WatchEvent>, count: number): Promise<WatchEvent[]> {
  const events: WatchEvent[] = [];
  while (events.length < count) {
    const result = await subscription.next();
    if (result.done === true) throw new Error(`the subscription ended after ${events.length} events`);
    events.push(result.value);
  }
  return events;
}

/** All that waits. */
export function takeAll(subscription: Subscription): WatchEvent[] {
  const events: WatchEvent[] = [];
  for (let event = subscription.take(); event !== undefined; event = subscription.take()) events.push(event);
  return events;
}

/** All that waits, as `ADDED a@1`. */
export function takeLabels(subscription: Subscription): string[] {
  return takeAll(subscription).map(label);
}
