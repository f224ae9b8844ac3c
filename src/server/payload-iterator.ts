import type { Payload, SubscriptionAnswer } from '../execution/subscription-answer.ts';

const DONE = { done: true, value: undefined } as const;
const never = (): boolean => false;

export interface PayloadIteratorOptions {
  readonly answer: SubscriptionAnswer;
  /** Resolves when more can be sent; undefined when it can be already. */
  readonly room: () => Promise<void> | undefined;
  /**
   * Whether it stays open after the last payload until it is closed, because its connection goes and shall not be told more.
   * Default: never.
   */
  readonly lingers?: () => boolean;
  /** Called once, when there is nothing more to come. */
  readonly onEnd: () => void;
}

/** A subscription's payloads as an iterator: each is taken when somebody asks for it and can send it, and not before. */
export class PayloadIterator implements AsyncIterableIterator<Payload, undefined> {
  readonly #options: PayloadIteratorOptions;
  #wake: () => void = () => {};
  #isOver = false;

  constructor(options: PayloadIteratorOptions) {
    this.#options = options;
    options.answer.onReady = () => this.#wake();
  }

  async next(): Promise<IteratorResult<Payload, undefined>> {
    const { answer, room, lingers = never } = this.#options;
    for (let wait = room(); wait !== undefined; wait = room()) await wait;
    while (!this.#isOver) {
      const value = answer.take();
      if (value !== undefined) return { done: false, value };
      if (answer.isEnded && !lingers()) this.close();
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return DONE;
  }

  /** Ends the subscription at once. Whoever waits for its next payload learns that there is none. */
  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.answer.close();
    this.#options.onEnd();
    this.#wake();
  }

  return(): Promise<IteratorResult<Payload, undefined>> {
    this.close();
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
