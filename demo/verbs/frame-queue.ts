import type { WatchFrame } from './request.ts';

/** How many frames may wait for a slow reader. */
const MAX_WAITING = 1000;

/**
 * Frames on their way from the store, which does not wait, to a reader, who may be slow. A reader who falls too far behind
 * is cut off, as the real server does: it has to start again from the last frame it saw.
 */
export class FrameQueue {
  readonly #maxWaiting: number;
  #waiting: WatchFrame[] = [];
  #isEnded = false;
  #wake: (() => void) | undefined;

  constructor(maxWaiting = MAX_WAITING) {
    this.#maxWaiting = maxWaiting;
  }

  push(frame: WatchFrame): void {
    if (this.#isEnded) return;
    if (this.#waiting.length >= this.#maxWaiting) {
      this.end();
      return;
    }
    this.#waiting.push(frame);
    this.#wake?.();
  }

  /** Nothing comes any more. What waits is still read. */
  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Frames until the end; for one reader. */
  async *read(): AsyncGenerator<WatchFrame> {
    for (;;) {
      const frames = this.#waiting;
      this.#waiting = [];
      yield* frames;
      if (this.#waiting.length > 0) continue;
      if (this.#isEnded) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }
}
