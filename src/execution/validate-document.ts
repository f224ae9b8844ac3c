import {
  type ASTNode,
  type DocumentNode,
  FieldsOnCorrectTypeRule,
  GraphQLError,
  Kind,
  KnownTypeNamesRule,
  specifiedRules,
  validate,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import type { GatewaySchema } from '../mapping/gateway-schema.ts';
import type { Operation } from '../mapping/names/resource-fields.ts';
import { whyFieldNotServed, whyTypeNotServed } from './add-ons.ts';

/** What is wrong with a document. */
export interface Invalidity {
  /** In the order of the document; empty for a valid one. */
  readonly errors: readonly GraphQLError[];
  /** The nodes that name something which is known not to be shown: it will not be there for looking again. */
  readonly absent: ReadonlySet<ASTNode>;
}

/**
 * graphql-js' validation. Names that mean nothing here and would elsewhere are told from those that mean nothing at all:
 * short names that several groups claim, fields and types of versions that the gateway was told to hide, or of add-ons that
 * the cluster has not.
 */
export function validateDocument(schema: GatewaySchema, document: DocumentNode): Invalidity {
  const absent = new Set<ASTNode>();
  const reworded = (rule: ValidationRule): ValidationRule => {
    if (rule !== FieldsOnCorrectTypeRule && rule !== KnownTypeNamesRule) return rule;
    return (context) => rule(reporting(context, (error) => reword(schema, context, error, absent)));
  };
  return { errors: validate(schema.schema, document, specifiedRules.map(reworded)), absent };
}

/** The same context, but for what becomes of errors. */
function reporting(
  context: ValidationContext,
  change: (error: GraphQLError) => GraphQLError,
): ValidationContext {
  // A copy would miss where in the document the walk is.
  return Object.create(context, {
    reportError: { value: (error: GraphQLError) => context.reportError(change(error)) },
  }) as ValidationContext;
}

function reword(
  schema: GatewaySchema,
  context: ValidationContext,
  error: GraphQLError,
  absent: Set<ASTNode>,
): GraphQLError {
  const node = error.nodes?.[0];
  if (node === undefined) return error;
  const reason = whyAbsent(schema, context, node);
  if (reason !== undefined) absent.add(node);
  // What is not served may have been installed by now: it is looked for like any other name.
  const message = reason ?? whyNotServed(schema, context, node);
  return message === undefined ? error : new GraphQLError(message, { nodes: node });
}

function whyAbsent(schema: GatewaySchema, context: ValidationContext, node: ASTNode): string | undefined {
  if (node.kind === Kind.NAMED_TYPE) {
    const { value } = node.name;
    return notShown(`type "${value}"`, schema.hidden.whyType(value));
  }
  const operation = operationOf(context);
  if (node.kind !== Kind.FIELD || operation === undefined) return undefined;
  const { value } = node.name;
  return (
    whyContested(value, schema.names.contested(operation, value)) ??
    notShown(`field "${value}"`, schema.hidden.whyField(operation, value))
  );
}

function whyNotServed(schema: GatewaySchema, context: ValidationContext, node: ASTNode): string | undefined {
  if (node.kind === Kind.NAMED_TYPE) {
    const { value } = node.name;
    return unknownHere(`type "${value}"`, whyTypeNotServed(schema.names, value));
  }
  const operation = operationOf(context);
  if (node.kind !== Kind.FIELD || operation === undefined) return undefined;
  const { value } = node.name;
  return unknownHere(`field "${value}"`, whyFieldNotServed(schema.names, operation, value));
}

/** The operation whose root field is being looked at; undefined below. */
function operationOf(context: ValidationContext): Operation | undefined {
  return OPERATION_BY_ROOT_TYPE.get(context.getParentType()?.name ?? '');
}

const OPERATION_BY_ROOT_TYPE: ReadonlyMap<string, Operation> = new Map([
  ['Query', 'query'],
  ['Mutation', 'mutation'],
  ['Subscription', 'subscription'],
]);

function notShown(what: string, reason: string | undefined): string | undefined {
  return (
    reason &&
    `The ${what} is not shown here: ${reason}. The gateway's settings "include", "exclude" and "stability" decide.`
  );
}

function unknownHere(what: string, reason: string | undefined): string | undefined {
  return reason && `There is no ${what} here: ${reason}.`;
}

function whyContested(name: string, claimants: readonly string[] | undefined): string | undefined {
  if (claimants === undefined) return undefined;
  const more = claimants.length > MAX_CHOICES ? ', or another that "apiResources" lists' : '';
  const named = claimants.slice(0, MAX_CHOICES).map((claimant) => `"${claimant}"`);
  return `The short name "${name}" is claimed by several API groups: use ${named.join(' or ')}${more}. The gateway's setting "names" can say which one it means.`;
}

/** Names of widespread kinds are claimed by a dozen groups. */
const MAX_CHOICES = 5;
