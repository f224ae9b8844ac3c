import { Lru } from '../../util/lru.ts';
import type { Payload } from '../subscription-answer.ts';
import type { LiveAnswer, LiveSelection } from './live-selection.ts';
import { type Entry, Order, type OrderTerm } from './order.ts';
import type { Step } from './sorted-list.ts';

/** Orders that one document is asked for in: a table's columns, either way. */
const MAX_ORDERS = 32;

/** What has come of a batch of changes. */
interface Patch {
  readonly steps: readonly Step[];
  readonly total: number;
  readonly hasNewTotal: boolean;
  readonly receivedAt: number | undefined;
}

/** Makes the payloads of a document's live query. Subscribers with the same document share what it makes of objects. */
export class LiveWriter {
  readonly #responseName: string;
  readonly #selection: LiveSelection;
  readonly #orders = new Lru<string, Order>({ maxWeight: MAX_ORDERS });

  constructor(responseName: string, selection: LiveSelection) {
    this.#responseName = responseName;
    this.#selection = selection;
  }

  /** Throws BAD_USER_INPUT for what is no path. */
  order(terms: readonly OrderTerm[]): Order {
    const name = JSON.stringify(terms);
    const order = this.#orders.get(name) ?? new Order(terms);
    this.#orders.set(name, order);
    return order;
  }

  /** Throws MalformedJson. */
  snapshot(items: readonly Entry[], total: number, receivedAt: number): Payload {
    return this.#payload({ type: 'SNAPSHOT', items, total }, receivedAt);
  }

  /** Undefined when it changes nothing that is selected. Throws MalformedJson. */
  patch({ steps, total, hasNewTotal, receivedAt }: Patch): Payload | undefined {
    const shown = steps.filter((step) => this.#selection.shows(step));
    if (shown.length === 0 && !(hasNewTotal && this.#selection.showsTotal)) return undefined;
    return this.#payload({ type: 'PATCH', steps: shown, total }, receivedAt);
  }

  #payload(answer: LiveAnswer, receivedAt: number | undefined): Payload {
    const head = Buffer.from(`{"data":{"${this.#responseName}":`);
    const json = Buffer.concat([head, this.#selection.write(answer), Buffer.from('}}')]);
    return { json, cursor: undefined, receivedAt };
  }
}
