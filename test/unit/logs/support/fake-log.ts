import { KubegraphError } from '../../../../src/errors/kubegraph-error.ts';

/** A line, as a container has written it. */
export interface Written {
  /** RFC 3339. */
  readonly time: string;
  readonly text: string | Buffer;
}

/** How one answer goes wrong. */
export interface Cut {
  /** So many bytes come before. */
  readonly afterBytes: number;
  /** Whether it looks like the end, as a cut HTTP/2 stream can. */
  readonly isSilent: boolean;
}

/** The log of a container on a node, written by the test. */
export class FakeLog {
  /** The file of the present run, and that of the run before. */
  current: Written[] = [];
  previous: Written[] | undefined;
  /** One for each of the next answers that follow. */
  readonly cuts: Cut[] = [];
  /** The queries that have been asked. */
  readonly asked: Readonly<Record<string, string | undefined>>[] = [];
  /** What the next calls are refused with. */
  readonly refusals: KubegraphError[] = [];
  /** Bytes that have been handed out. */
  bytesRead = 0;
  #isRunning = true;
  #changed: () => void = () => {};

  write(...lines: readonly Written[]): void {
    this.current.push(...lines);
    this.#changed();
  }

  /** The container ends: whoever follows gets the rest. */
  end(): void {
    this.#isRunning = false;
    this.#changed();
  }

  /** It starts again, with an empty file. */
  restart(): void {
    this.end();
    this.previous = this.current;
    this.current = [];
    this.#isRunning = true;
    this.#changed();
  }

  async *read(
    query: Readonly<Record<string, string | undefined>>,
    signal: AbortSignal,
  ): AsyncGenerator<Buffer> {
    const isFollowed = query['follow'] === 'true';
    const cut = isFollowed ? this.cuts.shift() : undefined;
    let left = cut?.afterBytes ?? Infinity;
    for await (const chunk of this.#lines(query, isFollowed, signal)) {
      const part = chunk.subarray(0, Math.min(left, chunk.length));
      left -= part.length;
      this.bytesRead += part.length;
      if (part.length > 0) yield part;
      if (left > 0) continue;
      if (cut?.isSilent === true) return;
      throw new KubegraphError('UPSTREAM_ERROR', 'cut');
    }
  }

  async *#lines(
    { previous, sinceTime = '', tailLines }: Readonly<Record<string, string | undefined>>,
    isFollowed: boolean,
    signal: AbortSignal,
  ): AsyncGenerator<Buffer> {
    const file = previous === 'true' ? (this.previous ?? []) : this.current;
    let next = tailLines === undefined ? 0 : Math.max(0, file.length - Number(tailLines));
    for (;;) {
      // As the kubelet does: with seconds, and those of the second itself.
      for (; next < file.length; next += 1) {
        const line = file[next] as Written;
        if (line.time.slice(0, 19) >= sinceTime.slice(0, 19)) yield bytesOf(line);
      }
      if (signal.aborted) throw new KubegraphError('CANCELLED', 'nobody reads it');
      if (!isFollowed || !this.#isRunning || file !== this.current) return;
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }
}

function bytesOf({ time, text }: Written): Buffer {
  return Buffer.concat([Buffer.from(`${time} `), Buffer.from(text), Buffer.from('\n')]);
}
