import { BriefMemory } from '../../util/brief-memory.ts';
import { Lru } from '../../util/lru.ts';
import { SHARED_MS } from '../shared-briefly.ts';
import type { Payload } from '../subscription-answer.ts';
import { LIVE_BOUNDS } from './live-bounds.ts';
import type { LiveAnswer, LiveSelection } from './live-selection.ts';
import type { LiveView } from './live-view.ts';
import { type Entry, Order, type OrderTerm } from './order.ts';
import type { Step } from './sorted-list.ts';

/** Orders that one document is asked for in: a table's columns, either way. */
const MAX_ORDERS = 32;

/** What has come of changes. */
export interface Patch {
  readonly steps: readonly Step[];
  readonly total: number;
  readonly hasNewTotal: boolean;
  readonly receivedAt: number | undefined;
}

/** A part of a list. */
interface PageContent {
  /** The index of the first item in the list. */
  readonly from: number;
  readonly items: readonly Entry[];
  /** Of the whole list. */
  readonly total: number;
}

/** Makes the payloads of a document's live query. Subscribers with the same document share what it makes of objects. */
export class LiveWriter {
  readonly #responseName: string;
  readonly #selection: LiveSelection;
  readonly #orders = new Lru<string, Order>({ maxWeight: MAX_ORDERS });
  /** As long as somebody reads them. */
  readonly #views = new Map<string, LiveView>();
  readonly #pages = new BriefMemory<object, Payload>(SHARED_MS);

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

  /**
   * What is followed with this document, one for all who follow the same.
   *
   * @param make to be joined at once.
   */
  view(key: string, make: (onUnread: () => void) => LiveView): LiveView {
    const known = this.#views.get(key);
    if (known !== undefined) return known;
    const view = make(() => {
      // By then another one may have its place.
      if (this.#views.get(key) === view) this.#views.delete(key);
    });
    this.#views.set(key, view);
    return view;
  }

  /** Where the page ends that begins at `from`: behind one item at least, if there is any. Throws MalformedJson. */
  endOfPage(items: readonly Entry[], from: number): number {
    if (!this.#selection.canDivide) return items.length;
    let bytes = 0;
    let end = from;
    while (end < items.length && bytes <= LIVE_BOUNDS.page) {
      bytes += this.#selection.bytesOf(items[end] as Entry, from === 0 ? 'items' : 'patches');
      end++;
    }
    return end;
  }

  /**
   * The first page is a SNAPSHOT, those behind it are patches that put the rest in. Throws MalformedJson.
   *
   * @param key what the payload is shared by, for a while.
   */
  page(key: object, { from, items, total }: PageContent): Payload {
    const known = this.#pages.get(key);
    if (known !== undefined) return known;
    const made = this.#payload(
      from === 0
        ? { type: 'SNAPSHOT', items, total }
        : { type: 'PATCH', steps: items.map((entry, at) => insert(entry, from + at)), total },
    );
    this.#pages.set(key, made);
    return made;
  }

  /** Undefined when it changes nothing that is selected. Throws MalformedJson. */
  patch({ steps, total, hasNewTotal, receivedAt }: Patch): Payload | undefined {
    const shown = steps.filter((step) => this.#selection.shows(step));
    if (shown.length === 0 && !(hasNewTotal && this.#selection.showsTotal)) return undefined;
    return this.#payload({ type: 'PATCH', steps: shown, total }, receivedAt);
  }

  #payload(answer: LiveAnswer, receivedAt?: number): Payload {
    const head = Buffer.from(`{"data":{"${this.#responseName}":`);
    const json = Buffer.concat([head, this.#selection.write(answer), Buffer.from('}}')]);
    return { json, cursor: undefined, receivedAt };
  }
}

function insert(entry: Entry, index: number): Step {
  return { op: 'INSERT', index, entry };
}
