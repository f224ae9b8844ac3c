import type { KubegraphError } from '../../errors/kubegraph-error.ts';
import type { WatchEvent } from '../../watch/event.ts';
import { Batches, type BatchOptions } from '../batches.ts';
import type { EventReader } from '../event-reader.ts';
import { MAX_PAYLOAD_BYTES, type PayloadSource } from '../payload-source.ts';
import type { Payload } from '../subscription-answer.ts';
import type { EventWriter } from './event-writer.ts';

/** A payload for many events of a watch: what `batchMs` and `snapshotPageSize` ask for. */
export class BatchSource implements PayloadSource {
  readonly #batches: Batches;
  readonly #writer: EventWriter;

  constructor(subscription: EventReader, writer: EventWriter, options: Omit<BatchOptions, 'weight'>) {
    const weight = { max: MAX_PAYLOAD_BYTES, of: (event: WatchEvent) => writer.bytesInBatch(event) };
    this.#batches = new Batches(subscription, { ...options, weight });
    this.#writer = writer;
  }

  set onReady(action: () => void) {
    this.#batches.onReady = action;
  }

  get cursor(): string | undefined {
    return this.#batches.cursor;
  }

  get isDrained(): boolean {
    return this.#batches.isDrained;
  }

  get error(): KubegraphError | undefined {
    return this.#batches.error;
  }

  take(): Payload | undefined {
    const events = this.#batches.take();
    return events === undefined ? undefined : this.#writer.batch(events);
  }

  close(): void {
    this.#batches.close();
  }
}
