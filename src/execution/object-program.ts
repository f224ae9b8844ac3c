import {
  type FieldNode,
  getArgumentValues,
  getNamedType,
  GraphQLError,
  type GraphQLField,
  type GraphQLObjectType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import type { Resource } from '../catalog/resource.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import type { ComputedOutput, KeyOutput, ObjectProgram, Output } from '../projection/program.ts';
import { idHead, objectIdOf, wholeJson, wholeYaml } from './computed-fields.ts';
import { collectFields, countFields, type SelectionContext, selectionSetsOf } from './selections.ts';

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

/**
 * Whether a program over a whole object would say the same of its metadata alone. Not of annotations: the API server makes some
 * of them from fields that older versions did not have (a DaemonSet's template generation, conditions of an autoscaler), and leaves
 * these out where it sends metadata alone.
 */
export function needsMetadataOnly({ outputs }: ObjectProgram): boolean {
  return outputs.every((output) => {
    if (output.kind === 'literal') return true;
    if (output.kind === 'computed') return output.reads === 'metadata' || output.reads === 'nothing';
    if (output.kind === 'self') return needsMetadataOnly(output.program);
    return output.key === 'metadata' && output.kind === 'key' && !readsAnnotations(output.program);
  });
}

function readsAnnotations(metadata: ObjectProgram | null): boolean {
  if (metadata === null) return true;
  return metadata.outputs.some((output) => 'key' in output && output.key === 'annotations');
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
  if (source === undefined || 'key' in source) {
    const child = getNamedType(field.type);
    const program = isObjectType(child) ? objectProgram(context, child, selectionSetsOf(nodes)) : null;
    const output: KeyOutput = { kind: 'key', responseName, key: source?.key ?? name, program };
    return isRequiredObject(type, name) ? { ...output, required: true } : output;
  }
  if ('constant' in source) return { kind: 'literal', responseName, json: JSON.stringify(source.constant) };
  if ('computed' in source) {
    return computedOutput(responseName, source.computed, type.extensions.resource);
  }
  const args = argumentsOf(context, field, nodes);
  return 'memberOf' in source
    ? { kind: 'member', responseName, key: source.memberOf, member: String(args['key']) }
    : membersOutput(context, responseName, source.membersOf, args['keys']);
}

/** A field's arguments. Throws BAD_USER_INPUT for a variable that is null where a value must be: validation lets it pass. */
function argumentsOf(
  context: SelectionContext,
  field: GraphQLField<unknown, unknown>,
  nodes: readonly FieldNode[],
): Readonly<Record<string, unknown>> {
  try {
    // Validation has seen to it that all nodes have the same.
    return getArgumentValues(field, nodes[0] as FieldNode, context.variables);
  } catch (cause) {
    if (!(cause instanceof GraphQLError)) throw cause;
    throw new KubegraphError('BAD_USER_INPUT', cause.message, { cause });
  }
}

function membersOutput(
  context: SelectionContext,
  responseName: string,
  key: string,
  wanted: unknown,
): Output {
  if (!Array.isArray(wanted)) return { kind: 'key', responseName, key, program: null };
  const members = [...new Set(wanted.map(String))];
  // Each is looked for in every object, as a field is.
  countFields(context, members.length);
  return { kind: 'members', responseName, key, members };
}

/** `metadata` is never null, though an API server could leave it out of an object that has none. */
function isRequiredObject(type: GraphQLObjectType, fieldName: string): boolean {
  return type.extensions.resource !== undefined && fieldName === 'metadata';
}

function computedOutput(
  responseName: string,
  what: 'id' | 'raw' | 'yaml',
  resource: Resource | undefined,
): ComputedOutput {
  const kind = 'computed';
  switch (what) {
    case 'id':
      // Only what is a resource has one.
      return idOutput(responseName, resource as Resource);
    case 'raw':
      return { kind, responseName, compute: (object) => wholeJson(resource, object) };
    case 'yaml':
      return { kind, responseName, compute: (object) => JSON.stringify(wholeYaml(resource, object)) };
  }
}

export function idOutput(responseName: string, resource: Resource): ComputedOutput {
  return {
    kind: 'computed',
    responseName,
    reads: 'metadata',
    compute: (object) => JSON.stringify(objectIdOf(resource, object)),
    idHead: idHead(resource),
  };
}
