import type { Clock } from '../../util/clock.ts';
import {
  MIN_BOOKMARK_SILENCE_MS,
  STREAMING_LIST_MAX_MS,
  STREAMING_LIST_SILENCE_MS,
  WATCH_OVERRUN_MS,
} from '../timeouts.ts';

/** How often the usual distance between two bookmarks may pass in silence. */
const MISSED_BOOKMARKS = 3;

export interface WatchdogOptions {
  readonly clock: Clock;
  /** What the API server was asked to end the stream after. */
  readonly timeoutSeconds: number;
  /** Whether the stream starts with a streaming list. */
  readonly isList: boolean;
  /** The streaming list takes too long. */
  readonly onOverdue: () => void;
  /** The connection looks dead. */
  readonly onStalled: () => void;
}

/**
 * Notices that a stream has died without a word, as half-open connections do.
 *
 * A watch may be silent for as long as nothing changes. So it counts as dead only when it outlives its `timeoutSeconds`
 * by 5 s; or sooner, once two bookmarks have shown how often this server sends them, after three times that and at least
 * 150 s of silence. A streaming list has to say something every 30 s, and to be over after 5 min.
 */
export class Watchdog {
  readonly #options: WatchdogOptions;
  readonly #openedAt: number;
  #lastFrameAt: number;
  #lastBookmarkAt: number | undefined;
  #bookmarkSilenceMs = Number.POSITIVE_INFINITY;
  #isList: boolean;
  #cancel: () => void = () => {};

  constructor(options: WatchdogOptions) {
    this.#options = options;
    this.#openedAt = options.clock.now();
    this.#lastFrameAt = this.#openedAt;
    this.#isList = options.isList;
    this.#arm();
  }

  /** A frame has come. `listed`: the bookmark that ends a streaming list, which is not one of the regular ones. */
  frame(kind: 'change' | 'bookmark' | 'listed'): void {
    const now = this.#options.clock.now();
    this.#lastFrameAt = now;
    if (kind === 'change') return;
    if (kind === 'listed') this.#isList = false;
    else this.#bookmark(now);
    this.#arm();
  }

  stop(): void {
    this.#cancel();
  }

  #bookmark(now: number): void {
    if (this.#lastBookmarkAt !== undefined) {
      const usualMs = (now - this.#lastBookmarkAt) * MISSED_BOOKMARKS;
      const knownMs = Number.isFinite(this.#bookmarkSilenceMs)
        ? this.#bookmarkSilenceMs
        : MIN_BOOKMARK_SILENCE_MS;
      this.#bookmarkSilenceMs = Math.max(knownMs, usualMs);
    }
    this.#lastBookmarkAt = now;
  }

  #dueAt(): number {
    if (this.#isList) {
      return Math.min(this.#lastFrameAt + STREAMING_LIST_SILENCE_MS, this.#openedAt + STREAMING_LIST_MAX_MS);
    }
    const endsAt = this.#openedAt + this.#options.timeoutSeconds * 1000 + WATCH_OVERRUN_MS;
    return Math.min(this.#lastFrameAt + this.#bookmarkSilenceMs, endsAt);
  }

  /** Frames only push the moment back, so the timer looks again when it fires instead of being set for each of them. */
  #arm(): void {
    this.#cancel();
    const remainingMs = this.#dueAt() - this.#options.clock.now();
    this.#cancel = this.#options.clock.schedule(Math.max(0, remainingMs), () => this.#look());
  }

  #look(): void {
    if (this.#dueAt() > this.#options.clock.now()) this.#arm();
    else if (this.#isList) this.#options.onOverdue();
    else this.#options.onStalled();
  }
}
