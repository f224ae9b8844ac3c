import type { FieldNode, GraphQLObjectType } from 'graphql';
import { ByteWriter } from '../projection/byte-writer.ts';
import type { ObjectProgram } from '../projection/program.ts';
import { type CompiledProgram, compileProgram, projectDocument } from '../projection/project.ts';
import { BriefMemory } from '../util/brief-memory.ts';
import { childProgram } from './list-plan.ts';
import type { SelectionContext } from './selections.ts';
import { SHARED_MS } from './shared-briefly.ts';

/** What is selected of an object, for subscriptions: they see the same state of it more than once. */
export class ObjectProjection {
  readonly #program: CompiledProgram;
  /** By the object's bytes, of which the watch has one copy for all. */
  readonly #kept = new BriefMemory<Buffer, Buffer>(SHARED_MS);

  constructor(program: ObjectProgram) {
    this.#program = compileProgram(program);
  }

  /** Of what is selected below one of a type's object fields. */
  static ofField(
    context: SelectionContext,
    parent: GraphQLObjectType,
    field: string,
    nodes: readonly FieldNode[],
  ): ObjectProjection {
    return new ObjectProjection(childProgram(context, parent, field, nodes));
  }

  /** Appends the projection of `object`. Throws MalformedJson, and leaves `output` as it was. */
  write(object: Buffer, output: ByteWriter): void {
    const kept = this.#kept.get(object);
    if (kept === undefined) projectDocument(this.#program, object, output);
    else output.write(kept);
  }

  /** The projection of `object`, made once for those who want it at about the same time. Throws MalformedJson. */
  of(object: Buffer): Buffer {
    const kept = this.#kept.get(object);
    if (kept !== undefined) return kept;
    const writer = new ByteWriter();
    projectDocument(this.#program, object, writer);
    const made = writer.take();
    this.#kept.set(object, made);
    return made;
  }

  /** Whether two states of an object differ in what is selected. Throws MalformedJson. */
  differs(before: Buffer, after: Buffer): boolean {
    return !this.of(before).equals(this.of(after));
  }
}
