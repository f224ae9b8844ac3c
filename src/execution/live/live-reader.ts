import type { EventReader } from '../event-reader.ts';
import type { PayloadSource } from '../payload-source.ts';
import type { Payload } from '../subscription-answer.ts';
import type { Place } from './edition.ts';
import { LIVE_BOUNDS } from './live-bounds.ts';
import type { LiveView, ViewReader } from './live-view.ts';

/**
 * One subscriber of a live query: the list as it is, then what changes in it. All that it has of its own is its place. Who is
 * too slow loses it, and begins with the list as it is then: a client who does not read needs nothing else.
 */
export class LiveReader implements PayloadSource, ViewReader {
  onReady: () => void = () => {};
  readonly #seat: EventReader;
  readonly #view: LiveView;
  /** What it has taken last; undefined when it has to begin. */
  #place: Place | undefined;
  /** Of all patches when it asked last. */
  #weight: number;
  /** Whether it has found nothing since it was told last. */
  #isAwaited = true;
  #failure: unknown;

  /** @param seat brings no events, only the end. */
  constructor(seat: EventReader, view: LiveView) {
    this.#seat = seat;
    this.#view = view;
    this.#weight = view.weight;
    seat.onReady = () => this.#leave();
    view.join(this);
  }

  get isDrained(): boolean {
    return this.#seat.isEnded;
  }

  get error(): unknown {
    return this.#failure ?? this.#seat.error;
  }

  take(): Payload | undefined {
    if (this.isDrained) return undefined;
    this.#weight = this.#view.weight;
    const payload = this.#next();
    this.#isAwaited = payload === undefined;
    return payload;
  }

  close(): void {
    this.onReady = () => {};
    this.#seat.close();
    this.#leave();
  }

  wake(): void {
    if (!this.#isAwaited) return;
    this.#tell();
  }

  letGo(): void {
    this.#place = undefined;
  }

  keepUp(weightBefore: number, weight: number): void {
    if (this.#place === undefined) return;
    const isStalled = weightBefore - this.#weight > LIVE_BOUNDS.untaken;
    if (isStalled || weight - this.#place.weight > LIVE_BOUNDS.behind) this.letGo();
  }

  fail(error: unknown): void {
    this.#failure = error;
    this.#seat.close();
    this.#leave();
  }

  #next(): Payload | undefined {
    this.#place ??= this.#view.beginning;
    for (let next = this.#place?.next; next !== undefined; next = next.next) {
      this.#place = next;
      const payload = next.payload();
      if (payload !== undefined) return payload;
    }
    return undefined;
  }

  #leave(): void {
    this.letGo();
    this.#view.leave(this);
    this.#tell();
  }

  #tell(): void {
    this.#isAwaited = false;
    try {
      this.onReady();
    } catch (error) {
      // Whoever throws ends alone: others are told behind it.
      this.onReady = () => {};
      this.fail(error);
    }
  }
}
