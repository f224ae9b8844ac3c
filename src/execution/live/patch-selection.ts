import type { FieldNode, GraphQLObjectType } from 'graphql';
import type { Resource } from '../../catalog/resource.ts';
import type { ByteWriter } from '../../projection/byte-writer.ts';
import { idOfKey } from '../computed-fields.ts';
import { ObjectProjection } from '../object-projection.ts';
import { selectedMembers, type SelectedMember, writeMembers } from '../selected-members.ts';
import type { SelectionContext } from '../selections.ts';
import type { Step } from './sorted-list.ts';

type Value =
  | { readonly kind: 'op' | 'index' | 'id' }
  | { readonly kind: 'literal'; readonly json: string }
  | { readonly kind: 'object'; readonly projection: ObjectProjection };

/** What is selected on the patches of a live query, compiled. */
export class PatchSelection {
  readonly #resource: Resource;
  readonly #members: readonly SelectedMember<Value>[];

  constructor(
    context: SelectionContext,
    resource: Resource,
    type: GraphQLObjectType,
    nodes: readonly FieldNode[],
  ) {
    this.#resource = resource;
    this.#members = selectedMembers(context, type, nodes, (name, fieldNodes): Value => {
      switch (name) {
        case 'op':
        case 'index':
        case 'id':
          return { kind: name };
        case 'object':
          return { kind: name, projection: ObjectProjection.ofField(context, type, name, fieldNodes) };
        default:
          return { kind: 'literal', json: JSON.stringify(type.name) };
      }
    });
  }

  /** Of the steps' objects. */
  get projections(): readonly ObjectProjection[] {
    return this.#members.flatMap(({ value }) => (value.kind === 'object' ? [value.projection] : []));
  }

  /** Whether a step says anything: one that changes nothing of what is selected does not. Throws MalformedJson. */
  shows(step: Step): boolean {
    if (step.op !== 'UPDATE') return true;
    const [before, after] = [step.before.object, step.entry.object];
    return this.projections.some((projection) => projection.differs(before, after));
  }

  /** Throws MalformedJson. */
  write(step: Step, output: ByteWriter): void {
    writeMembers(this.#members, output, ({ value }) => this.#writeValue(value, step, output));
  }

  #writeValue(value: Value, step: Step, output: ByteWriter): void {
    switch (value.kind) {
      case 'literal':
        return output.writeAscii(value.json);
      case 'op':
        return output.writeAscii(`"${step.op}"`);
      case 'index':
        return output.writeAscii(String(step.index));
      case 'id':
        return output.writeAscii(`"${idOfKey(this.#resource, step.entry.key)}"`);
      case 'object':
        if (step.op === 'REMOVE') return output.writeAscii('null');
        return output.write(value.projection.of(step.entry.object));
    }
  }
}
