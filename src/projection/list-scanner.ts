import { assertNever } from '../util/assert-never.ts';
import type { ItemEngine, ItemEngineFactory, ItemOutputs } from './item-engine.ts';
import { JavaScriptItems } from './javascript-items.ts';
import { CLOSE_ARRAY, CLOSE_OBJECT, COLON, COMMA, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './json-bytes.ts';
import { readString } from './keys.ts';
import { type ListMetadata, NO_METADATA, readListMetadata } from './list-metadata.ts';
import { MalformedJson, TRUNCATED, toCaller } from './malformed-json.ts';
import { afterSpace, skipSpace, skipString, skipValue, unexpected } from './skip.ts';
import { StreamWindow } from './stream-window.ts';
import { ValueBoundary } from './value-boundary.ts';

const LETTER_N = 0x6e;

/** The caller may take away what is in the outputs whenever `onItem` is called or `push` returns. */
export interface ListScannerOptions extends ItemOutputs {
  /** How many elements earlier pages have written; from the first on, an element is preceded by a comma. Default 0. */
  readonly alreadyWritten?: number;
  /** So many items at the start are counted and not written. Default 0. */
  readonly skipItems?: number;
  /**
   * Called once for each item that has been written to all outputs, with its position in `items`; not for skipped items. Items
   * that arrive together may all be written before the first of these calls.
   */
  readonly onItem?: (index: number) => void;
}

export interface ListSummary extends ListMetadata {
  /** The elements of `items`, skipped ones included. */
  readonly count: number;
  readonly kind?: string;
}

/**
 * What the scanner expects next:
 *
 *   start ─▶ first-key ─▶ value ─▶ after-value ─▶ end        the list object; `,` leads from after-value to key ─▶ value
 *                           └▶ first-element ─▶ after-element ─▶ after-value     `,` leads from after-element to element
 */
type Expects =
  | 'start'
  | 'first-key'
  | 'key'
  | 'value'
  | 'after-value'
  | 'first-element'
  | 'element'
  | 'after-element'
  | 'end';

/**
 * Reads the body of a Kubernetes list as it arrives and projects each element of `items`.
 *
 * Holds at most one incomplete item and one chunk. The keys of the list come in any order: custom resources have
 * `metadata`, with the resourceVersion, after the items.
 *
 * `push` and `end` throw MalformedJson when the body is not a list or is cut off; what was written until then stays, but
 * never a part of an item. A scanner that has thrown is of no further use.
 */
export class ListScanner {
  readonly #options: ListScannerOptions;
  readonly #window = new StreamWindow();
  readonly #source = this.#window.source;
  readonly #engine: ItemEngine;
  readonly #boundary = new ValueBoundary();
  #expects: Expects = 'start';
  #key = '';
  #count = 0;
  #hasItems = false;
  #kind: string | undefined;
  #metadata = NO_METADATA;

  constructor(
    options: ListScannerOptions,
    createEngine: ItemEngineFactory = (source, to) => new JavaScriptItems(source, to),
  ) {
    if (options.programs.length !== options.outputs.length) {
      throw new RangeError(
        `${options.programs.length} programs cannot write to ${options.outputs.length} outputs`,
      );
    }
    this.#options = options;
    this.#engine = createEngine(this.#source, options);
  }

  /** Reads on. `chunk` may be overwritten afterwards. */
  push(chunk: Buffer): void {
    const source = this.#source;
    this.#window.append(chunk);
    let at = afterSpace(source, 0);
    try {
      while (at < source.end) at = afterSpace(source, this.#step(at));
    } catch (error) {
      if (error !== TRUNCATED) throw error;
    }
    this.#window.keepFrom(at);
  }

  /** What the list has said of itself until now: built-in resources say it before their items. */
  get metadata(): ListMetadata {
    return this.#metadata;
  }

  /** To be called after the last chunk. */
  end(): ListSummary {
    if (this.#expects !== 'end') throw toCaller(TRUNCATED);
    // The API server always writes `items` for a list, be it as null. A client-side list may leave an empty one out.
    if (!this.#hasItems && this.#kind?.endsWith('List') !== true) {
      throw new MalformedJson(`expected a list, got ${this.#kind ?? 'an object'} without items`);
    }
    const kind = this.#kind === undefined ? {} : { kind: this.#kind };
    return { count: this.#count, ...this.#metadata, ...kind };
  }

  /** Consumes the next part, or throws TRUNCATED and has changed nothing. */
  #step(at: number): number {
    const source = this.#source;
    const byte = source.bytes[at];
    switch (this.#expects) {
      case 'element':
        return this.#element(at);
      case 'after-element':
        if (byte === COMMA) return this.#go('element', at + 1);
        if (byte === CLOSE_ARRAY) return this.#go('after-value', at + 1);
        throw unexpected(source, at, "',' or ']'");
      case 'first-element':
        return byte === CLOSE_ARRAY ? this.#go('after-value', at + 1) : this.#element(at);
      case 'start':
        if (byte === OPEN_OBJECT) return this.#go('first-key', at + 1);
        throw unexpected(source, at, 'a list');
      case 'first-key':
        return byte === CLOSE_OBJECT ? this.#go('end', at + 1) : this.#readKey(at);
      case 'key':
        return this.#readKey(at);
      case 'value':
        return this.#key === 'items' ? this.#startItems(at) : this.#readMember(at);
      case 'after-value':
        if (byte === COMMA) return this.#go('key', at + 1);
        if (byte === CLOSE_OBJECT) return this.#go('end', at + 1);
        throw unexpected(source, at, "',' or '}'");
      case 'end':
        throw unexpected(source, at, 'nothing more');
      default:
        return assertNever(this.#expects, 'part of a list');
    }
  }

  #go(expects: Expects, at: number): number {
    this.#expects = expects;
    return at;
  }

  #readKey(at: number): number {
    const source = this.#source;
    if (source.bytes[at] !== QUOTE) throw unexpected(source, at, 'a key');
    const end = skipString(source, at);
    const colon = skipSpace(source, end);
    if (source.bytes[colon] !== COLON) throw unexpected(source, colon, "':'");
    this.#key = readString(source.bytes, at, end);
    return this.#go('value', colon + 1);
  }

  #startItems(at: number): number {
    const source = this.#source;
    if (this.#hasItems) throw new MalformedJson('the list has items twice');
    const isArray = source.bytes[at] === OPEN_ARRAY;
    if (!isArray && source.bytes[at] !== LETTER_N) throw unexpected(source, at, 'an array of items');
    const end = isArray ? at + 1 : skipValue(source, at, 0);
    this.#hasItems = true;
    return this.#go(isArray ? 'first-element' : 'after-value', end);
  }

  #readMember(at: number): number {
    const { bytes } = this.#source;
    const end = this.#boundary.read(this.#source, at, () => skipValue(this.#source, at, 0));
    if (this.#key === 'metadata') this.#metadata = readListMetadata(bytes.subarray(at, end));
    if (this.#key === 'kind') this.#kind = bytes[at] === QUOTE ? readString(bytes, at, end) : undefined;
    return this.#go('after-value', end);
  }

  #element(at: number): number {
    return this.#boundary.read(this.#source, at, () => {
      return this.#count < (this.#options.skipItems ?? 0) ? this.#skip(at) : this.#project(at);
    });
  }

  #skip(at: number): number {
    const end = skipValue(this.#source, at, 0);
    this.#count++;
    return this.#go('after-element', end);
  }

  #project(at: number): number {
    const { alreadyWritten = 0, skipItems = 0, onItem } = this.#options;
    const engine = this.#engine;
    const end = engine.read(at, alreadyWritten + this.#count - skipItems <= 0);
    const before = this.#count;
    this.#count += engine.items;
    for (let index = before; index < this.#count; index++) onItem?.(index);
    return this.#go(engine.endsInComma ? 'element' : 'after-element', end);
  }
}
