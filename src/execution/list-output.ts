import { ByteWriter } from '../projection/byte-writer.ts';
import type { ObjectProgram } from '../projection/program.ts';
import { type CompiledProgram, compileProgram, projectDocument } from '../projection/project.ts';
import { assertNever } from '../util/assert-never.ts';
import { projected } from './json-parts.ts';
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

/** Gathers a connection's answer: programs to run over each item, and at the end everything in response order. */
export class ListAssembly {
  readonly programs: readonly CompiledProgram[];
  readonly outputs: readonly ByteWriter[];
  readonly #plan: readonly ListOutput[];
  readonly #byOutput: ReadonlyMap<ListOutput, ByteWriter>;

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
  }

  /** How many bytes the items come to so far. */
  get size(): number {
    return this.outputs.reduce((sum, output) => sum + output.length, 0);
  }

  /** The connection as JSON. To be called once. */
  finish(tail: ListTail): Buffer {
    const answer = new ByteWriter();
    this.#plan.forEach((output, index) => {
      answer.writeAscii(index === 0 ? '{' : ',');
      answer.write(Buffer.from(`${JSON.stringify(output.responseName)}:`));
      this.#writeValue(output, tail, answer);
    });
    answer.writeAscii(this.#plan.length === 0 ? '{}' : '}');
    return answer.take();
  }

  #writeValue(output: ListOutput, tail: ListTail, answer: ByteWriter): void {
    switch (output.kind) {
      case 'items':
      case 'edges':
        answer.writeAscii('[');
        answer.write(this.#byOutput.get(output)?.take() ?? Buffer.alloc(0));
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

function pageInfo({ hasNextPage, startCursor, endCursor, consistent }: ListTail): Buffer {
  return Buffer.from(
    JSON.stringify({ hasNextPage, hasPreviousPage: false, startCursor, endCursor, consistent }),
  );
}

function itemProgram(output: ListOutput, cursorOfItem: () => string): ObjectProgram | undefined {
  if (output.kind === 'items') return output.program;
  return output.kind === 'edges' ? edgeProgram(output.edge, cursorOfItem) : undefined;
}

/** An edge is not in the source: its node is the item itself, which is therefore projected as a computed value. */
function edgeProgram(edge: readonly EdgeOutput[], cursorOfItem: () => string): ObjectProgram {
  return {
    outputs: edge.map((output) => {
      const { responseName } = output;
      switch (output.kind) {
        case 'node':
          return {
            kind: 'computed',
            responseName,
            compute: (item: Buffer) => projected(output.program, item),
          };
        case 'cursor':
          return { kind: 'computed', responseName, compute: () => JSON.stringify(cursorOfItem()) };
        case 'literal':
          return { kind: 'literal', responseName, json: output.json };
      }
    }),
  };
}
