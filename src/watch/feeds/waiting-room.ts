import type { Clock } from '../../util/clock.ts';
import type { Subscription } from '../subscription.ts';
import { CATCH_UP_MS } from '../timeouts.ts';
import { isOlder } from '../wire/resource-version.ts';

interface Entry {
  /** The subscriber has seen this much; undefined when it has seen nothing. */
  readonly atLeast: string | undefined;
  /** Whether the next list begins after the subscriber came, so that it is the truth, also if it is older. */
  hasOwnList: boolean;
}

export interface WaitingRoomOptions {
  readonly clock: Clock;
  /** Has the API server asked for a new list; answers false when one is under way already. */
  readonly askForList: () => boolean;
}

/**
 * Subscribers that a view cannot serve yet: because it is not there, or because it lags behind what they have seen, and
 * would take them back in time. A view that does not catch up is made anew.
 */
export class WaitingRoom {
  readonly #options: WaitingRoomOptions;
  readonly #entries = new Map<Subscription, Entry>();
  #cancel: (() => void) | undefined;

  constructor(options: WaitingRoomOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  get subscriptions(): Iterable<Subscription> {
    return this.#entries.keys();
  }

  /** @param position of the view; undefined when there is none yet. */
  add(subscription: Subscription, atLeast: string | undefined, position: string | undefined): void {
    this.#entries.set(subscription, { atLeast, hasOwnList: false });
    if (position !== undefined) this.#askIn(CATCH_UP_MS);
  }

  delete(subscription: Subscription): void {
    if (this.#entries.delete(subscription) && this.#entries.size === 0) this.#calm();
  }

  /** Those whom the view can serve, now that it is at `position`. They stay until they are deleted: somebody has to know of them. */
  ready(position: string, isNewList: boolean): readonly Subscription[] {
    const ready = Array.from(this.#entries)
      .filter(([, entry]) => isReady(entry, position, isNewList))
      .map(([subscription]) => subscription);
    // Not at once: whoever brings the list has to finish with it.
    if (this.#entries.size > ready.length && isNewList) {
      this.#calm();
      this.#askIn(0);
    }
    return ready;
  }

  #askIn(delayMs: number): void {
    this.#cancel ??= this.#options.clock.schedule(delayMs, () => this.#ask());
  }

  #ask(): void {
    this.#calm();
    if (!this.#options.askForList()) return;
    for (const entry of this.#entries.values()) entry.hasOwnList = true;
  }

  #calm(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}

function isReady({ atLeast, hasOwnList }: Entry, position: string, isNewList: boolean): boolean {
  return atLeast === undefined || !isOlder(position, atLeast) || (isNewList && hasOwnList);
}
