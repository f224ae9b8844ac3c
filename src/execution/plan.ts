import {
  type ASTNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  getOperationAST,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  parse,
  visit,
} from 'graphql';
import type { Identity } from '../cluster/identity.ts';
import type { GatewaySchema } from '../mapping/gateway-schema.ts';
import { touchedBy } from '../mapping/touched.ts';
import { Compilations } from './compilations.ts';
import { documentError } from './graphql-errors.ts';
import { namesSomethingUnknown } from './unknown-names.ts';
import { validateDocument } from './validate-document.ts';

/** A document that has been parsed and fits the schema: what does not depend on variables or on the caller. */
export interface Plan {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** What has been compiled from its root fields. */
  readonly compilations: Compilations;
  /** What it takes up in memory, in bytes, about. */
  readonly bytes: number;
}

/** Of a document's tree, its tokens included, for each character of its text: measured. What is compiled adds some. */
const BYTES_PER_CHARACTER = 100;

/** A document may have this many tokens. Full introspection has 163, a rich pod query 116. */
const MAX_TOKENS = 5_000;

/** Or what is wrong with the document, to be answered before anything is sent upstream. */
export type PlanResult =
  | { readonly plan: Plan }
  | {
      readonly errors: readonly GraphQLError[];
      /** Whether the document names something that the schema does not have, and might have by now. */
      readonly namesUnknown: boolean;
    };

/**
 * Parses and validates a document. Loads the OpenAPI documents that it touches first, and nothing else.
 *
 * @param operationName which of several operations is meant.
 */
export async function planDocument(
  schema: GatewaySchema,
  identity: Identity,
  query: string,
  operationName: string | undefined,
): Promise<PlanResult> {
  const document = parseDocument(query);
  if (document instanceof GraphQLError) return refused([document]);
  await schema.prepare(touchedBy(document), identity);
  const { errors: invalid, absent } = validateDocument(schema, document);
  if (invalid.length > 0) {
    const errors = invalid.map((error) => documentError(error, 'GRAPHQL_VALIDATION_FAILED'));
    return refused(errors, namesSomethingUnknown(schema.schema, document, absent));
  }
  const operation = getOperationAST(document, operationName);
  if (operation === null || operation === undefined) return refused([unknownOperation(operationName)]);
  const compilations = new Compilations(decidingVariables(document));
  const bytes = query.length * BYTES_PER_CHARACTER;
  return { plan: { operation, fragments: fragmentsOf(document), compilations, bytes } };
}

function refused(errors: readonly GraphQLError[], namesUnknown = false): PlanResult {
  return { errors, namesUnknown };
}

/** The variables that decide what is selected: in `@skip` and `@include`, or in the arguments of a field below a root field. */
function decidingVariables(document: DocumentNode): ReadonlySet<string> {
  const found = new Set<string>();
  visit(document, {
    Variable: (node, _key, _parent, _path, ancestors) => {
      // The lists among them hold what stands beside.
      const around = ancestors.filter((each): each is ASTNode => !Array.isArray(each));
      if (decidesSelection(around)) found.add(node.name.value);
    },
  });
  return found;
}

/** @param around the nodes that a variable stands in, from the document inwards. */
function decidesSelection(around: readonly ASTNode[]): boolean {
  if (around.some(({ kind }) => kind === Kind.DIRECTIVE)) return true;
  const fields = around.filter(({ kind }) => kind === Kind.FIELD).length;
  const isBelowRoot = around.some(
    (node) => node.kind === Kind.FRAGMENT_DEFINITION && !ROOT_TYPES.has(node.typeCondition.name.value),
  );
  // The arguments of root fields say what is read, and are looked at anew for each operation.
  return fields > (isBelowRoot ? 0 : 1);
}

const ROOT_TYPES: ReadonlySet<string> = new Set(['Query', 'Mutation', 'Subscription']);

/** The parsed document, or why it is none. */
export function parseDocument(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query, { maxTokens: MAX_TOKENS });
  } catch (error) {
    if (error instanceof GraphQLError) return documentError(error, 'GRAPHQL_PARSE_FAILED');
    // The parser is recursive: only nesting beyond all reason overflows the stack.
    if (error instanceof RangeError)
      return documentError(new GraphQLError('the document is nested too deeply'), 'GRAPHQL_PARSE_FAILED');
    throw error;
  }
}

function unknownOperation(operationName: string | undefined): GraphQLError {
  const message =
    operationName === undefined
      ? 'the document has several operations: say which one with "operationName"'
      : `the document has no operation named "${operationName}"`;
  return documentError(new GraphQLError(message), 'BAD_USER_INPUT');
}

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}
