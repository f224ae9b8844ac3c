import type { UpstreamBody } from '../../../../src/cluster/upstream.ts';
import { KubegraphError } from '../../../../src/errors/kubegraph-error.ts';

/** A body that the test writes while it is being read. */
export class FakeBody implements UpstreamBody {
  readonly #chunks: Buffer[] = [];
  #isOver = false;
  #error: KubegraphError | undefined;
  #wake: () => void = () => {};

  get isOver(): boolean {
    return this.#isOver;
  }

  write(...chunks: (string | Buffer)[]): void {
    if (this.#isOver) return;
    this.#chunks.push(...chunks.map((chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk)));
    this.#wake();
  }

  /** A clean end. */
  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  /** The connection is gone. */
  cut(error = new KubegraphError('UPSTREAM_ERROR', 'the answer was cut')): void {
    if (this.#isOver) return;
    this.#error = error;
    this.end();
  }

  destroy(): void {
    this.#chunks.length = 0;
    this.end();
  }

  async whole(maxBytes: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of this) {
      length += chunk.length;
      if (length > maxBytes) throw new KubegraphError('RESULT_TOO_LARGE', 'more than may be read');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  /** Each chunk as it was written. */
  pieces(): this {
    return this;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void> {
    try {
      for (;;) {
        const chunk = this.#chunks.shift();
        if (chunk !== undefined) yield chunk;
        else if (this.#error !== undefined) throw this.#error;
        else if (this.#isOver) return;
        else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    } finally {
      this.destroy();
    }
  }
}
