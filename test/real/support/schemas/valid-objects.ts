import * as fc from 'fast-check';
import { apiVersionOf } from '../../../../src/catalog/resource.ts';
import type { KindName, Schema, Whole } from './open-api.ts';
import { wholeOf } from './open-api.ts';
import type { Schemas } from './served-api.ts';

/** Any JSON value; BigInt where a number is beyond what JavaScript can count. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Value[]
  | { readonly [key: string]: Value };

export interface Flavour {
  /** Whether every property is there, or only some. What makes an object one is there always. */
  readonly isComplete: boolean;
  /** Whether integers may be beyond 2^53, which GraphQL's variables carry only as text, and only where a type says so. */
  readonly hasBigNumbers: boolean;
}

/** Lists of lists of lists would otherwise double with every level. */
const BRANCHING_DEPTH = 3;

const IDENTITY = ['apiVersion', 'kind', 'metadata'];

/** Keys as people write them, and such as only a program would. */
const KEYS = [
  'a',
  'B-2',
  'app.kubernetes.io/name',
  'x y',
  '',
  '$ref',
  '__typename',
  '0',
  'constructor',
  'ключ',
  '"',
  '__proto__',
];

/** Objects that a document's schemas allow, patterns and rules left aside: those say nothing of how a value is carried. */
export class ValidObjects {
  readonly #named: Schemas;
  readonly #flavour: Flavour;
  readonly #int64: fc.Arbitrary<Value>;
  readonly #any: fc.Arbitrary<Value>;
  readonly #members: fc.Arbitrary<Value>;

  constructor(named: Schemas, flavour: Flavour) {
    this.#named = named;
    this.#flavour = flavour;
    this.#int64 = flavour.hasBigNumbers ? INT64 : fc.maxSafeInteger();
    const leaf = fc.oneof(fc.constant(null), fc.boolean(), TEXT, this.#int64, FRACTION);
    const level = (below: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
      fc.oneof(leaf, fc.array(below, { maxLength: 2 }), dictionary(below));
    this.#any = level(level(leaf));
    this.#members = dictionary(level(leaf));
  }

  /** Objects of a kind. */
  of(kind: KindName, schema: Schema): fc.Arbitrary<Value> {
    return this.#object(wholeOf(schema, this.#named), [], kind);
  }

  /** @param open the named schemas around it. */
  #value(schema: Schema, open: readonly string[], depth: number): fc.Arbitrary<Value> {
    const whole = wholeOf(schema, this.#named);
    const value = this.#notNull(whole, open, depth);
    return whole.isNullable ? fc.option(value, { freq: 8 }) : value;
  }

  #notNull(whole: Whole, open: readonly string[], depth: number): fc.Arbitrary<Value> {
    if (whole.enum !== undefined) return fc.constantFrom(...(whole.enum as readonly Value[]));
    const inside = [...open, ...whole.names];
    // The API server takes numbers for quantities, and answers texts.
    if (whole.names.some((name) => name.endsWith('.resource.Quantity'))) return QUANTITY_LIKE;
    // What contains itself is of no type that could be followed.
    if (whole.names.some((name) => open.includes(name))) return this.#members;
    if (whole.properties.size > 0) return this.#object(whole, inside, whole.kinds[0], depth);
    if (whole.items !== undefined) return this.#list(whole.items, inside, depth);
    if (whole.type === undefined) return this.#alternative(whole);
    if (whole.type !== 'object') return this.#scalar(whole.type, whole.format);
    if (whole.others === undefined) return this.#members;
    return dictionary(this.#value(whole.others, inside, depth + 1));
  }

  #alternative({ alternatives, others }: Whole): fc.Arbitrary<Value> {
    if (alternatives.length === 0 || others !== undefined) return this.#any;
    return fc.oneof(...alternatives.map((type) => this.#scalar(type, 'int32')));
  }

  #scalar(type: string, format: string | undefined): fc.Arbitrary<Value> {
    switch (type) {
      case 'boolean':
        return fc.boolean();
      case 'integer':
        return format === 'int32' ? fc.integer() : this.#int64;
      case 'number':
        return fc.oneof(FRACTION, fc.maxSafeInteger());
      case 'string':
        return text(format);
      default:
        throw new Error(`no values of the type ${type}`);
    }
  }

  #list(items: Schema, open: readonly string[], depth: number): fc.Arbitrary<Value> {
    return fc.array(this.#value(items, open, depth + 1), {
      minLength: this.#flavour.isComplete ? 1 : 0,
      maxLength: depth < BRANCHING_DEPTH ? 2 : 1,
    });
  }

  #object(whole: Whole, open: readonly string[], kind: KindName | undefined, depth = 0): fc.Arbitrary<Value> {
    const fixed = kind === undefined ? {} : { apiVersion: apiVersionOf(kind), kind: kind.kind };
    const members = [...whole.properties].map(
      ([key, schema]) => [key, this.#value(schema, open, depth + 1)] as const,
    );
    const constants = Object.entries(fixed).map(([key, value]) => [key, fc.constant<Value>(value)] as const);
    const model = Object.fromEntries<fc.Arbitrary<Value>>([...members, ...constants]);
    const requiredKeys = kind === undefined ? [] : IDENTITY.filter((key) => Object.hasOwn(model, key));
    const object = this.#flavour.isComplete ? fc.record(model) : fc.record(model, { requiredKeys });
    if (whole.others === undefined) return object;
    const others = dictionary(this.#value(whole.others, open, depth + 1));
    return fc.tuple(others, object).map(([more, typed]) => withMembers(more, typed));
  }
}

/** Like a spread, which a member called `__proto__` survives. */
function withMembers(...objects: readonly { readonly [key: string]: Value }[]): {
  readonly [key: string]: Value;
} {
  return Object.fromEntries(objects.flatMap((object) => Object.entries(object)));
}

function dictionary(values: fc.Arbitrary<Value>): fc.Arbitrary<{ readonly [key: string]: Value }> {
  return fc
    .uniqueArray(fc.tuple(fc.constantFrom(...KEYS), values), { maxLength: 3, selector: ([key]) => key })
    .map((entries) => Object.fromEntries(entries));
}

const TEXT = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('', ' ', 'null', '1', '"\\"', '\u2028\u0000', '😀', '9007199254740993', '{{ .a }}'),
);

const INT64 = fc.oneof(
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(plain),
  fc.constantFrom<Value>(9_007_199_254_740_993n, -(2n ** 63n), 2n ** 63n - 1n, 0),
);

/** As a parser would have it. */
function plain(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** Integers are apart: their digits count. */
const FRACTION = fc
  .double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 })
  .filter((value) => !Number.isInteger(value));

const DATE_TIME = fc.constantFrom(
  '2026-01-02T03:04:05Z',
  '2026-01-02T03:04:05.000001Z',
  '2026-01-02T03:04:05+02:00',
);

const QUANTITY_LIKE = fc.oneof(TEXT, fc.constantFrom('100m', '1Gi', '0.5', '1e3', '25%', 'http'));

function text(format: string | undefined): fc.Arbitrary<Value> {
  if (format === 'date-time') return DATE_TIME;
  if (format === 'byte') return fc.base64String({ maxLength: 8 });
  return QUANTITY_LIKE;
}
