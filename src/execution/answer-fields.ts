import type { GraphQLError } from 'graphql';
import { mapConcurrently } from '../util/concurrency.ts';
import { type Answer, answerTail, dataAnswer, extensionsOf, type StreamedAnswer } from './answer.ts';
import type { OperationContext } from './call.ts';
import { fieldError, type ReportDefect } from './graphql-errors.ts';
import type { JsonMember } from './json-parts.ts';
import type { ListStream } from './read-list.ts';
import type { PreparedField } from './root-field.ts';
import type { RootSelection } from './root-selections.ts';

/** Fields that are under way at the same time: one document shall not flood the API server. */
export const MAX_CONCURRENT_FIELDS = 10;

/**
 * Less than this, in bytes, is sent as one: then its status may still say what went wrong, and its length is known. More of
 * a list would make its first bytes wait.
 */
const MAX_WHOLE_BYTES = 16 * 1024;

export interface FieldToAnswer extends PreparedField {
  readonly selection: RootSelection;
}

/** Answers the root fields of one operation. */
export class FieldsAnswer {
  readonly #context: OperationContext;
  readonly #fields: readonly FieldToAnswer[];
  readonly #report: ReportDefect;
  readonly #errors: GraphQLError[] = [];

  constructor(context: OperationContext, fields: readonly FieldToAnswer[], report: ReportDefect) {
    this.#context = context;
    this.#fields = fields;
    this.#report = report;
  }

  /** All of it at once. @param concurrency 1 for mutations, whose order matters. */
  async whole(concurrency = MAX_CONCURRENT_FIELDS): Promise<Answer> {
    return this.#dataAnswer(await this.#members(this.#fields, concurrency));
  }

  /**
   * While its first field, if that is a long list, is still being read. The others are read meanwhile, and wait in memory.
   */
  async streamed(): Promise<Answer | StreamedAnswer> {
    const [first, ...others] = this.#fields;
    if (first?.stream === undefined) return this.whole();
    const rest = this.#members(others, MAX_CONCURRENT_FIELDS - 1);
    const begun = await this.#begin(first, first.stream);
    if ('pieces' in begun) return { data: {}, pieces: this.#pieces(first, begun, rest) };
    return this.#dataAnswer([begun, ...(await rest)]);
  }

  /** The whole value of a list that is short or fails early; the beginning of any other one. */
  async #begin(field: FieldToAnswer, start: () => ListStream): Promise<JsonMember | BegunList> {
    const name = field.selection.responseName;
    const head: Buffer[] = [];
    try {
      const { pieces, breakingOff } = start();
      for (let bytes = 0; bytes < MAX_WHOLE_BYTES;) {
        const next = await pieces.next();
        if (next.done === true) return { name, json: Buffer.concat(head) };
        head.push(next.value);
        bytes += next.value.length;
      }
      return { head, pieces, breakingOff };
    } catch (error) {
      this.#note(error, field);
      return { name, json: undefined };
    }
  }

  async *#pieces(
    field: FieldToAnswer,
    { head, pieces, breakingOff }: BegunList,
    rest: Promise<readonly JsonMember[]>,
  ): AsyncGenerator<Buffer, void, void> {
    const name = JSON.stringify(field.selection.responseName);
    try {
      yield Buffer.concat([Buffer.from(`{"data":{${name}:`), ...head]);
      yield* pieces;
    } catch (error) {
      this.#note(error, field);
      // What has been sent cannot be taken back. Parsers take the last of two members with one name, and the errors say why.
      yield Buffer.from(`${breakingOff},${name}:null`);
    } finally {
      // A reader may have left before it came to them.
      await pieces.return(undefined);
    }
    for (const { name: other, json } of await rest) {
      yield Buffer.from(`,${JSON.stringify(other)}:${json === undefined ? 'null' : ''}`);
      if (json !== undefined) yield json;
    }
    const extensions = extensionsOf(this.#context.warnings);
    yield Buffer.from(`}${answerTail({ errors: this.#errors, ...extensions })}}`);
  }

  #members(fields: readonly FieldToAnswer[], concurrency: number): Promise<readonly JsonMember[]> {
    return mapConcurrently(fields, concurrency, async (field): Promise<JsonMember> => {
      const name = field.selection.responseName;
      try {
        return { name, json: await field.resolve() };
      } catch (error) {
        this.#note(error, field);
        return { name, json: undefined };
      }
    });
  }

  #note(error: unknown, { selection: { nodes, responseName } }: FieldToAnswer): void {
    this.#errors.push(fieldError(error, nodes, [responseName], this.#context.signal, this.#report));
  }

  #dataAnswer(members: readonly JsonMember[]): Answer {
    return dataAnswer(members, this.#errors, this.#context.warnings);
  }
}

/** A list of which something has been read. */
interface BegunList extends ListStream {
  readonly head: readonly Buffer[];
}
