import { ByteWriter } from '../projection/byte-writer.ts';
import type { ObjectProgram } from '../projection/program.ts';
import { type CompiledProgram, compileProgram, projectDocument } from '../projection/project.ts';
import { assertNever } from '../util/assert-never.ts';
import type { EdgeOutput, ListOutput } from './list-plan.ts';

/** What a list answers beside its items. */
export interface ListTail {
  readonly hasNextPage: boolean;
  readonly startCursor: string | undefined;
  readonly endCursor: string | undefined;
  readonly consistent: boolean;
  readonly resourceVersion: string | undefined;
  /** Digits, as the API server wrote them. */
  readonly remainingItemCount: string | undefined;
}

/**
 * Gathers a connection's answer: programs to run over each item, and at the end everything in response order. Items can be
 * taken out while more of them come, unless something is to be answered before them that is only known at the end.
 */
export class ListAssembly {
  readonly programs: readonly CompiledProgram[];
  readonly outputs: readonly ByteWriter[];
  /** What ends a value of which items have been taken out, however many: a valid JSON value, though not the answer. */
  readonly breakingOff = ']}';
  readonly #plan: readonly ListOutput[];
  readonly #byOutput: ReadonlyMap<ListOutput, ByteWriter>;
  /** Everything in front of the first items, where it is known from the start, and where in the plan they are. */
  readonly #head: { readonly text: Buffer; readonly at: number } | undefined;
  #hasBegun = false;

  /** @param cursorOfItem the cursor behind the item that is just being projected. */
  constructor(plan: readonly ListOutput[], cursorOfItem: () => string) {
    this.#plan = plan;
    const perItem = plan.flatMap((output) => {
      const program = itemProgram(output, cursorOfItem);
      return program === undefined
        ? []
        : [{ output, program: compileProgram(program), writer: new ByteWriter() }];
    });
    this.programs = perItem.map((each) => each.program);
    this.outputs = perItem.map((each) => each.writer);
    this.#byOutput = new Map(perItem.map((each) => [each.output, each.writer]));
    this.#head = headOf(plan);
  }

  get isStreamable(): boolean {
    return this.#head !== undefined;
  }

  /** How many bytes of it are in memory. */
  get bytes(): number {
    return this.outputs.reduce((sum, output) => sum + output.length, 0);
  }

  /** How many of them have to stay there until the end. */
  get heldBytes(): number {
    return this.#head === undefined ? this.bytes : this.bytes - (this.outputs[0]?.length ?? 0);
  }

  /** What of the answer can be sent by now; empty while that is not worth a call to the socket. Behind whole items only. */
  take(): Buffer {
    const items = this.outputs[0];
    if (this.#head === undefined || items === undefined || items.length === 0) return NOTHING;
    if (this.#hasBegun) return items.length < LEAST_PIECE_BYTES ? NOTHING : items.take();
    this.#hasBegun = true;
    return Buffer.concat([this.#head.text, items.take()]);
  }

  /** The rest of the connection as JSON. To be called once. */
  finish(tail: ListTail): Buffer {
    const answer = new ByteWriter();
    // So many members have been begun: those in front of the first items, and these.
    const begun = this.#hasBegun && this.#head !== undefined ? this.#head.at + 1 : 0;
    if (begun > 0) {
      answer.write(this.outputs[0]?.take() ?? NOTHING);
      answer.writeAscii(']');
    }
    for (const [index, output] of this.#plan.entries()) {
      if (index < begun) continue;
      this.#writeName(output, index, answer);
      this.#writeValue(output, tail, answer);
    }
    answer.writeAscii(this.#plan.length === 0 ? '{}' : '}');
    return answer.take();
  }

  #writeName({ responseName }: ListOutput, index: number, answer: ByteWriter): void {
    answer.writeAscii(index === 0 ? '{' : ',');
    answer.write(Buffer.from(`${JSON.stringify(responseName)}:`));
  }

  #writeValue(output: ListOutput, tail: ListTail, answer: ByteWriter): void {
    switch (output.kind) {
      case 'items':
      case 'edges':
        answer.writeAscii('[');
        answer.write(this.#byOutput.get(output)?.take() ?? NOTHING);
        return answer.writeAscii(']');
      case 'pageInfo':
        return projectDocument(compileProgram(output.program), pageInfo(tail), answer);
      case 'resourceVersion':
        return answer.writeAscii(JSON.stringify(tail.resourceVersion ?? null));
      case 'remainingItemCount':
        return answer.writeAscii(tail.remainingItemCount ?? 'null');
      case 'literal':
        return answer.writeAscii(output.json);
      default:
        return assertNever(output, 'list output');
    }
  }
}

const NOTHING = Buffer.alloc(0);

/** The first piece is not waited for: somebody may want to see the first rows. */
const LEAST_PIECE_BYTES = 64 * 1024;

/** What stands before the first items, if all of that is known before the list has been read. */
function headOf(plan: readonly ListOutput[]): { readonly text: Buffer; readonly at: number } | undefined {
  const at = plan.findIndex(({ kind }) => kind === 'items' || kind === 'edges');
  const before = plan.slice(0, Math.max(at, 0));
  const members = before.map((output) =>
    output.kind === 'literal' ? `${JSON.stringify(output.responseName)}:${output.json},` : undefined,
  );
  const first = plan[at];
  if (first === undefined || members.includes(undefined)) return undefined;
  return { text: Buffer.from(`{${members.join('')}${JSON.stringify(first.responseName)}:[`), at };
}

function pageInfo({ hasNextPage, startCursor, endCursor, consistent }: ListTail): Buffer {
  return Buffer.from(
    JSON.stringify({ hasNextPage, hasPreviousPage: false, startCursor, endCursor, consistent }),
  );
}

function itemProgram(output: ListOutput, cursorOfItem: () => string): ObjectProgram | undefined {
  if (output.kind === 'items') return output.program;
  return output.kind === 'edges' ? edgeProgram(output.edge, cursorOfItem) : undefined;
}

/** An edge is not in the source: its node is the item itself. */
function edgeProgram(edge: readonly EdgeOutput[], cursorOfItem: () => string): ObjectProgram {
  return {
    outputs: edge.map((output) => {
      const { responseName } = output;
      switch (output.kind) {
        case 'node':
          return { kind: 'self', responseName, program: output.program };
        case 'cursor':
          return {
            kind: 'computed',
            responseName,
            reads: 'nothing',
            compute: () => JSON.stringify(cursorOfItem()),
          };
        case 'literal':
          return { kind: 'literal', responseName, json: output.json };
      }
    }),
  };
}
