import { type FieldNode, getNamedType, type GraphQLObjectType, isObjectType } from 'graphql';
import type { ObjectProgram } from '../projection/program.ts';
import { objectProgram } from './object-program.ts';
import { collectFields, type SelectionContext, selectionSetsOf } from './selections.ts';

/** What is selected on a connection, in response order. */
export type ListOutput =
  | { readonly kind: 'items'; readonly responseName: string; readonly program: ObjectProgram }
  | { readonly kind: 'edges'; readonly responseName: string; readonly edge: readonly EdgeOutput[] }
  | { readonly kind: 'pageInfo'; readonly responseName: string; readonly program: ObjectProgram }
  | { readonly kind: 'resourceVersion' | 'remainingItemCount'; readonly responseName: string }
  | { readonly kind: 'literal'; readonly responseName: string; readonly json: string };

export type EdgeOutput =
  | { readonly kind: 'node'; readonly responseName: string; readonly program: ObjectProgram }
  | { readonly kind: 'cursor'; readonly responseName: string }
  | { readonly kind: 'literal'; readonly responseName: string; readonly json: string };

export function listPlan(
  context: SelectionContext,
  connection: GraphQLObjectType,
  nodes: readonly FieldNode[],
): readonly ListOutput[] {
  const fields = collectFields(context, connection, selectionSetsOf(nodes));
  return [...fields].map(([responseName, fieldNodes]): ListOutput => {
    const name = (fieldNodes[0] as FieldNode).name.value;
    switch (name) {
      case 'items':
      case 'pageInfo':
        return { kind: name, responseName, program: childProgram(context, connection, name, fieldNodes) };
      case 'edges':
        return {
          kind: 'edges',
          responseName,
          edge: edgePlan(context, childType(connection, 'edges'), fieldNodes),
        };
      case 'resourceVersion':
      case 'remainingItemCount':
        return { kind: name, responseName };
      default:
        return { kind: 'literal', responseName, json: JSON.stringify(connection.name) };
    }
  });
}

function edgePlan(
  context: SelectionContext,
  edge: GraphQLObjectType,
  nodes: readonly FieldNode[],
): readonly EdgeOutput[] {
  const fields = collectFields(context, edge, selectionSetsOf(nodes));
  return [...fields].map(([responseName, fieldNodes]): EdgeOutput => {
    const name = (fieldNodes[0] as FieldNode).name.value;
    switch (name) {
      case 'node':
        return { kind: 'node', responseName, program: childProgram(context, edge, 'node', fieldNodes) };
      case 'cursor':
        return { kind: 'cursor', responseName };
      default:
        return { kind: 'literal', responseName, json: JSON.stringify(edge.name) };
    }
  });
}

/** The program for what is selected below one of a type's object fields. */
export function childProgram(
  context: SelectionContext,
  parent: GraphQLObjectType,
  field: string,
  nodes: readonly FieldNode[],
): ObjectProgram {
  return objectProgram(context, childType(parent, field), selectionSetsOf(nodes));
}

function childType(parent: GraphQLObjectType, field: string): GraphQLObjectType {
  const type = getNamedType(parent.getFields()[field]?.type);
  if (!isObjectType(type)) throw new Error(`${parent.name}.${field} has no object type`);
  return type;
}
