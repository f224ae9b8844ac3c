import { GraphQLError, GraphQLFloat, GraphQLScalarType, Kind } from 'graphql';
import { integerLiteral, mayHaveLostDigits } from './input-values.ts';

/** Beyond it the API server makes a double of an integer itself. */
const MAX_INTEGER = 2 ** 63;

/**
 * GraphQL's own Float, except that it alters no input: fields of numbers may hold integers beyond 2^53, of which the API
 * server keeps every digit. Those of a document are handed on as they are written; in variables they are refused.
 */
export const EXACT_FLOAT: GraphQLScalarType = new GraphQLScalarType({
  ...GraphQLFloat.toConfig(),
  parseValue: (value) => {
    if (mayHaveLostDigits(value) && Math.abs(value) <= MAX_INTEGER) {
      throw new GraphQLError(
        `the integer ${value} in variables is beyond 2^53 and may have lost digits: write it in the document itself`,
      );
    }
    return GraphQLFloat.parseValue(value);
  },
  parseLiteral: (node, variables) => {
    if (node.kind === Kind.INT) return integerLiteral(node.value);
    if (node.kind === Kind.FLOAT && !Number.isFinite(Number(node.value))) {
      throw new GraphQLError(`the number ${node.value} is too large for a double`, { nodes: node });
    }
    return GraphQLFloat.parseLiteral(node, variables);
  },
});
