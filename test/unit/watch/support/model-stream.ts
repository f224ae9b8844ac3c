import type { FakeBody } from './fake-body.ts';
import { bookmark, errorFrame, GONE, listEnd } from './objects.ts';
import type { Random } from './random.ts';

/** An open watch of the model API server. */
export class ModelStream {
  readonly #body: FakeBody;
  readonly #random: Random;
  /** What is held back until the initial events are complete; undefined when they are. */
  #heldBack: string[] | undefined;
  #isHalfOpen = false;

  private constructor(body: FakeBody, random: Random, heldBack?: string[]) {
    this.#body = body;
    this.#random = random;
    this.#heldBack = heldBack;
  }

  /** A watch that starts with `frames`. */
  static watch(body: FakeBody, random: Random, frames: readonly string[]): ModelStream {
    const stream = new ModelStream(body, random);
    stream.publish(...frames);
    return stream;
  }

  /** A streaming list that has come halfway. */
  static list(body: FakeBody, random: Random, frames: readonly string[]): ModelStream {
    const half = random.below(frames.length + 1);
    const stream = new ModelStream(body, random, frames.slice(half));
    stream.#write(...frames.slice(0, half));
    return stream;
  }

  /** Whether something can still happen to it. */
  get isAlive(): boolean {
    return !this.#body.isOver && !this.#isHalfOpen;
  }

  publish(...frames: string[]): void {
    if (this.#heldBack === undefined) this.#write(...frames);
    else this.#heldBack.push(...frames);
  }

  /** Ends a streaming list, if one is under way. */
  completeList(position: number): void {
    if (this.#heldBack === undefined) return;
    this.#write(...this.#heldBack, listEnd(position));
    this.#heldBack = undefined;
  }

  /** Does what a stream may suffer; `latest` are the last changes. */
  suffer(position: number, latest: readonly string[]): void {
    this.#random.pick([
      () => this.#write(bookmark(this.#heldBack === undefined ? position : 1)),
      () => this.#write(bookmark(this.#heldBack === undefined ? position : 1)),
      () => this.#body.end(),
      () => this.#body.cut(),
      () => this.#breakOff(latest),
      () => this.#endWith(GONE),
      () => this.#endWith(errorFrame(500, 'InternalError')),
      () => this.#endWith(errorFrame(429, 'TooManyRequests', { retryAfterSeconds: 3 })),
      () => this.#repeat(latest),
      () => {
        this.#isHalfOpen = true;
      },
    ])();
  }

  /** Writes frames, in chunks that are cut anywhere. */
  #write(...frames: string[]): void {
    if (this.#isHalfOpen || frames.length === 0) return;
    const bytes = Buffer.from(frames.join(''));
    const cut = this.#random.below(bytes.length);
    this.#body.write(bytes.subarray(0, cut), bytes.subarray(cut));
  }

  #breakOff(latest: readonly string[]): void {
    const last = latest.at(-1) ?? bookmark(1);
    this.#write(last.slice(0, this.#random.below(last.length - 1)));
    this.#body.end();
  }

  #endWith(frame: string): void {
    this.#write(frame);
    this.#body.end();
  }

  #repeat(latest: readonly string[]): void {
    // A list that is under way has not sent these.
    if (this.#heldBack === undefined) this.#write(...latest);
  }
}
