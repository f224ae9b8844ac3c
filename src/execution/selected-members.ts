import type { FieldNode, GraphQLObjectType } from 'graphql';
import type { ByteWriter } from '../projection/byte-writer.ts';
import { collectFields, type SelectionContext, selectionSetsOf } from './selections.ts';

/** A member of an answer's object, and where its value comes from. */
export interface SelectedMember<Value> {
  readonly responseName: string;
  readonly value: Value;
}

/** What is selected on a type that the gateway itself makes the values of. */
export function selectedMembers<Value>(
  context: SelectionContext,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  valueOf: (fieldName: string, nodes: readonly FieldNode[]) => Value,
): readonly SelectedMember<Value>[] {
  const fields = collectFields(context, type, selectionSetsOf(nodes));
  return [...fields].map(([responseName, fieldNodes]) => ({
    responseName,
    value: valueOf((fieldNodes[0] as FieldNode).name.value, fieldNodes),
  }));
}

/** Appends the object. @param write appends the value of a member, and nothing else. */
export function writeMembers<Value>(
  members: readonly SelectedMember<Value>[],
  output: ByteWriter,
  write: (member: SelectedMember<Value>) => void,
): void {
  output.writeAscii('{');
  for (const [index, member] of members.entries()) {
    output.writeAscii(`${index === 0 ? '' : ','}"${member.responseName}":`);
    write(member);
  }
  output.writeAscii('}');
}

/** Appends the list. @param write appends an element, and nothing else. */
export function writeList<T>(
  items: readonly T[],
  output: ByteWriter,
  write: (item: T, index: number) => void,
): void {
  output.writeAscii('[');
  for (const [index, item] of items.entries()) {
    if (index > 0) output.writeAscii(',');
    write(item, index);
  }
  output.writeAscii(']');
}
