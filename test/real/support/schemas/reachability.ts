import type { TypeDefinition } from '../../../../src/mapping/definitions/definitions.ts';
import { type Schema, type Whole, wholeOf } from './open-api.ts';
import type { Schemas } from './served-api.ts';

/** How many of a document's properties GraphQL reaches, by how. Counted by path: `spec.a.b` is another than `spec.b`. */
export interface Reach {
  properties: number;
  /** By a chain of fields. */
  typed: number;
  /** Inside a value that is JSON as a whole. */
  inJson: number;
  /** Inside the `raw` of a type that shows only some of its members. */
  inRaw: number;
  /** Paths that lead nowhere, and why. */
  readonly lost: string[];
  /** The named schemas that were met on the way, as `APIVERSION NAME`. */
  readonly met: Set<string>;
}

export function noReach(): Reach {
  return { properties: 0, typed: 0, inJson: 0, inRaw: 0, lost: [], met: new Set() };
}

type Types = ReadonlyMap<string, TypeDefinition>;

/** The scalars that are objects: what their members must be. */
const MAPS: Readonly<Record<string, (values: Whole | undefined) => boolean>> = {
  StringMap: (values) => values?.type === 'string',
  QuantityMap: (values) => values?.names.some((name) => name.endsWith('.resource.Quantity')) === true,
};

/** Follows a schema's properties and the fields of a GraphQL type side by side. */
export class Walk {
  readonly #apiVersion: string;
  readonly #named: Schemas;
  readonly #types: Types;
  readonly #reach: Reach;

  /** @param reach what is counted into. */
  constructor(apiVersion: string, named: Schemas, types: Types, reach: Reach) {
    this.#apiVersion = apiVersion;
    this.#named = named;
    this.#types = types;
    this.#reach = reach;
  }

  /** @param type as SDL writes it, for example `[CoreV1Container]`. */
  follow(schema: Schema, type: string, path: string): void {
    const whole = this.#whole(schema);
    if (type.endsWith('!')) return this.follow(schema, type.slice(0, -1), path);
    if (type.startsWith('[')) {
      if (whole.items !== undefined) return this.follow(whole.items, type.slice(1, -1), path);
      return this.#lose(path, `${type} for what is no list`);
    }
    const definition = this.#types.get(type);
    if (definition === undefined) return this.#lose(path, `${type} is not defined`);
    if (definition.kind === 'SCALAR' || definition.kind === 'ENUM') return this.#leaf(whole, type, path);
    if (whole.items !== undefined) return this.#lose(path, `${type} for a list`);
    this.#members(whole, definition, path);
  }

  #members(whole: Whole, definition: TypeDefinition, path: string): void {
    const members = membersOf(definition);
    const hasRaw = hasRawOf(definition);
    // An object's own `raw` shows everything, so that nothing could be missing from it.
    const isRawEnough = hasRaw && !(definition.kind === 'OBJECT' && definition.resource !== undefined);
    for (const [key, schema] of whole.properties) {
      const below = `${path}.${key}`;
      const type = members.get(key);
      this.#reach.properties += 1;
      if (type !== undefined) {
        this.#reach.typed += 1;
        this.follow(schema, type, below);
      } else if (isRawEnough) {
        this.#reach.inRaw += 1;
        this.#inside(schema, 'inRaw', []);
      } else {
        this.#lose(below, `${definition.name} has no such field`);
      }
    }
    if (whole.others === undefined) return;
    if (hasRaw) this.#inside(whole.others, 'inRaw', []);
    else this.#lose(`${path}.*`, `${definition.name} has no raw`);
  }

  #leaf(whole: Whole, type: string, path: string): void {
    if (type === 'JSON') return this.#belowOf(whole, 'inJson', []);
    const values = whole.others === undefined ? undefined : this.#whole(whole.others);
    const fits = MAPS[type]?.(values) ?? values === undefined;
    if (!fits) this.#lose(path, `${type} does not show these members`);
    if (whole.properties.size > 0) this.#lose(path, `${type} for an object`);
    if (whole.items !== undefined) this.#lose(path, `${type} for a list`);
  }

  /** Counts all properties of a value that is shown as it is. */
  #inside(schema: Schema, how: 'inJson' | 'inRaw', open: readonly string[]): void {
    this.#belowOf(this.#whole(schema), how, open);
  }

  /** @param open the named schemas that are being followed: one that contains itself is followed once. */
  #belowOf(whole: Whole, how: 'inJson' | 'inRaw', open: readonly string[]): void {
    if (whole.names.some((name) => open.includes(name))) return;
    const inside = [...open, ...whole.names];
    this.#reach.properties += whole.properties.size;
    this.#reach[how] += whole.properties.size;
    for (const schema of whole.properties.values()) this.#inside(schema, how, inside);
    if (whole.items !== undefined) this.#inside(whole.items, how, inside);
    if (whole.others !== undefined) this.#inside(whole.others, how, inside);
  }

  #whole(schema: Schema): Whole {
    const whole = wholeOf(schema, this.#named);
    for (const name of whole.names) this.#reach.met.add(`${this.#apiVersion} ${name}`);
    return whole;
  }

  #lose(path: string, why: string): void {
    this.#reach.lost.push(`${path}: ${why}`);
  }
}

/** The types of a type's fields by the key that their values come from or go to. */
function membersOf(definition: TypeDefinition): ReadonlyMap<string, string> {
  if (definition.kind === 'INPUT_OBJECT') {
    const typed = definition.fields().filter(({ spread }) => spread !== true);
    return new Map(typed.map(({ name, type, key = name }) => [key, type]));
  }
  if (definition.kind !== 'OBJECT') return new Map();
  return new Map(
    definition.fields().flatMap(({ name, type, source }) => {
      const key = source === undefined || 'constant' in source ? name : keyOf(source);
      return key === undefined ? [] : [[key, type] as const];
    }),
  );
}

function keyOf(source: object): string | undefined {
  if ('key' in source) return String(source.key);
  // All members, unless an argument names some.
  return 'membersOf' in source ? String(source.membersOf) : undefined;
}

/** Whether what has no field of its own is shown, or taken, in one that is for the rest. */
function hasRawOf(definition: TypeDefinition): boolean {
  if (definition.kind === 'INPUT_OBJECT') return definition.fields().some(({ spread }) => spread === true);
  if (definition.kind !== 'OBJECT') return false;
  return definition.fields().some(({ name, source }) => name === 'raw' && isComputed(source));
}

function isComputed(source: object | undefined): boolean {
  return source !== undefined && 'computed' in source;
}
