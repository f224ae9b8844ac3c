import type { FakeBody } from './fake-body.ts';
import { bookmark, errorFrame, GONE, listEnd } from './objects.ts';
import type { Random } from './random.ts';

/** An open watch of the model API server. */
export class ModelStream {
  readonly #body: FakeBody;
  readonly #random: Random;
  /** Whether the end bookmark of a streaming list is still to come, and may come at all. */
  #list: 'none' | 'pending' | 'never';
  #isSilent = false;

  constructor(body: FakeBody, random: Random, list: 'none' | 'pending' | 'never') {
    this.#body = body;
    this.#random = random;
    this.#list = list;
  }

  get isOver(): boolean {
    return this.#body.isOver;
  }

  /** Writes frames, in chunks that are cut anywhere. */
  write(...frames: string[]): void {
    if (this.#isSilent || frames.length === 0) return;
    const bytes = Buffer.from(frames.join(''));
    const cut = this.#random.below(bytes.length);
    this.#body.write(bytes.subarray(0, cut), bytes.subarray(cut));
  }

  /** Ends a streaming list, if one is under way. */
  completeList(position: number): void {
    if (this.#list !== 'pending') return;
    this.#list = 'none';
    this.write(listEnd(position));
  }

  /** Does what a stream may suffer; `latest` are the last frames that it may have sent. */
  suffer(position: number, latest: readonly string[]): void {
    this.#random.pick([
      () => this.write(bookmark(position)),
      () => this.write(bookmark(position)),
      () => this.#body.end(),
      () => this.#body.cut(),
      () => this.#breakOff(latest),
      () => this.#endWith(GONE),
      () => this.#endWith(errorFrame(500, 'InternalError')),
      () => this.#endWith(errorFrame(429, 'TooManyRequests', { retryAfterSeconds: 3 })),
      () => this.#repeat(latest),
      () => {
        // Half-open: it looks alive and says nothing more.
        this.#isSilent = true;
      },
    ])();
  }

  #breakOff(latest: readonly string[]): void {
    const last = latest.at(-1) ?? bookmark(1);
    this.write(last.slice(0, this.#random.below(last.length - 1)));
    this.#body.end();
  }

  #endWith(frame: string): void {
    this.write(frame);
    this.#body.end();
  }

  #repeat(latest: readonly string[]): void {
    // Initial events come once, and a list that is under way has not sent these.
    if (this.#list === 'none') this.write(...latest);
  }
}
