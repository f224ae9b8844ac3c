import type { FieldNode, GraphQLObjectType } from 'graphql';
import type { LogLine } from '../../logs/log-line.ts';
import { ByteWriter } from '../../projection/byte-writer.ts';
import { selectedMembers, type SelectedMember, writeList, writeMembers } from '../selected-members.ts';
import type { SelectionContext } from '../selections.ts';
import type { Payload } from '../subscription-answer.ts';
import { LineSelection } from './line-selection.ts';

type Value =
  | { readonly kind: 'lines'; readonly selection: LineSelection }
  | { readonly kind: 'cursor' | 'type' };

/** Makes the payloads of a subscription to logs. */
export class LinesWriter {
  readonly #responseName: string;
  readonly #typeName: string;
  readonly #members: readonly SelectedMember<Value>[];

  constructor(
    context: SelectionContext,
    responseName: string,
    type: GraphQLObjectType,
    nodes: readonly FieldNode[],
  ) {
    this.#responseName = responseName;
    this.#typeName = JSON.stringify(type.name);
    this.#members = selectedMembers(context, type, nodes, (name, fieldNodes): Value => {
      if (name === 'cursor') return { kind: name };
      if (name !== 'lines') return { kind: 'type' };
      return { kind: name, selection: LineSelection.ofField(context, type, name, fieldNodes) };
    });
  }

  payload(lines: readonly LogLine[], cursor: string): Payload {
    const output = new ByteWriter();
    output.writeAscii(`{"data":{"${this.#responseName}":`);
    writeMembers(this.#members, output, ({ value }) => {
      if (value.kind === 'lines') writeList(lines, output, (line) => value.selection.write(line, output));
      else output.writeAscii(value.kind === 'type' ? this.#typeName : `"${cursor}"`);
    });
    output.writeAscii('}}');
    return { json: output.take(), cursor, receivedAt: undefined };
  }
}
