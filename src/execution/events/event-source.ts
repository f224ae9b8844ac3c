import type { KubegraphError } from '../../errors/kubegraph-error.ts';
import type { EventReader } from '../event-reader.ts';
import type { PayloadSource } from '../payload-source.ts';
import type { Payload } from '../subscription-answer.ts';
import type { EventWriter } from './event-writer.ts';

/** A payload for each event of a watch. */
export class EventSource implements PayloadSource {
  readonly #subscription: EventReader;
  readonly #writer: EventWriter;

  constructor(subscription: EventReader, writer: EventWriter) {
    this.#subscription = subscription;
    this.#writer = writer;
  }

  set onReady(action: () => void) {
    this.#subscription.onReady = action;
  }

  get cursor(): string | undefined {
    return this.#subscription.cursor;
  }

  get isDrained(): boolean {
    return this.#subscription.isEnded && this.#subscription.waiting === 0;
  }

  get error(): KubegraphError | undefined {
    return this.#subscription.error;
  }

  take(): Payload | undefined {
    const event = this.#subscription.take();
    return event === undefined ? undefined : this.#writer.payload(event);
  }

  close(): void {
    this.#subscription.close();
  }
}
