import { isKubegraphError } from '../errors/kubegraph-error.ts';
import type { PayloadSource } from './payload-source.ts';
import type { Payload, SubscriptionAnswer } from './subscription-answer.ts';

/** A subscription's answer, made from what a watch delivers. */
export class WatchAnswer implements SubscriptionAnswer {
  onReady: () => void = () => {};
  readonly #source: PayloadSource;
  readonly #failure: (error: unknown) => Payload;
  /** Set once the failure has been taken, or the reader has left. */
  #isOver = false;
  #error: unknown;

  /** @param failure makes the last payload of what has ended the subscription. */
  constructor(source: PayloadSource, failure: (error: unknown) => Payload) {
    this.#source = source;
    this.#failure = failure;
    source.onReady = () => this.onReady();
  }

  get isEnded(): boolean {
    return this.#isOver || (this.#source.isDrained && this.#source.error === undefined);
  }

  get cursor(): string | undefined {
    return this.#source.cursor;
  }

  get retryAfterMs(): number | undefined {
    const error = this.#error ?? this.#source.error;
    const hint = isKubegraphError(error) ? error.extensions['retryAfterMs'] : undefined;
    return typeof hint === 'number' ? hint : undefined;
  }

  take(): Payload | undefined {
    if (this.#isOver) return undefined;
    try {
      const payload = this.#source.take();
      if (payload !== undefined || !this.#source.isDrained) return payload;
    } catch (error) {
      this.#source.close();
      return this.#end(error);
    }
    return this.#source.error === undefined ? undefined : this.#end(this.#source.error);
  }

  close(): void {
    this.#isOver = true;
    this.#source.close();
  }

  #end(error: unknown): Payload {
    this.#isOver = true;
    this.#error = error;
    return this.#failure(error);
  }
}
