import type { Clock } from '../api/clock.ts';

interface Timer {
  readonly due: number;
  readonly action: () => void;
  /** Set once the time has come to the present: the real clock's timer. */
  callOff?: () => void;
}

/**
 * A clock that begins in the past and can be wound forward, running what is due on the way. So the cluster's history is
 * lived through by the same controllers that run it later, and is there when the demo starts.
 *
 * Once it has reached the present it is the clock behind it.
 */
export class StoryClock implements Clock {
  readonly #present: Clock;
  readonly #timers = new Set<Timer>();
  #past: number | undefined;

  /** @param startedMs how long ago the story begins */
  constructor(present: Clock, startedMs: number) {
    this.#present = present;
    this.#past = present.now() - startedMs;
  }

  get isPast(): boolean {
    return this.#past !== undefined;
  }

  /** How far from the present it is. */
  get agoMs(): number {
    return this.#past === undefined ? 0 : Math.max(0, this.#present.now() - this.#past);
  }

  now(): number {
    return this.#past ?? this.#present.now();
  }

  after(delayMs: number, action: () => void): () => void {
    const timer: Timer = { due: this.now() + Math.max(0, delayMs), action };
    this.#timers.add(timer);
    if (!this.isPast) this.#arm(timer);
    return () => this.#callOff(timer);
  }

  /** Runs everything that is due until `agoMs` before the present. */
  windTo(agoMs: number): void {
    const target = this.#present.now() - agoMs;
    for (let timer = this.#next(target); timer !== undefined; timer = this.#next(target)) {
      this.#past = Math.max(this.now(), timer.due);
      this.#timers.delete(timer);
      timer.action();
    }
    this.#past = Math.max(this.now(), target);
  }

  /** Winds to now; from here on time passes by itself. */
  arrive(): void {
    // What is due just now already belongs to the present.
    this.windTo(1);
    this.#past = undefined;
    for (const timer of this.#timers) this.#arm(timer);
  }

  /** Calls off every timer. */
  stop(): void {
    for (const timer of this.#timers) this.#callOff(timer);
  }

  #next(target: number): Timer | undefined {
    let next: Timer | undefined;
    // Few timers: a heap would not pay. Of two that are due at once the older comes first, as with real timers.
    for (const timer of this.#timers)
      if (timer.due <= target && (next === undefined || timer.due < next.due)) next = timer;
    return next;
  }

  #arm(timer: Timer): void {
    timer.callOff = this.#present.after(Math.max(0, timer.due - this.#present.now()), () => {
      this.#timers.delete(timer);
      timer.action();
    });
  }

  #callOff(timer: Timer): void {
    this.#timers.delete(timer);
    timer.callOff?.();
  }
}
