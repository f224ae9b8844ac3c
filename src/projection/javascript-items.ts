import type { ItemEngine, ItemOutputs } from './item-engine.ts';
import { COMMA } from './json-bytes.ts';
import type { JsonSource } from './json-source.ts';
import { Projector } from './projector.ts';
import { skipValue } from './skip.ts';

/** The engine that can do everything, item by item. */
export class JavaScriptItems implements ItemEngine {
  readonly items = 1;
  readonly endsInComma = false;
  readonly #source: JsonSource;
  readonly #to: ItemOutputs;
  readonly #projector: Projector;
  /** How long the outputs were before the item. */
  readonly #marks: number[];

  constructor(source: JsonSource, to: ItemOutputs) {
    this.#source = source;
    this.#to = to;
    this.#projector = new Projector(source);
    this.#marks = to.outputs.map(() => 0);
  }

  read(at: number, isFirst: boolean): number {
    const { programs, outputs } = this.#to;
    if (programs.length === 0) return skipValue(this.#source, at, 0);
    for (let i = 0; i < outputs.length; i++) this.#marks[i] = outputs[i]!.length;
    try {
      let end = at;
      for (let i = 0; i < programs.length; i++) {
        if (!isFirst) outputs[i]!.writeByte(COMMA);
        end = this.#projector.run(programs[i]!, at, outputs[i]!);
      }
      return end;
    } catch (error) {
      for (let i = 0; i < outputs.length; i++) outputs[i]!.truncate(this.#marks[i]!);
      throw error;
    }
  }
}
