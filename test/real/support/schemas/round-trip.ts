import { isDeepStrictEqual } from 'node:util';
import {
  coerceInputValue,
  type ConstValueNode,
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  Kind,
  type SelectionSetNode,
  valueFromAST,
} from 'graphql';
import { objectProgram } from '../../../../src/execution/object-program.ts';
import { kubernetesValue } from '../../../../src/execution/request-body.ts';
import { ByteWriter } from '../../../../src/projection/byte-writer.ts';
import { type CompiledProgram, compileProgram, projectDocument } from '../../../../src/projection/project.ts';
import { stringifyJson } from '../../../../src/util/json.ts';
import { type Exact, parseExact } from '../exact-json.ts';

/** Out of a Kubernetes object into GraphQL and back in again, for one kind. */
export class RoundTrip {
  readonly #program: CompiledProgram;
  readonly #input: GraphQLInputType;

  constructor(output: GraphQLObjectType, input: GraphQLInputType) {
    const context = { fragments: new Map(), variables: {}, compiled: undefined, budget: { left: Infinity } };
    this.#program = compileProgram(objectProgram(context, output, [everythingIn(output)]));
    this.#input = input;
  }

  /** What GraphQL answers for an object when every field is selected, as text. */
  answer(objectText: string): string {
    const output = new ByteWriter();
    projectDocument(this.#program, Buffer.from(objectText), output);
    return output.take().toString();
  }

  /** The object that an answer means when it is written in a document, as text. */
  fromLiteral(answerText: string): string {
    const literal = literalOf(parseExact(answerText), this.#input);
    const value = valueFromAST(literal, this.#input);
    if (value === undefined) throw new Error(`not accepted: ${answerText}`);
    return stringifyJson(kubernetesValue(value, this.#input));
  }

  /** The object that an answer means when it is handed over in variables, as text. */
  fromVariables(answerText: string): string {
    const value = coerceInputValue(variableOf(parseExact(answerText), this.#input), this.#input);
    return stringifyJson(kubernetesValue(value, this.#input));
  }
}

/** Every field of a type but those that are made of others. The deepest types end in JSON. */
function everythingIn(type: GraphQLObjectType): SelectionSetNode {
  const selections = Object.values(type.getFields())
    .filter((field) => standsForValue(type, field))
    .map((field) => {
      const below = getNamedType(field.type);
      const name = { kind: Kind.NAME, value: field.name } as const;
      if (!isObjectType(below)) return { kind: Kind.FIELD, name } as const;
      return { kind: Kind.FIELD, name, selectionSet: everythingIn(below) } as const;
    });
  return { kind: Kind.SELECTION_SET, selections };
}

function standsForValue(
  type: GraphQLObjectType,
  { name, args, extensions }: GraphQLField<unknown, unknown>,
): boolean {
  const { source } = extensions;
  if (source !== undefined && 'computed' in source)
    return name === 'raw' && type.extensions.resource === undefined;
  return !args.some((argument) => isNonNullType(argument.type));
}

/** An answer as it would be written in a document. Of members that GraphQL's syntax does not allow nothing is said here. */
function literalOf(value: Exact, type: GraphQLInputType | undefined): ConstValueNode {
  const nullable = type === undefined ? undefined : getNullableType(type);
  if (value === null) return { kind: Kind.NULL };
  if (typeof value === 'boolean') return { kind: Kind.BOOLEAN, value };
  if (typeof value === 'string') return { kind: isEnumType(nullable) ? Kind.ENUM : Kind.STRING, value };
  if (typeof value === 'number' || typeof value === 'bigint') return numberLiteral(String(value));
  if (Array.isArray(value)) {
    const items = isListType(nullable) ? nullable.ofType : undefined;
    return { kind: Kind.LIST, values: value.map((item: Exact) => literalOf(item, items)) };
  }
  const members = isInputObjectType(nullable) ? nullable.getFields() : undefined;
  return {
    kind: Kind.OBJECT,
    fields: Object.entries(value).map(([name, member]) => ({
      kind: Kind.OBJECT_FIELD,
      name: { kind: Kind.NAME, value: name },
      value: literalOf(member, members?.[name]?.type),
    })),
  };
}

function numberLiteral(text: string): ConstValueNode {
  return /^-?\d+$/.test(text) ? { kind: Kind.INT, value: text } : { kind: Kind.FLOAT, value: text };
}

/** An answer as a client would hand it over, with text for whatever is an Int64: that is how large ones go. */
function variableOf(value: Exact, type: GraphQLInputType | undefined): unknown {
  const nullable = type === undefined ? undefined : getNullableType(type);
  if (value === null || typeof value !== 'object') {
    const isInt64 = isScalarType(nullable) && nullable.name === 'Int64';
    return isInt64 && typeof value === 'number' ? String(value) : value;
  }
  if (Array.isArray(value)) {
    const items = isListType(nullable) ? nullable.ofType : undefined;
    return value.map((item: Exact) => variableOf(item, items));
  }
  const members = isInputObjectType(nullable) ? nullable.getFields() : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, variableOf(member, members?.[name]?.type)]),
  );
}

/** Where two JSON values differ first, in words; undefined where they do not. */
export function difference(expected: Exact, actual: Exact, path = ''): string | undefined {
  if (isDeepStrictEqual(expected, actual)) return undefined;
  const keys = [...new Set([expected, actual].flatMap(keysOf))];
  for (const key of keys) {
    const found = difference(memberOf(expected, key), memberOf(actual, key), `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return `${path}: ${show(expected)} became ${show(actual)}`;
}

/** Without the members that are null: an answer has null for what is not there, too. */
export function withoutNulls(value: Exact): Exact {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(withoutNulls);
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([key, member]) => [key, withoutNulls(member)]));
}

function keysOf(value: Exact | undefined): readonly string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

function memberOf(value: Exact | undefined, key: string): Exact {
  const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
  return isThere ? ((value as { readonly [key: string]: Exact })[key] as Exact) : ABSENT;
}

/** Differs from every JSON value. */
const ABSENT = Symbol('nothing') as unknown as Exact;

function show(value: Exact): string {
  return value === ABSENT ? 'nothing' : stringifyJson(value).slice(0, 200);
}
