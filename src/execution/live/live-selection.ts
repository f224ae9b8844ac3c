import type { FieldNode, GraphQLObjectType } from 'graphql';
import type { Resource } from '../../catalog/resource.ts';
import { ByteWriter } from '../../projection/byte-writer.ts';
import { childType } from '../list-plan.ts';
import { ObjectProjection } from '../object-projection.ts';
import { selectedMembers, type SelectedMember, writeList, writeMembers } from '../selected-members.ts';
import type { SelectionContext } from '../selections.ts';
import type { Entry } from './order.ts';
import { PatchSelection } from './patch-selection.ts';
import type { Step } from './sorted-list.ts';

/** A list, or what has changed in it. */
export type LiveAnswer =
  | { readonly type: 'SNAPSHOT'; readonly items: readonly Entry[]; readonly total: number }
  | { readonly type: 'PATCH'; readonly steps: readonly Step[]; readonly total: number };

type Value =
  | { readonly kind: 'type' | 'total' }
  | { readonly kind: 'literal'; readonly json: string }
  | { readonly kind: 'items'; readonly projection: ObjectProjection }
  | { readonly kind: 'patches'; readonly selection: PatchSelection };

/** What is selected on the answers of a live query, compiled. */
export class LiveSelection {
  readonly #members: readonly SelectedMember<Value>[];

  constructor(
    context: SelectionContext,
    resource: Resource,
    type: GraphQLObjectType,
    nodes: readonly FieldNode[],
  ) {
    this.#members = selectedMembers(context, type, nodes, (name, fieldNodes): Value => {
      switch (name) {
        case 'type':
        case 'total':
          return { kind: name };
        case 'items':
          return { kind: name, projection: ObjectProjection.ofField(context, type, name, fieldNodes) };
        case 'patches': {
          const patch = childType(type, name);
          return { kind: name, selection: new PatchSelection(context, resource, patch, fieldNodes) };
        }
        default:
          return { kind: 'literal', json: JSON.stringify(type.name) };
      }
    });
  }

  get showsTotal(): boolean {
    return this.#members.some(({ value }) => value.kind === 'total');
  }

  /** Whether a list can also be shown as a part of it and patches that put in the rest. */
  get canDivide(): boolean {
    const shows = (kind: 'items' | 'patches'): boolean => this.#projections(kind).length > 0;
    return shows('items') && shows('patches');
  }

  /** What is shown of an object, in bytes. Throws MalformedJson. */
  bytesOf({ object }: Entry, within: 'items' | 'patches'): number {
    return this.#projections(within).reduce((bytes, projection) => bytes + projection.of(object).length, 0);
  }

  /** Whether anybody can see the step. Throws MalformedJson. */
  shows(step: Step): boolean {
    return this.#members.some(({ value }) => value.kind === 'patches' && value.selection.shows(step));
  }

  #projections(within: 'items' | 'patches'): readonly ObjectProjection[] {
    return this.#members.flatMap(({ value }) => {
      if (value.kind !== within) return [];
      return value.kind === 'items' ? [value.projection] : value.selection.projections;
    });
  }

  /** Throws MalformedJson. */
  write(answer: LiveAnswer): Buffer {
    const output = new ByteWriter();
    writeMembers(this.#members, output, ({ value }) => writeValue(value, answer, output));
    return output.take();
  }
}

function writeValue(value: Value, answer: LiveAnswer, output: ByteWriter): void {
  switch (value.kind) {
    case 'literal':
      return output.writeAscii(value.json);
    case 'type':
      return output.writeAscii(`"${answer.type}"`);
    case 'total':
      return output.writeAscii(String(answer.total));
    case 'items':
      if (answer.type === 'PATCH') return output.writeAscii('null');
      return writeList(answer.items, output, ({ object }) => output.write(value.projection.of(object)));
    case 'patches':
      if (answer.type === 'SNAPSHOT') return output.writeAscii('null');
      return writeList(answer.steps, output, (step) => value.selection.write(step, output));
  }
}
