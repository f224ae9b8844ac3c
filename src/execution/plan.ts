import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getOperationAST,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
  visit,
} from 'graphql';
import type { Identity } from '../cluster/identity.ts';
import type { GatewaySchema } from '../mapping/gateway-schema.ts';
import { type Touched, touchedBy } from '../mapping/touched.ts';
import { documentError } from './graphql-errors.ts';

/** A document that has been parsed and fits the schema: what does not depend on variables or on the caller. */
export interface Plan {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** What has been compiled from its root fields; undefined when variables decide what is selected. */
  readonly compiled: WeakMap<FieldNode, unknown> | undefined;
}

/** A document may have this many tokens. Full introspection has 163, a rich pod query 116. */
const MAX_TOKENS = 5_000;

/** Or what is wrong with the document, to be answered before anything is sent upstream. */
export type PlanResult = { readonly plan: Plan } | { readonly errors: readonly GraphQLError[] };

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
  if (document instanceof GraphQLError) return { errors: [document] };
  const touched = touchedBy(document);
  const contested = contestedNames(schema, touched);
  if (contested.length > 0) return { errors: contested };
  await schema.prepare(touched, identity);
  const invalid = validate(schema.schema, document);
  if (invalid.length > 0)
    return { errors: invalid.map((error) => documentError(error, 'GRAPHQL_VALIDATION_FAILED')) };
  const operation = getOperationAST(document, operationName);
  if (operation === null || operation === undefined) return { errors: [unknownOperation(operationName)] };
  // graphql 16 has no rule against it.
  if (schema.schema.getRootType(operation.operation) === undefined) {
    const error = new GraphQLError(
      `The API server serves nothing that a ${operation.operation} could be about.`,
    );
    return { errors: [documentError(error, 'GRAPHQL_VALIDATION_FAILED')] };
  }
  const compiled = hasVariableSelection(document) ? undefined : new WeakMap<FieldNode, unknown>();
  return { plan: { operation, fragments: fragmentsOf(document), compiled } };
}

/** Whether `@skip` or `@include` depends on a variable somewhere. */
function hasVariableSelection(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Directive: (directive) => {
      found ||= directive.arguments?.some((argument) => argument.value.kind === Kind.VARIABLE) === true;
    },
  });
  return found;
}

function parseDocument(query: string): DocumentNode | GraphQLError {
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

/** Errors for short names that several groups claim. Without them validation would just say that there is no such field. */
function contestedNames(schema: GatewaySchema, touched: Touched): readonly GraphQLError[] {
  return touched.rootFields.flatMap(({ operation, name }) => {
    const claimants = schema.names.ambiguous.get(name);
    if (claimants === undefined || schema.names.fields[operation].has(name)) return [];
    const choices = claimants.map((claimant) => `"${claimant}"`).join(' or ');
    const error = new GraphQLError(
      `The short name "${name}" is claimed by several API groups: use ${choices}.`,
    );
    return [documentError(error, 'GRAPHQL_VALIDATION_FAILED')];
  });
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
