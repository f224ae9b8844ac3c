import { isUtf8 } from 'node:buffer';
import { type FieldNode, getNamedType, type GraphQLObjectType } from 'graphql';
import type { LogLine } from '../../logs/log-line.ts';
import type { ByteWriter } from '../../projection/byte-writer.ts';
import { selectedMembers, type SelectedMember, writeMembers } from '../selected-members.ts';
import type { SelectionContext } from '../selections.ts';

type WriteValue = (line: LogLine) => string;

const VALUES: Readonly<Record<string, WriteValue>> = {
  pod: ({ place }) => JSON.stringify(place.pod),
  container: ({ place }) => JSON.stringify(place.container ?? null),
  timestamp: ({ timestamp }) => (timestamp === undefined ? 'null' : `"${timestamp}"`),
  line: ({ text }) => JSON.stringify(text.toString()),
  isTruncated: ({ isTruncated }) => String(isTruncated),
  isReplaced: ({ text }) => String(!isUtf8(text)),
};

/** What is selected on the lines of a log. */
export class LineSelection {
  readonly #members: readonly SelectedMember<WriteValue>[];

  constructor(context: SelectionContext, type: GraphQLObjectType, nodes: readonly FieldNode[]) {
    const typeName = JSON.stringify(type.name);
    this.#members = selectedMembers(context, type, nodes, (name) => VALUES[name] ?? (() => typeName));
  }

  /** Of a field of `type` that holds lines. */
  static ofField(
    context: SelectionContext,
    type: GraphQLObjectType,
    name: string,
    nodes: readonly FieldNode[],
  ): LineSelection {
    const lineType = getNamedType(type.getFields()[name]?.type) as GraphQLObjectType;
    return new LineSelection(context, lineType, nodes);
  }

  write(line: LogLine, output: ByteWriter): void {
    writeMembers(this.#members, output, ({ value }) => output.write(Buffer.from(value(line))));
  }
}
