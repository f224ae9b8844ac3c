import {
  type FieldNode,
  getNamedType,
  type GraphQLObjectType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import type { Resource } from '../catalog/resource.ts';
import type { KeyOutput, ObjectProgram, Output } from '../projection/program.ts';
import { objectIdOf, wholeJson, wholeYaml } from './computed-fields.ts';
import { collectFields, type SelectionContext, selectionSetsOf } from './selections.ts';

/** Compiles what is selected on an object type into a program that runs over the object's bytes. */
export function objectProgram(
  context: SelectionContext,
  type: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
): ObjectProgram {
  const fields = collectFields(context, type, selectionSets);
  return {
    outputs: [...fields].map(([responseName, nodes]) => fieldOutput(context, type, responseName, nodes)),
  };
}

function fieldOutput(
  context: SelectionContext,
  type: GraphQLObjectType,
  responseName: string,
  nodes: readonly FieldNode[],
): Output {
  const name = (nodes[0] as FieldNode).name.value;
  if (name === '__typename') return { kind: 'literal', responseName, json: JSON.stringify(type.name) };
  const field = type.getFields()[name];
  // Validation has seen to it that the field exists.
  if (field === undefined) throw new Error(`no field ${type.name}.${name}`);
  const source = field.extensions.source;
  if (source !== undefined && 'constant' in source) {
    return { kind: 'literal', responseName, json: JSON.stringify(source.constant) };
  }
  if (source !== undefined && 'computed' in source) {
    return { kind: 'computed', responseName, compute: computed(source.computed, type.extensions.resource) };
  }
  const child = getNamedType(field.type);
  const output: KeyOutput = {
    kind: 'key',
    responseName,
    key: source?.key ?? name,
    program: isObjectType(child) ? objectProgram(context, child, selectionSetsOf(nodes)) : null,
  };
  return isRequiredObject(type, name) ? { ...output, required: true } : output;
}

/** `metadata` is never null, though an API server could leave it out of an object that has none. */
function isRequiredObject(type: GraphQLObjectType, fieldName: string): boolean {
  return type.extensions.resource !== undefined && fieldName === 'metadata';
}

function computed(
  what: 'id' | 'raw' | 'yaml',
  resource: Resource | undefined,
): (object: Buffer) => string | Buffer {
  switch (what) {
    case 'id':
      return (object) => JSON.stringify(objectIdOf(resource as Resource, object));
    case 'raw':
      return (object) => wholeJson(resource, object);
    case 'yaml':
      return (object) => JSON.stringify(wholeYaml(resource, object));
  }
}
