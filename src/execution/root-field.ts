import {
  type FieldNode,
  getArgumentValues,
  getNamedType,
  type GraphQLField,
  type GraphQLInputType,
  GraphQLObjectType,
} from 'graphql';
import { pathOf } from '../catalog/resource.ts';
import { readWhole } from '../cluster/read.ts';
import type { UpstreamAnswer } from '../cluster/upstream.ts';
import type { RootBinding } from '../mapping/bindings.ts';
import { oneLine, stringifyJson } from '../util/json.ts';
import { BASE_FIELDS } from './base-fields.ts';
import { call, namespaceFor, type OperationContext, optionalText, pathSegment } from './call.ts';
import { deletedList, deletionAnswer } from './deletion.ts';
import { projected } from './json-parts.ts';
import { listPlan } from './list-plan.ts';
import { objectProgram } from './object-program.ts';
import { readList } from './read-list.ts';
import { selectionSetsOf } from './selections.ts';
import { writeRequest, type WriteRequest } from './write-request.ts';

/** A root field as one operation selects it. */
export interface SelectedField {
  readonly responseName: string;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly nodes: readonly FieldNode[];
}

export type Args = Readonly<Record<string, unknown>>;

/** The value of a query or mutation field as JSON bytes. Rejects with the field's failure. */
export async function resolveRootField(context: OperationContext, field: SelectedField): Promise<Buffer> {
  const binding = field.definition.extensions.root;
  if (binding === undefined) throw new Error(`the field ${field.definition.name} is bound to nothing`);
  const args = argumentsOf(context, field);
  return binding.kind === 'base'
    ? resolveBaseField(context, field, binding.name, args)
    : resolveResourceField(context, field, binding, args);
}

/** A field's arguments with their defaults. Throws the GraphQL error that names a wrong one. */
export function argumentsOf(context: OperationContext, field: SelectedField): Args {
  return getArgumentValues(field.definition, field.nodes[0] as FieldNode, context.selection.variables);
}

async function resolveBaseField(
  context: OperationContext,
  field: SelectedField,
  name: string,
  args: Args,
): Promise<Buffer> {
  const resolve = BASE_FIELDS[name];
  if (resolve === undefined) throw new Error(`nobody answers the field ${name}`);
  const value = await resolve(context, field.responseName, args);
  const type = value.type ?? getNamedType(field.definition.type);
  if (!(type instanceof GraphQLObjectType)) return value.json;
  const program = objectProgram(context.selection, type, selectionSetsOf(field.nodes));
  return isJsonArray(value.json) ? projectedList(program, value.json) : projected(program, value.json);
}

async function resolveResourceField(
  context: OperationContext,
  field: SelectedField,
  { action, resource, subresource }: Extract<RootBinding, { kind: 'resource' }>,
  args: Args,
): Promise<Buffer> {
  const { responseName, nodes, definition } = field;
  const type = getNamedType(definition.type);
  if (action === 'watch') throw new Error('a watch is a subscription');
  if (action === 'list') {
    return readList(
      context,
      responseName,
      resource,
      args,
      listPlan(context.selection, type as GraphQLObjectType, nodes),
    );
  }
  if (action === 'get') {
    const name = pathSegment(String(args['name']), 'name');
    const path = pathOf(resource, namespaceFor(resource, args), name, subresource?.name);
    const query = { resourceVersion: optionalText(args, 'resourceVersion') };
    return project(
      context,
      field,
      await bodyOf(await call(context, responseName, { method: 'GET', path, query })),
    );
  }
  const target = { resource, subresource, inputType: inputTypeOf(field) };
  const body = await write(context, responseName, writeRequest(action, target, args));
  switch (action) {
    case 'delete':
      return deletionAnswer(context.selection, type as GraphQLObjectType, nodes, body);
    case 'deleteCollection':
      return deletedList(context.selection, type as GraphQLObjectType, nodes, body);
    default:
      return project(context, field, body);
  }
}

async function write(
  context: OperationContext,
  responseName: string,
  request: WriteRequest,
): Promise<Buffer> {
  const { method, path, query, contentType, content } = request;
  const body = { contentType, content: stringifyJson(content) };
  return bodyOf(await call(context, responseName, { method, path, query, body }));
}

async function bodyOf(answer: UpstreamAnswer): Promise<Buffer> {
  return oneLine(await readWhole(answer.body));
}

/** An object as it is selected; as a whole where the schema has no type for it. */
function project(context: OperationContext, field: SelectedField, body: Buffer): Buffer {
  const type = getNamedType(field.definition.type);
  if (!(type instanceof GraphQLObjectType)) return body;
  return projected(objectProgram(context.selection, type, selectionSetsOf(field.nodes)), body);
}

function inputTypeOf(field: SelectedField): GraphQLInputType | undefined {
  return field.definition.args.find((argument) => argument.name === 'input')?.type;
}

function isJsonArray(json: Buffer): boolean {
  return json[0] === 0x5b;
}

/** Programs run over objects and, nested, over arrays of them: an array on top is put into an object for the moment. */
function projectedList(program: ReturnType<typeof objectProgram>, json: Buffer): Buffer {
  const wrapped = Buffer.concat([Buffer.from('{"list":'), json, Buffer.from('}')]);
  const answer = projected(
    { outputs: [{ kind: 'key', responseName: 'list', key: 'list', program }] },
    wrapped,
  );
  return answer.subarray('{"list":'.length, -1);
}
