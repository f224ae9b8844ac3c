import {
  type FieldNode,
  getArgumentValues,
  getNamedType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  isObjectType,
} from 'graphql';
import type { Resource } from '../catalog/resource.ts';
import { METADATA } from '../cluster/accept.ts';
import { pathOf } from '../cluster/resource-path.ts';
import { isKubegraphError, KubegraphError } from '../errors/kubegraph-error.ts';
import type { ResourceAction, RootBinding } from '../mapping/bindings.ts';
import { MalformedJson } from '../projection/malformed-json.ts';
import type { ObjectProgram } from '../projection/program.ts';
import { stringifyJson } from '../util/json.ts';
import { BASE_FIELDS, BASE_MUTATIONS } from './base-fields.ts';
import {
  type Args,
  bodyOf,
  call,
  keep,
  namespaceFor,
  type OperationContext,
  optionalText,
  pathSegment,
} from './call.ts';
import { deletedListWriter, deletionWriter } from './deletion.ts';
import { projected } from './json-parts.ts';
import { listPlan } from './list-plan.ts';
import { needsMetadataOnly, objectProgram } from './object-program.ts';
import { fieldList, type ListStream } from './read-list.ts';
import { readOnce } from './read-once.ts';
import { compiledOnce, selectionSetsOf } from './selections.ts';
import { writeRequest } from './write-request.ts';

/** A root field as one operation selects it. */
export interface SelectedField {
  readonly responseName: string;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly nodes: readonly FieldNode[];
}

/** Answers a field as JSON bytes; rejects with the field's failure. */
export type ResolveField = () => Promise<Buffer>;

/** A field whose selection has been compiled. Either of the two is to be called, once. */
export interface PreparedField {
  readonly resolve: ResolveField;
  /** The same while it is being read; undefined for what is too small to be worth it. Throws the field's failure. */
  readonly stream?: () => ListStream;
}

type ResourceBinding = Extract<RootBinding, { kind: 'resource' }>;
type BaseBinding = Extract<RootBinding, { kind: 'base' }>;

/**
 * Compiles what is selected on a query or mutation field. Nothing goes upstream before the answer is called, so a
 * document that cannot be answered has changed nothing.
 */
export function prepareRootField(context: OperationContext, field: SelectedField): PreparedField {
  const binding = field.definition.extensions.root;
  if (binding === undefined) throw new Error(`the field ${field.definition.name} is bound to nothing`);
  if (binding.kind === 'base') return { resolve: prepareBaseField(context, field, binding) };
  return binding.action === 'list'
    ? prepareList(context, field, binding.resource)
    : { resolve: prepareResourceField(context, field, binding) };
}

/** Counts a value in: what is read once may be answered many times. */
function counted(context: OperationContext, value: Buffer): Buffer {
  keep(context, value.length);
  return value;
}

/** A field's arguments with their defaults. Throws the GraphQL error that names a wrong one. */
export function argumentsOf(context: OperationContext, field: SelectedField): Args {
  return getArgumentValues(field.definition, field.nodes[0] as FieldNode, context.selection.variables);
}

function prepareBaseField(
  context: OperationContext,
  field: SelectedField,
  { operation, name }: BaseBinding,
): ResolveField {
  const resolve = (operation === 'mutation' ? BASE_MUTATIONS : BASE_FIELDS)[name];
  if (resolve === undefined) throw new Error(`nobody answers the field ${name}`);
  const declared = getNamedType(field.definition.type);
  const write = isObjectType(declared) ? objectWriter(context, field, declared) : undefined;
  return async () => {
    const { json, type } = await resolve(context, field.responseName, argumentsOf(context, field));
    // Only the object tells which type an interface stands for.
    const writer = write ?? (type === undefined ? undefined : objectWriter(context, field, type));
    return counted(context, writer === undefined ? json : writer(json));
  };
}

function prepareList(context: OperationContext, field: SelectedField, resource: Resource): PreparedField {
  const { responseName, nodes } = field;
  const connection = getNamedType(field.definition.type) as GraphQLObjectType;
  const plan = compiledOnce(context.selection, nodes, () => listPlan(context.selection, connection, nodes));
  try {
    const args = argumentsOf(context, field);
    const { whole, stream } = fieldList(context, { responseName, resource, args, plan });
    return { resolve: whole, ...(stream === undefined ? {} : { stream }) };
  } catch (error) {
    // Arguments that mean no list are this field's failure, and nobody else's.
    return { resolve: () => Promise.reject(error) };
  }
}

function prepareResourceField(
  context: OperationContext,
  field: SelectedField,
  binding: ResourceBinding,
): ResolveField {
  const { action, resource, subresource } = binding;
  const { responseName } = field;
  if (action === 'watch' || action === 'live' || action === 'list')
    throw new Error(`a ${action} is not answered at once`);
  const writeAnswer = answerWriter(context, field, action);
  if (action === 'get') {
    const accept = subresource === undefined ? acceptFor(context, field) : undefined;
    return async () => {
      return counted(context, writeAnswer(await readObject(context, field, binding, accept)));
    };
  }
  const target = { resource, subresource, inputType: inputTypeOf(field) };
  return async () => {
    const { method, path, query, contentType, content } = writeRequest(
      action,
      target,
      argumentsOf(context, field),
    );
    const body = { contentType, content: stringifyJson(content) };
    const answer = await call(context, responseName, { method, path, query, body });
    try {
      return writeAnswer(await bodyOf(context, answer));
    } catch (error) {
      throw isLostAnswer(error) ? outcomeUnknown(error) : error;
    }
  };
}

/** Whether the answer to a write is missing or broken, which does not undo the write. */
function isLostAnswer(error: unknown): boolean {
  if (error instanceof MalformedJson) return true;
  return isKubegraphError(error, 'UPSTREAM_ERROR') || isKubegraphError(error, 'TIMEOUT');
}

/** Those codes alone would invite the caller to send the write again. */
function outcomeUnknown(cause: unknown): KubegraphError {
  const message =
    'the API server has taken the write, but its answer got lost. Read the object before trying again';
  return new KubegraphError('OUTCOME_UNKNOWN', message, { cause });
}

async function readObject(
  context: OperationContext,
  field: SelectedField,
  { resource, subresource }: ResourceBinding,
  accept: string | undefined,
): Promise<Buffer> {
  const args = argumentsOf(context, field);
  const name = pathSegment(String(args['name']), 'name');
  const path = pathOf(resource, namespaceFor(resource, args), name, subresource?.name);
  const query = { resourceVersion: optionalText(args, 'resourceVersion') };
  return (await readOnce(context, field.responseName, { path, query, accept })).body;
}

/** Turns the body of the API server's answer into the field's value. */
type AnswerWriter = (body: Buffer) => Buffer;

function answerWriter(context: OperationContext, field: SelectedField, action: ResourceAction): AnswerWriter {
  const type = getNamedType(field.definition.type);
  // Where the API server does not describe what it answers, the answer is JSON.
  if (!isObjectType(type)) return (body) => body;
  if (action === 'delete') return deletionWriter(context.selection, type, field.nodes);
  if (action === 'deleteCollection') return deletedListWriter(context.selection, type, field.nodes);
  return objectWriter(context, field, type);
}

function objectWriter(
  context: OperationContext,
  field: SelectedField,
  type: GraphQLObjectType,
): AnswerWriter {
  const program = objectProgramOf(context, field, type);
  return (body) => (isJsonArray(body) ? projectedList(program, body) : projected(program, body));
}

function objectProgramOf(
  context: OperationContext,
  field: SelectedField,
  type: GraphQLObjectType,
): ObjectProgram {
  const compile = (): ObjectProgram => objectProgram(context.selection, type, selectionSetsOf(field.nodes));
  const isDynamic = getNamedType(field.definition.type) !== type;
  return isDynamic ? compile() : compiledOnce(context.selection, field.nodes, compile);
}

/** The form in which the object of a field is asked for. */
function acceptFor(context: OperationContext, field: SelectedField): string | undefined {
  const type = getNamedType(field.definition.type);
  const isEnough = isObjectType(type) && needsMetadataOnly(objectProgramOf(context, field, type));
  return isEnough ? METADATA : undefined;
}

function inputTypeOf(field: SelectedField): GraphQLInputType | undefined {
  return field.definition.args.find((argument) => argument.name === 'input')?.type;
}

function isJsonArray(json: Buffer): boolean {
  return json[0] === 0x5b;
}

/** Programs run over objects and, nested, over arrays of them: an array on top is put into an object for the moment. */
function projectedList(program: ObjectProgram, json: Buffer): Buffer {
  const wrapped = Buffer.concat([Buffer.from('{"list":'), json, Buffer.from('}')]);
  const answer = projected(
    { outputs: [{ kind: 'key', responseName: 'list', key: 'list', program }] },
    wrapped,
  );
  return answer.subarray('{"list":'.length, -1);
}
