import { GraphQLError, type GraphQLScalarTypeConfig, Kind, type ValueNode } from 'graphql';
import type { Json } from '../../util/json.ts';
import { literalValue, variableValue } from './input-values.ts';

/**
 * How the scalars of base.graphql read their inputs. Outputs are copied from the API server's bytes and pass no scalar.
 *
 * A value that would be altered is refused instead: an integer beyond 2^53 in variables has lost its digits before it
 * gets here, so it must be text there. In a document's own text it keeps them. docs/reference/scalars.md has all rules.
 */
type ScalarBehaviour = Pick<GraphQLScalarTypeConfig<unknown, unknown>, 'parseValue' | 'parseLiteral'>;

export const SCALARS: Readonly<Record<string, ScalarBehaviour>> = {
  JSON: scalar('JSON', (value) => value),
  StringMap: mapScalar('StringMap', 'strings', (member) => typeof member === 'string'),
  IntOrString: withoutFractions(
    scalar('IntOrString', (value) =>
      typeof value === 'string' || (typeof value === 'number' && Number.isSafeInteger(value))
        ? value
        : undefined,
    ),
  ),
  Quantity: numbersAsText(
    scalar('Quantity', (value) =>
      typeof value === 'string' || typeof value === 'number' ? value : undefined,
    ),
  ),
  QuantityMap: quantityMembers(
    mapScalar('QuantityMap', 'strings and numbers', (member) => ['string', 'number'].includes(typeof member)),
  ),
  Int64: withoutFractions(
    scalar('Int64', (value) => {
      if (typeof value === 'string')
        return /^-?\d{1,19}$/.test(value) ? withinInt64(BigInt(value)) : undefined;
      if (typeof value === 'bigint') return withinInt64(value);
      return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
    }),
  ),
  DateTime: scalar('DateTime', textOnly),
  MicroTime: scalar('MicroTime', textOnly),
  Base64: scalar('Base64', textOnly),
};

/** @param refused says what cannot be represented, behind `cannot represent`. */
function scalar(
  name: string,
  accept: (value: Json) => Json | undefined,
  refused: (value: Json) => string = () => 'this value',
): ScalarBehaviour {
  const parse = (value: Json, node?: ValueNode): Json => {
    const accepted = accept(value);
    if (accepted !== undefined) return accepted;
    const message = `${name} cannot represent ${refused(value)}`;
    throw new GraphQLError(message, node === undefined ? {} : { nodes: node });
  };
  return {
    parseValue: (value) => parse(variableValue(value)),
    parseLiteral: (node, variables) => parse(literalValue(node, variables ?? {}), node),
  };
}

/** An object whose members are all of some types, or null. @param allowed those types, in words. */
function mapScalar(name: string, allowed: string, isAllowed: (member: Json) => boolean): ScalarBehaviour {
  const wrongKey = (value: { readonly [key: string]: Json }): string | undefined =>
    Object.keys(value).find((key) => value[key] !== null && !isAllowed(value[key] as Json));
  return scalar(
    name,
    (value) => (isObject(value) && wrongKey(value) === undefined ? value : undefined),
    (value) => {
      if (!isObject(value)) return `${typeInWords(value)}: it is an object`;
      const key = wrongKey(value) as string;
      return `this object: ${JSON.stringify(key)} is ${typeInWords(value[key] as Json)}, and only ${allowed} are allowed`;
    },
  );
}

/** The type only: what is refused may be a secret. */
function typeInWords(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return `a ${typeof value === 'bigint' ? 'number' : typeof value}`;
}

/** Refuses `80.0` and `8e1` as GraphQL's own Int does: the API server does not take them for integers either. */
function withoutFractions(behaviour: ScalarBehaviour): ScalarBehaviour {
  return {
    ...behaviour,
    parseLiteral: (node, variables) => {
      if (node.kind === Kind.FLOAT) {
        throw new GraphQLError(`${node.value} is not written as an integer`, { nodes: node });
      }
      return behaviour.parseLiteral?.(node, variables);
    },
  };
}

/** Hands a number literal on as it is written: a double would round it, and make `1000` of `1e3`, which are stored apart. */
function numbersAsText(behaviour: ScalarBehaviour): ScalarBehaviour {
  return {
    ...behaviour,
    parseLiteral: (node, variables) =>
      node.kind === Kind.INT || node.kind === Kind.FLOAT
        ? node.value
        : behaviour.parseLiteral?.(node, variables),
  };
}

/** The same for the members of an object. */
function quantityMembers(behaviour: ScalarBehaviour): ScalarBehaviour {
  const asText = (node: ValueNode): ValueNode =>
    node.kind === Kind.INT || node.kind === Kind.FLOAT ? { kind: Kind.STRING, value: node.value } : node;
  return {
    ...behaviour,
    parseLiteral: (node, variables) => {
      if (node.kind !== Kind.OBJECT) return behaviour.parseLiteral?.(node, variables);
      const fields = node.fields.map((field) => ({ ...field, value: asText(field.value) }));
      return behaviour.parseLiteral?.({ ...node, fields }, variables);
    },
  };
}

function textOnly(value: Json): Json | undefined {
  return typeof value === 'string' ? value : undefined;
}

function withinInt64(value: bigint): bigint | undefined {
  return value === BigInt.asIntN(64, value) ? value : undefined;
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
