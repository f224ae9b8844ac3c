import type { KubegraphError } from '../../errors/kubegraph-error.ts';
import { Batches, type BatchOptions } from '../batches.ts';
import type { EventReader } from '../event-reader.ts';
import type { PayloadSource } from '../payload-source.ts';
import type { Payload } from '../subscription-answer.ts';
import type { EventWriter } from './event-writer.ts';

/** A payload for many events of a watch: what `batchMs` and `snapshotPageSize` ask for. */
export class BatchSource implements PayloadSource {
  readonly #subscription: EventReader;
  readonly #batches: Batches;
  readonly #writer: EventWriter;

  constructor(subscription: EventReader, writer: EventWriter, options: BatchOptions) {
    this.#subscription = subscription;
    this.#batches = new Batches(subscription, options);
    this.#writer = writer;
  }

  set onReady(action: () => void) {
    this.#batches.onReady = action;
  }

  get isDrained(): boolean {
    return this.#batches.isDrained;
  }

  get error(): KubegraphError | undefined {
    return this.#subscription.error;
  }

  take(): Payload | undefined {
    const events = this.#batches.take();
    return events === undefined ? undefined : this.#writer.batch(events);
  }

  close(): void {
    this.#batches.close();
  }
}
