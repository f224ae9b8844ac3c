import type { FieldNode, GraphQLObjectType } from 'graphql';
import type { OperationContext } from './call.ts';
import type { Plan } from './plan.ts';
import type { SelectedField } from './root-field.ts';
import { collectFields } from './selections.ts';

/** A field of a root type, or one of those that every root has, under one response name. */
export interface RootSelection {
  readonly responseName: string;
  readonly name: string;
  readonly nodes: readonly FieldNode[];
}

/** What an operation selects, in response order. */
export function rootSelections(context: OperationContext, plan: Plan): readonly RootSelection[] {
  const fields = collectFields(context.selection, rootType(context, plan), [plan.operation.selectionSet]);
  return [...fields].map(([responseName, nodes]) => ({
    responseName,
    name: (nodes[0] as FieldNode).name.value,
    nodes,
  }));
}

export function rootType(context: OperationContext, plan: Plan): GraphQLObjectType {
  // Validation has refused operations that the schema has no root for.
  return context.schema.schema.getRootType(plan.operation.operation) as GraphQLObjectType;
}

export function selectedField(
  type: GraphQLObjectType,
  { responseName, name, nodes }: RootSelection,
): SelectedField {
  const definition = type.getFields()[name];
  if (definition === undefined) throw new Error(`no field ${type.name}.${name}`);
  return { responseName, definition, nodes };
}
