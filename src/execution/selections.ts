import {
  type FieldNode,
  type FragmentDefinitionNode,
  getDirectiveValues,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  GraphQLSkipDirective,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import type { Compiled } from './compilations.ts';

/** What a selection is read with: the document's fragments and the operation's variables. */
export interface SelectionContext {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Keeps what is compiled from a root field, by its first node. Default: nothing is kept. */
  readonly compiled: Compiled | undefined;
  /** How many more fields the operation may select. Fragments count wherever they are spread. */
  readonly budget: { left: number };
}

/**
 * Fields that an operation may select, fragments flattened. A document of a kilobyte can spread fragments into millions,
 * which neither its size nor its depth shows.
 */
export const MAX_SELECTED_FIELDS = 5_000;

/** What `compile` makes of a root field, which for a plan that is used again has been made before. */
export function compiledOnce<T>(context: SelectionContext, nodes: readonly FieldNode[], compile: () => T): T {
  const key = nodes[0] as FieldNode;
  // A root field's nodes are compiled in one way only.
  const known = context.compiled?.get(key) as T | undefined;
  if (known !== undefined) return known;
  const made = compile();
  context.compiled?.set(key, made);
  return made;
}

/**
 * The fields that are selected on `type`, by response name and in response order: fragments flattened, `@skip` and
 * `@include` decided. The nodes of one response name are to be answered as one field.
 */
export function collectFields(
  context: SelectionContext,
  type: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
): ReadonlyMap<string, readonly FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const seenFragments = new Set<string>();
  const visit = (selection: SelectionNode): void => {
    if (!isIncluded(context, selection)) return;
    if (selection.kind === Kind.FIELD) {
      const responseName = selection.alias?.value ?? selection.name.value;
      const nodes = fields.get(responseName);
      if (nodes === undefined) fields.set(responseName, [selection]);
      else nodes.push(selection);
      return;
    }
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      if (seenFragments.has(selection.name.value)) return;
      seenFragments.add(selection.name.value);
    }
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? context.fragments.get(selection.name.value) : selection;
    if (fragment !== undefined && fits(fragment.typeCondition?.name.value, type)) {
      fragment.selectionSet.selections.forEach(visit);
    }
  };
  for (const set of selectionSets) set.selections.forEach(visit);
  countFields(context, fields.size);
  return fields;
}

/** Counts what has been selected. Throws BAD_USER_INPUT once it is more than an operation may select. */
export function countFields(context: SelectionContext, count: number): void {
  context.budget.left -= count;
  if (context.budget.left >= 0) return;
  throw new KubegraphError('BAD_USER_INPUT', `the operation selects more than ${MAX_SELECTED_FIELDS} fields`);
}

/** The selection sets of all nodes of one field. */
export function selectionSetsOf(nodes: readonly FieldNode[]): readonly SelectionSetNode[] {
  return nodes.flatMap((node) => (node.selectionSet === undefined ? [] : [node.selectionSet]));
}

function isIncluded(context: SelectionContext, selection: SelectionNode): boolean {
  if (selection.directives === undefined || selection.directives.length === 0) return true;
  if (getDirectiveValues(GraphQLSkipDirective, selection, context.variables)?.['if'] === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, selection, context.variables)?.['if'] !== false;
}

function fits(typeCondition: string | undefined, type: GraphQLObjectType): boolean {
  if (typeCondition === undefined || typeCondition === type.name) return true;
  return type.getInterfaces().some((common) => common.name === typeCondition);
}
