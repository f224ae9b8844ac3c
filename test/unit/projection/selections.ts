import * as fc from 'fast-check';
import {
  executeSync,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLScalarType,
  GraphQLSchema,
  type GraphQLFieldConfig,
  parse,
} from 'graphql';
import type { ObjectProgram, Output } from '../../../src/projection/program.ts';
import { isJsonObject } from '../../../src/util/json.ts';

/** What stands under a key. */
export type Shape =
  | { readonly kind: 'leaf'; readonly required: boolean }
  | { readonly kind: 'map' }
  | { readonly kind: 'list'; readonly of: Shape }
  | ObjectShape;

export interface ObjectShape {
  readonly kind: 'object';
  /** Never null: absent, it is answered as if it were `{}`. */
  readonly required: boolean;
  readonly fields: readonly { readonly key: string; readonly shape: Shape }[];
}

/** Keys that a program can ask for; none needs an escape. */
const KEYS = [
  'a',
  'b',
  'name',
  'namespace',
  'é',
  '漢字',
  '',
  '__proto__',
  'sixteen bytes ok',
  'example.com/more-than-sixteen-bytes',
];

export const { object: OBJECT } = fc.letrec<{ shape: Shape; object: ObjectShape }>((tie) => ({
  shape: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom<Shape>(
      { kind: 'leaf', required: false },
      { kind: 'leaf', required: false },
      { kind: 'leaf', required: true },
      { kind: 'map' },
    ),
    tie('object'),
    tie('shape').map((of): Shape => ({ kind: 'list', of })),
  ),
  object: fc.record({
    kind: fc.constant('object' as const),
    required: fc.boolean(),
    fields: fc.uniqueArray(fc.record({ key: fc.constantFrom(...KEYS), shape: tie('shape') }), {
      selector: ({ key }) => key,
      minLength: 1,
      maxLength: 6,
    }),
  }),
}));

/** One selection, as GraphQL has it and as the projection does. */
export interface Selection {
  readonly text: string;
  readonly program: ObjectProgram;
}

interface Entry {
  readonly text: string;
  readonly output: (responseName: string) => Output;
}

/** Any selection on an object: its fields in any order, under several names, with what is below; at least one. */
export function selectionOf(shape: ObjectShape, path = ''): fc.Arbitrary<Selection> {
  const entries = shape.fields.flatMap((field, index) =>
    fieldEntries(field.key, field.shape, `${path}_${index}`),
  );
  const typeName = fc.constant<Entry>({
    text: '__typename',
    output: (responseName) => ({ kind: 'literal', responseName, json: `"T${path}"` }),
  });
  return fc.array(fc.oneof(...entries, typeName), { minLength: 1, maxLength: 7 }).map((chosen) => ({
    text: `{ ${chosen.map(({ text }, i) => `r${i}: ${text}`).join(' ')} }`,
    program: { outputs: chosen.map(({ output }, i) => output(`r${i}`)) },
  }));
}

function fieldEntries(key: string, shape: Shape, path: string): fc.Arbitrary<Entry>[] {
  const inner = innermost(shape);
  const required = isRequired(shape);
  if (inner.kind === 'object') {
    const below = selectionOf(inner, path);
    return [
      below.map(({ text, program }) => ({
        text: `f${path} ${text}`,
        output: (responseName) => ({ kind: 'key', responseName, key, program, required }),
      })),
    ];
  }
  const whole = fc.constant<Entry>({
    text: `f${path}`,
    output: (responseName) => ({ kind: 'key', responseName, key, program: null, required }),
  });
  return shape.kind === 'map' ? [whole, ...mapEntries(key, path)] : [whole];
}

/** Members are asked for by their positions in KEYS. */
function mapEntries(key: string, path: string): fc.Arbitrary<Entry>[] {
  const position = fc.nat(KEYS.length - 1);
  return [
    fc.uniqueArray(position, { maxLength: 4 }).map((positions) => ({
      text: `members${path}(keys: [${positions.join(', ')}])`,
      output: (responseName) => {
        return { kind: 'members', responseName, key, members: positions.map((each) => KEYS[each] as string) };
      },
    })),
    position.map((each) => ({
      text: `member${path}(key: ${each})`,
      output: (responseName) => ({ kind: 'member', responseName, key, member: KEYS[each] as string }),
    })),
  ];
}

function isRequired(shape: Shape): boolean {
  return 'required' in shape && shape.required;
}

function innermost(shape: Shape): Shape {
  return shape.kind === 'list' ? innermost(shape.of) : shape;
}

/** What graphql-js answers for each of the selections over `items`, objects of the shape, as JSON texts. */
export class GraphqlReference {
  readonly #schema: GraphQLSchema;

  constructor(shape: ObjectShape) {
    const item = objectType(shape, '');
    const query = new GraphQLObjectType({
      name: 'Query',
      fields: { items: { type: new GraphQLList(item) } },
    });
    this.#schema = new GraphQLSchema({ query, assumeValid: true });
  }

  answers(items: readonly unknown[], selections: readonly Selection[]): readonly string[] {
    const query = `{ ${selections.map(({ text }, i) => `s${i}: items ${text}`).join(' ')} }`;
    const { data, errors } = executeSync({
      schema: this.#schema,
      document: parse(query),
      rootValue: { items },
    });
    if (errors !== undefined) throw new Error(`graphql-js refuses ${query}`, { cause: errors[0] });
    return selections.map((_, i) => JSON.stringify(data?.[`s${i}`]));
  }
}

const JSON_VALUE = new GraphQLScalarType({ name: 'JSON' });
type Field = GraphQLFieldConfig<unknown, unknown>;

function objectType(shape: ObjectShape, path: string): GraphQLObjectType {
  const fields = shape.fields.flatMap(({ key, shape: of }, index): [string, Field][] => {
    const below = `${path}_${index}`;
    const required = isRequired(of);
    const read = (source: unknown): unknown => memberOf(source, key) ?? (required ? {} : null);
    const whole: [string, Field] = [`f${below}`, { type: typeOf(of, below), resolve: read }];
    if (of.kind !== 'map') return [whole];
    const int = new GraphQLNonNull(GraphQLInt);
    return [
      whole,
      [
        `members${below}`,
        {
          type: JSON_VALUE,
          args: { keys: { type: new GraphQLList(int) } },
          resolve: (source, { keys }) => pick(read(source), keys as readonly number[]),
        },
      ],
      [
        `member${below}`,
        {
          type: JSON_VALUE,
          args: { key: { type: int } },
          resolve: (source, { key: position }) => memberOf(read(source), KEYS[position as number] as string),
        },
      ],
    ];
  });
  return new GraphQLObjectType({ name: `T${path}`, fields: Object.fromEntries(fields) });
}

function typeOf(shape: Shape, path: string): GraphQLOutputType {
  if (shape.kind === 'object') return objectType(shape, path);
  return shape.kind === 'list' && innermost(shape).kind === 'object'
    ? new GraphQLList(typeOf(shape.of, path))
    : JSON_VALUE;
}

function memberOf(source: unknown, key: string): unknown {
  return isJsonObject(source) && Object.hasOwn(source, key) ? source[key] : null;
}

function pick(map: unknown, positions: readonly number[]): unknown {
  if (!isJsonObject(map)) return null;
  const keys = new Set(positions.map((position) => KEYS[position]));
  return Object.fromEntries(Object.entries(map).filter(([key]) => keys.has(key)));
}
