import { Edition, weightOf } from './edition.ts';
import { LIVE_BOUNDS } from './live-bounds.ts';
import type { LiveWriter } from './live-writer.ts';
import type { Step } from './sorted-list.ts';

/** The end of a log, where changes of a list are put together to editions. */
export class EditionLog {
  readonly #writer: LiveWriter;
  #latest: Edition;
  /** Of the list as the latest edition has left it. */
  #total = 0;
  #steps: Step[] = [];
  #stepsWeight = 0;

  constructor(writer: LiveWriter) {
    this.#writer = writer;
    this.#latest = new Edition(writer, undefined, 0);
  }

  get latest(): Edition {
    return this.#latest;
  }

  /** Whether what has been added should be published before more is. */
  get isFull(): boolean {
    return this.#stepsWeight >= LIVE_BOUNDS.patch;
  }

  /** What follows is of another list. */
  restart(total: number): void {
    this.#total = total;
    this.#steps = [];
    this.#stepsWeight = 0;
  }

  add(steps: readonly Step[]): void {
    this.#steps.push(...steps);
    for (const step of steps) this.#stepsWeight += weightOf(step);
  }

  /** Makes an edition of what has been added. Answers false when that is nothing. */
  publish(total: number, receivedAt: number | undefined): boolean {
    const hasNewTotal = total !== this.#total;
    if (this.#steps.length === 0 && !hasNewTotal) return false;
    const patch = { steps: this.#steps, total, hasNewTotal, receivedAt };
    const edition = new Edition(this.#writer, patch, this.#latest.weight + this.#stepsWeight);
    this.#latest.next = edition;
    this.#latest = edition;
    this.restart(total);
    return true;
  }
}
