import { GraphQLError, Kind, type ValueNode } from 'graphql';
import type { Json } from '../../util/json.ts';

/** A literal with every digit of its integers. Throws for numbers that no double can hold. */
export function literalValue(node: ValueNode, variables: Readonly<Record<string, unknown>>): Json {
  switch (node.kind) {
    case Kind.INT:
      return integerLiteral(node.value);
    case Kind.FLOAT: {
      const value = Number(node.value);
      if (Number.isFinite(value)) return value;
      throw new GraphQLError(`the number ${node.value} is too large: write it as text`, { nodes: node });
    }
    case Kind.LIST:
      return node.values.map((item) => literalValue(item, variables));
    case Kind.OBJECT:
      return Object.fromEntries(
        node.fields
          .filter(({ value }) => !isAbsentVariable(value, variables))
          .map((field) => [field.name.value, literalValue(field.value, variables)]),
      );
    case Kind.VARIABLE:
      return variableValue(variables[node.name.value] ?? null);
    case Kind.NULL:
      return null;
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return node.value;
  }
}

/** An integer of a document's own text. */
export function integerLiteral(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/** A value of variables. Throws for numbers that may have lost digits on their way. @param path of its keys so far. */
export function variableValue(value: unknown, path: readonly (string | number)[] = []): Json {
  if (mayHaveLostDigits(value)) {
    throw new GraphQLError(
      `the integer ${value} in variables${at(path)} is beyond 2^53 and may have lost digits: write it as text`,
    );
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new GraphQLError(`a number in variables${at(path)} is too large: write it as text`);
  }
  if (Array.isArray(value)) return value.map((item, index) => variableValue(item, [...path, index]));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, variableValue(member, [...path, key])]),
    );
  }
  // Variables come from JSON, so what is left is null, a boolean, a number or a string.
  return value as Json;
}

/** Whether a value is an integer that a double may have rounded. */
export function mayHaveLostDigits(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
}

function at(path: readonly (string | number)[]): string {
  return path.length === 0 ? '' : ` at ${path.map((key) => JSON.stringify(key)).join(' ')}`;
}

/** A member whose variable is left out is left out itself: `null` would mean that it is to be removed. */
function isAbsentVariable(node: ValueNode, variables: Readonly<Record<string, unknown>>): boolean {
  return node.kind === Kind.VARIABLE && variables[node.name.value] === undefined;
}
