import { type FieldNode, getNamedType, type GraphQLError, type GraphQLObjectType } from 'graphql';
import type { Resource } from '../catalog/resource.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import type { WatchEvent } from '../watch/event.ts';
import type { WatchHub } from '../watch/hub.ts';
import type { WatchScope } from '../watch/scope.ts';
import { type Answer, dataAnswer, refusal } from './answer.ts';
import { type Args, collectionPath, type OperationContext, optionalText, pathSegment } from './call.ts';
import { jsonObject, jsonOf, projected } from './json-parts.ts';
import { childProgram } from './list-plan.ts';
import type { ObjectProgram } from '../projection/program.ts';
import { argumentsOf, type SelectedField } from './root-field.ts';
import { collectFields, selectionSetsOf } from './selections.ts';

/**
 * A subscription's answers: one for each event. The stream ends with the watch; a failure is its last answer.
 *
 * @param toError makes the GraphQL error of a failure at the field.
 */
export async function* subscribeToResource(
  context: OperationContext,
  hub: WatchHub,
  field: SelectedField,
  resource: Resource,
  toError: (error: unknown) => GraphQLError,
): AsyncGenerator<Answer, void, void> {
  try {
    const args = argumentsOf(context, field);
    const writeEvent = eventWriter(context, field);
    const resumeFrom = optionalText(args, 'resumeFrom');
    const events = hub.subscribe(context.identity, scopeOf(resource, args), {
      signal: context.signal,
      ...(resumeFrom === undefined ? {} : { resumeFrom }),
    });
    for await (const event of events) {
      yield dataAnswer([{ name: field.responseName, json: writeEvent(event) }], [], []);
    }
  } catch (error) {
    if (context.signal.aborted) return;
    yield refusal([toError(error)]);
  }
}

function scopeOf(resource: Resource, args: Args): WatchScope {
  const labelSelector = optionalText(args, 'labelSelector');
  const fieldSelector = fieldSelectorOf(args);
  return {
    path: collectionPath(resource, args),
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
}

/** One object is watched by its name in a field selector: the API server then asks for a permission on that name only. */
function fieldSelectorOf(args: Args): string | undefined {
  const name = optionalText(args, 'name');
  const fieldSelector = optionalText(args, 'fieldSelector');
  if (name === undefined) return fieldSelector;
  // No name has these, and in a field selector they would say more than a name.
  if (/[,=\\]/.test(name))
    throw new KubegraphError('BAD_USER_INPUT', `${JSON.stringify(name)} cannot be the name of an object`);
  const byName = `metadata.name=${pathSegment(name, 'name')}`;
  return fieldSelector === undefined || fieldSelector === '' ? byName : `${byName},${fieldSelector}`;
}

/** Compiles the selection on an event once; the function that it answers runs for each event. */
function eventWriter(context: OperationContext, field: SelectedField): (event: WatchEvent) => Buffer {
  const type = getNamedType(field.definition.type) as GraphQLObjectType;
  const members = [...collectFields(context.selection, type, selectionSetsOf(field.nodes))].map(
    ([responseName, nodes]) => {
      const name = (nodes[0] as FieldNode).name.value;
      const program = name === 'object' ? childProgram(context.selection, type, 'object', nodes) : undefined;
      return { name: responseName, value: memberWriter(name, type, program) };
    },
  );
  return (event) => jsonObject(members.map(({ name, value }) => ({ name, json: value(event) })));
}

function memberWriter(
  name: string,
  type: GraphQLObjectType,
  program: ObjectProgram | undefined,
): (event: WatchEvent) => Buffer | undefined {
  switch (name) {
    case 'type':
      return (event) => jsonOf(event.type);
    case 'cursor':
      return (event) => jsonOf(event.cursor);
    case 'object':
      return (event) =>
        event.type === 'SYNCED' || program === undefined ? undefined : projected(program, event.object);
    default:
      return () => jsonOf(type.name);
  }
}
