import { type FieldNode, getNamedType, type GraphQLObjectType, isObjectType } from 'graphql';
import type { ObjectProgram } from '../projection/program.ts';
import { metadataKeys } from './metadata-keys.ts';
import { needsMetadataOnly, objectProgram } from './object-program.ts';
import { collectFields, type SelectionContext, selectionSetsOf } from './selections.ts';

/** What is selected on a connection, in response order. */
export type ListOutput =
  | { readonly kind: 'items'; readonly responseName: string; readonly program: ObjectProgram }
  | { readonly kind: 'edges'; readonly responseName: string; readonly edge: readonly EdgeOutput[] }
  | { readonly kind: 'pageInfo'; readonly responseName: string; readonly program: ObjectProgram }
  | { readonly kind: 'resourceVersion' | 'remainingItemCount'; readonly responseName: string }
  | { readonly kind: 'literal'; readonly responseName: string; readonly json: string };

export interface ListPlan {
  readonly outputs: readonly ListOutput[];
  /** What has to be read: whole objects, their metadata only, how many there are, or nothing of them. */
  readonly needs: 'objects' | 'metadata' | 'count' | 'nothing';
  /** The keys of metadata that are read, where no others are needed and protobuf tells all of them. */
  readonly metadataKeys: ReadonlySet<string> | undefined;
  /** Whether each edge says where it is in the list. */
  readonly hasCursors: boolean;
  /** Whether the list says where it begins and ends. */
  readonly hasPageInfo: boolean;
}

export type EdgeOutput =
  | { readonly kind: 'node'; readonly responseName: string; readonly program: ObjectProgram }
  | { readonly kind: 'cursor'; readonly responseName: string }
  | { readonly kind: 'literal'; readonly responseName: string; readonly json: string };

export function listPlan(
  context: SelectionContext,
  connection: GraphQLObjectType,
  nodes: readonly FieldNode[],
): ListPlan {
  const fields = collectFields(context, connection, selectionSetsOf(nodes));
  const outputs = [...fields].map(([responseName, fieldNodes]): ListOutput => {
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
  const needs = neededBy(outputs);
  return {
    outputs,
    needs,
    metadataKeys: needs === 'objects' ? undefined : metadataKeys(outputs.flatMap(programsOf)),
    hasCursors: outputs.some(hasCursors),
    hasPageInfo: outputs.some(({ kind }) => kind === 'pageInfo'),
  };
}

function neededBy(outputs: readonly ListOutput[]): ListPlan['needs'] {
  if (outputs.every(({ kind }) => SAYS_NOTHING_OF_ITEMS.has(kind))) {
    return outputs.some(({ kind }) => kind === 'remainingItemCount') ? 'count' : 'nothing';
  }
  return outputs.flatMap(programsOf).every(needsMetadataOnly) ? 'metadata' : 'objects';
}

const SAYS_NOTHING_OF_ITEMS: ReadonlySet<ListOutput['kind']> = new Set([
  'literal',
  'resourceVersion',
  'remainingItemCount',
]);

/** The programs that run over items. */
function programsOf(output: ListOutput): readonly ObjectProgram[] {
  if (output.kind === 'items') return [output.program];
  return output.kind === 'edges'
    ? output.edge.flatMap((each) => (each.kind === 'node' ? [each.program] : []))
    : [];
}

function hasCursors(output: ListOutput): boolean {
  return output.kind === 'edges' && output.edge.some(({ kind }) => kind === 'cursor');
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

/** The type of one of a type's object fields. */
export function childType(parent: GraphQLObjectType, field: string): GraphQLObjectType {
  const type = getNamedType(parent.getFields()[field]?.type);
  if (!isObjectType(type)) throw new Error(`${parent.name}.${field} has no object type`);
  return type;
}
