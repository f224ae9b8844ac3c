import type { ItemEngine, ItemOutputs } from '../item-engine.ts';
import type { JsonSource } from '../json-source.ts';
import { TRUNCATED } from '../malformed-json.ts';
import type { WasmScanner } from './wasm-scanner.ts';

/**
 * The engine that reads all the items of a chunk in one call of the WebAssembly module. An item that the module declines,
 * because something about it is out of the ordinary, goes to the other engine: what is malformed is told by that one only.
 */
export class WasmItems implements ItemEngine {
  items = 0;
  endsInComma = false;
  readonly #scanner: WasmScanner;
  readonly #program: Buffer | undefined;
  readonly #source: JsonSource;
  readonly #to: ItemOutputs;
  readonly #others: ItemEngine;
  #isNextIncomplete = false;

  /** @param program that of `to`, as encodeProgram lays it out; undefined if there is none. */
  constructor(
    scanner: WasmScanner,
    program: Buffer | undefined,
    source: JsonSource,
    to: ItemOutputs,
    others: ItemEngine,
  ) {
    this.#scanner = scanner;
    this.#program = program;
    this.#source = source;
    this.#to = to;
    this.#others = others;
  }

  read(at: number, isFirst: boolean): number {
    if (this.#isNextIncomplete) {
      // The last call has already tried the item that it stopped at.
      this.#isNextIncomplete = false;
      throw TRUNCATED;
    }
    const { bytes, end } = this.#source;
    const scanned = this.#scanner.scan(bytes, at, end, this.#program, isFirst);
    if (scanned.items === 0) {
      if (scanned.isTruncated) throw TRUNCATED;
      this.items = 1;
      this.endsInComma = false;
      return this.#others.read(at, isFirst);
    }
    this.#to.outputs[0]?.write(scanned.written);
    this.items = scanned.items;
    this.endsInComma = scanned.endsInComma;
    this.#isNextIncomplete = scanned.isTruncated;
    return at + scanned.consumed;
  }
}
