import type { Payload } from '../subscription-answer.ts';
import type { LiveWriter, Patch } from './live-writer.ts';
import type { Step } from './sorted-list.ts';

/** One of the things that a reader is shown, and the way to those behind it. */
export interface Place {
  /** The next one, once there is one. */
  readonly next: Place | undefined;
  /** What patches weigh, from when the list was first followed up to here. */
  readonly weight: number;
  /** Undefined when there is nothing to show. Throws MalformedJson. */
  readonly payload: () => Payload | undefined;
}

/** What a step costs beside the objects in it. */
const STEP_OVERHEAD_BYTES = 300;

/** The bytes that somebody who has not read a step keeps alive. */
export function weightOf(step: Step): number {
  const before = step.op === 'UPDATE' ? step.before.object.length : 0;
  return STEP_OVERHEAD_BYTES + step.entry.object.length + before;
}

/**
 * What changes have done to a list, in a log that all of its readers share: each stands at one edition, and those that nobody
 * stands at or before are nobody's.
 */
export class Edition implements Place {
  next: Edition | undefined;
  readonly weight: number;
  readonly #writer: LiveWriter;
  /** Until the payload has been made of it: objects that have changed since are not kept for longer. */
  #patch: Patch | undefined;
  #payload: Payload | undefined;

  /** @param patch undefined: where a log begins. */
  constructor(writer: LiveWriter, patch: Patch | undefined, weight: number) {
    this.#writer = writer;
    this.#patch = patch;
    this.weight = weight;
  }

  payload(): Payload | undefined {
    if (this.#patch !== undefined) {
      this.#payload = this.#writer.patch(this.#patch);
      this.#patch = undefined;
    }
    return this.#payload;
  }
}
