import type { FieldNode } from 'graphql';
import { stringifyJson } from '../util/json.ts';
import { Lru } from '../util/lru.ts';

/** What has been compiled from a document's root fields, by the first node of each. */
export type Compiled = WeakMap<FieldNode, unknown>;

/** Of one document, so many choices of what it selects are kept. Most have one: few use variables in that way. */
const MAX_CHOICES = 8;

/** What has been compiled from a document, for each choice of what its variables select. */
export class Compilations {
  readonly #deciding: readonly string[];
  readonly #byChoice = new Lru<string, Compiled>({ maxWeight: MAX_CHOICES });

  /** @param deciding the variables that decide what is selected. */
  constructor(deciding: Iterable<string>) {
    this.#deciding = [...deciding].sort();
  }

  of(variables: Readonly<Record<string, unknown>>): Compiled {
    const choice = stringifyJson(this.#deciding.map((name) => variables[name] ?? null));
    const known = this.#byChoice.get(choice);
    if (known !== undefined) return known;
    const made: Compiled = new WeakMap();
    this.#byChoice.set(choice, made);
    return made;
  }
}
