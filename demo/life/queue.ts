import type { Clock } from '../api/clock.ts';
import type { Store } from '../storage/store.ts';
import type { Controller } from './controller.ts';

/** After so many steps others get their turn: requests must not wait for a busy controller. */
const STEPS_PER_TURN = 500;

interface Step {
  readonly controller: Controller;
  readonly key: string;
}

/**
 * Runs controllers, one step after the other. Changes only note what to look at: nothing is written while a change is
 * being told, so everyone sees changes in their order.
 */
export class Queue {
  readonly #clock: Clock;
  readonly #report: (error: unknown) => void;
  readonly #waiting = new Map<string, Step>();
  readonly #later = new Map<string, { readonly due: number; readonly callOff: () => void }>();
  readonly #unsubscribe: (() => void)[] = [];
  #isTurnPlanned = false;

  /** @param report is told of a controller's failures; the others go on */
  constructor(clock: Clock, report: (error: unknown) => void) {
    this.#clock = clock;
    this.#report = report;
  }

  run(controller: Controller, store: Store): void {
    for (const { resource, concerns } of controller.watches) {
      const off = store.onChange(resource.key, (change) => {
        for (const key of concerns(change)) this.add(controller, key, controller.batchMs);
      });
      this.#unsubscribe.push(off);
    }
  }

  /** Has `controller` look at `key`, in `delayMs` at the latest. */
  add(controller: Controller, key: string, delayMs = 0): void {
    const id = `${controller.name} ${key}`;
    if (delayMs > 0) {
      this.#addLater(id, { controller, key }, delayMs);
      return;
    }
    this.#waiting.set(id, { controller, key });
    this.#planTurn();
  }

  /** Does now what is to be done without delay. */
  settle(): void {
    while (this.#waiting.size > 0) this.#turn();
  }

  stop(): void {
    for (const off of this.#unsubscribe) off();
    for (const { callOff } of this.#later.values()) callOff();
    this.#later.clear();
    this.#waiting.clear();
  }

  #addLater(id: string, step: Step, delayMs: number): void {
    const due = this.#clock.now() + delayMs;
    const planned = this.#later.get(id);
    if (planned !== undefined && planned.due <= due) return;
    planned?.callOff();
    const callOff = this.#clock.after(delayMs, () => {
      this.#later.delete(id);
      this.add(step.controller, step.key);
    });
    this.#later.set(id, { due, callOff });
  }

  #planTurn(): void {
    if (this.#isTurnPlanned) return;
    this.#isTurnPlanned = true;
    this.#clock.after(0, () => {
      this.#isTurnPlanned = false;
      this.#turn();
    });
  }

  #turn(): void {
    let steps = 0;
    for (const [id, step] of this.#waiting) {
      if (++steps > STEPS_PER_TURN) {
        this.#planTurn();
        return;
      }
      this.#waiting.delete(id);
      this.#step(step);
    }
  }

  #step({ controller, key }: Step): void {
    try {
      const again = controller.reconcile(key);
      if (again !== undefined) this.add(controller, key, Math.max(1, again));
    } catch (error) {
      this.#report(error);
    }
  }
}
