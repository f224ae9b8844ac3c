import { GraphQLError, type GraphQLScalarTypeConfig, Kind, type ValueNode } from 'graphql';
import type { Json } from '../../util/json.ts';

/**
 * How the scalars of base.graphql read their inputs. Outputs are copied from the API server's bytes and pass no scalar.
 *
 * A value that would be altered is refused instead: an integer beyond 2^53 in variables has lost its digits before it
 * gets here, so it must be text there. In a document's own text it keeps them. docs/reference/scalars.md has all rules.
 */
type ScalarBehaviour = Pick<GraphQLScalarTypeConfig<unknown, unknown>, 'parseValue' | 'parseLiteral'>;

export const SCALARS: Readonly<Record<string, ScalarBehaviour>> = {
  JSON: scalar('JSON', (value) => value),
  StringMap: scalar('StringMap', (value) => {
    if (!isObject(value)) return undefined;
    const isText = (member: Json): boolean => typeof member === 'string' || member === null;
    return Object.values(value).every(isText) ? value : undefined;
  }),
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
    scalar('QuantityMap', (value) => {
      if (!isObject(value)) return undefined;
      const isQuantity = (member: Json): boolean =>
        typeof member === 'string' || typeof member === 'number' || member === null;
      return Object.values(value).every(isQuantity) ? value : undefined;
    }),
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

function scalar(name: string, accept: (value: Json) => Json | undefined): ScalarBehaviour {
  const parse = (value: Json, node?: ValueNode): Json => {
    const accepted = accept(value);
    if (accepted !== undefined) return accepted;
    throw new GraphQLError(`${name} cannot represent this value`, node === undefined ? {} : { nodes: node });
  };
  return {
    parseValue: (value) => parse(exact(value)),
    parseLiteral: (node, variables) => parse(literal(node, variables ?? {}), node),
  };
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

/** Refuses numbers in variables that may have lost digits on their way. */
function exact(value: unknown): Json {
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new GraphQLError(
      `the integer ${value} in variables is beyond 2^53 and may have lost digits: write it as text`,
    );
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new GraphQLError('a number in variables is too large: write it as text');
  }
  if (Array.isArray(value)) return value.map(exact);
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, exact(member)]));
  }
  // Variables come from JSON, so what is left is null, a boolean, a number or a string.
  return value as Json;
}

/** A literal with every digit of its integers. */
function literal(node: ValueNode, variables: Readonly<Record<string, unknown>>): Json {
  switch (node.kind) {
    case Kind.INT: {
      const value = Number(node.value);
      return Number.isSafeInteger(value) ? value : BigInt(node.value);
    }
    case Kind.FLOAT: {
      const value = Number(node.value);
      if (Number.isFinite(value)) return value;
      throw new GraphQLError(`the number ${node.value} is too large: write it as text`, { nodes: node });
    }
    case Kind.LIST:
      return node.values.map((item) => literal(item, variables));
    case Kind.OBJECT:
      return Object.fromEntries(
        node.fields
          .filter(({ value }) => !isAbsentVariable(value, variables))
          .map((field) => [field.name.value, literal(field.value, variables)]),
      );
    case Kind.VARIABLE:
      return exact(variables[node.name.value] ?? null);
    case Kind.NULL:
      return null;
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return node.value;
  }
}

/** A member whose variable is left out is left out itself: `null` would mean that it is to be removed. */
function isAbsentVariable(node: ValueNode, variables: Readonly<Record<string, unknown>>): boolean {
  return node.kind === Kind.VARIABLE && variables[node.name.value] === undefined;
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
