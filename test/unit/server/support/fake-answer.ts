import type { Payload, SubscriptionAnswer } from '../../../../src/execution/subscription-answer.ts';

/** A subscription whose payloads are put in by the test. */
export class FakeAnswer implements SubscriptionAnswer {
  onReady: () => void = () => {};
  retryAfterMs: number | undefined;
  cursor: string | undefined;
  isClosed = false;
  /** Resolves when the reader closes it. */
  readonly closed: Promise<void>;
  #closed: () => void = () => {};
  #waiting: Payload[] = [];
  #isOver = false;

  constructor() {
    this.closed = new Promise((resolve) => (this.#closed = resolve));
  }

  push(...payloads: readonly Payload[]): void {
    this.#waiting.push(...payloads);
    this.onReady();
  }

  end(retryAfterMs?: number): void {
    this.retryAfterMs = retryAfterMs;
    this.#isOver = true;
    this.onReady();
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  take(): Payload | undefined {
    return this.#waiting.shift();
  }

  get isEnded(): boolean {
    return this.#isOver && this.#waiting.length === 0;
  }

  close(): void {
    this.#waiting = [];
    this.#isOver = true;
    this.isClosed = true;
    this.#closed();
  }
}

export function payloadOf(json: string, more: Partial<Payload> = {}): Payload {
  return { json: Buffer.from(json), cursor: undefined, receivedAt: undefined, ...more };
}
