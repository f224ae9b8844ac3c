import { Pool } from 'undici';
import { forEachConcurrently } from '../../test/cluster/concurrency.ts';

export interface Received {
  readonly bytes: number;
  /** When the first byte of the body came, by `performance.now()`. */
  readonly firstByteAt: number;
}

/** Sends operations to a GraphQL server and throws the answers away, but for what tells that they are errors. */
export class Client {
  readonly #pool: Pool;
  readonly #path: string;

  constructor(url: string) {
    const { origin, pathname } = new URL(url);
    // Bodies may take long: a list of 1 GB does.
    this.#pool = new Pool(origin, { connections: 16, bodyTimeout: 0, headersTimeout: 0 });
    this.#path = pathname;
  }

  /** Rejects for an answer with errors. */
  async post(document: string): Promise<Received> {
    const { statusCode, body } = await this.#send(document);
    let [bytes, firstByteAt, head, tail] = [0, 0, '', ''];
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (bytes === 0) {
        firstByteAt = performance.now();
        head = chunk.toString('utf8', 0, 300);
      }
      bytes += chunk.length;
      tail = chunk.subarray(-300).toString('utf8');
    }
    // Errors stand before the data or behind it.
    if (statusCode === 200 && !/"errors":\[/.test(head + tail)) return { bytes, firstByteAt };
    throw new Error(`${statusCode} ${head} … ${tail}`);
  }

  /** How many bytes came in all. */
  async postMany(document: string, operations: number, inFlight: number): Promise<number> {
    let sum = 0;
    await forEachConcurrently(Array.from({ length: operations }), inFlight, async () => {
      const { bytes } = await this.post(document);
      sum += bytes;
    });
    return sum;
  }

  async text(document: string): Promise<string> {
    return (await this.#send(document)).body.text();
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }

  #send(document: string): ReturnType<Pool['request']> {
    return this.#pool.request({
      method: 'POST',
      path: this.#path,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: document }),
    });
  }
}
