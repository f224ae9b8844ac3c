/** Bytes that come from outside at any time, to be read in order until `end`. */
export class ByteQueue implements AsyncIterable<Buffer> {
  readonly #chunks: Buffer[] = [];
  #isEnded = false;
  #wake: () => void = () => undefined;

  push(chunk: Buffer): void {
    if (this.#isEnded) return;
    this.#chunks.push(chunk);
    this.#wake();
  }

  /** What has been pushed is still read. */
  end(): void {
    this.#isEnded = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    while (true) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) yield chunk;
      else if (this.#isEnded) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
