import type { OperationContext } from './call.ts';
import { type ListQuery, listQuery, type ListRequest } from './list-query.ts';
import { ListReading } from './list-reading.ts';

/** A connection as JSON while it is being read. */
export interface ListStream {
  /**
   * The JSON in pieces. Where the plan allows it they come as the list does: a reader who takes his time makes the API
   * server wait. Otherwise there is one. Returning early ends the call upstream.
   */
  readonly pieces: AsyncGenerator<Buffer, unknown, void>;
  /** What makes the pieces so far a JSON value when one after the first fails. */
  readonly breakingOff: string;
}

/** A list as one field shows it. One of the two is to be called. */
export interface FieldList {
  /** The whole of it, in memory. */
  readonly whole: () => Promise<Buffer>;
  /** The same for somebody who sends it on. Undefined for a list that an earlier field shows as well. */
  readonly stream?: () => ListStream;
}

/**
 * The list that a field asks for. All of an operation's fields have to come here before the first of them is read: those that
 * ask for the same share one reading, whatever they show of it. Throws BAD_USER_INPUT and INVALID_CURSOR.
 */
export function fieldList(context: OperationContext, request: ListRequest): FieldList {
  const query = listQuery(request);
  const key = JSON.stringify(query);
  const list = context.lists.get(key) ?? new SharedList(context, query);
  context.lists.set(key, list);
  return list.join(request);
}

/** One reading of a list, and the fields that show it. */
export class SharedList {
  readonly #context: OperationContext;
  readonly #query: ListQuery;
  readonly #requests: ListRequest[] = [];
  #values: Promise<readonly Buffer[]> | undefined;

  constructor(context: OperationContext, query: ListQuery) {
    this.#context = context;
    this.#query = query;
  }

  join(request: ListRequest): FieldList {
    const index = this.#requests.push(request) - 1;
    return {
      whole: async () => (await this.#wholes())[index] as Buffer,
      ...(index === 0 ? { stream: () => this.#stream(request) } : {}),
    };
  }

  #wholes(): Promise<readonly Buffer[]> {
    this.#values ??= this.#readWholes();
    return this.#values;
  }

  async #readWholes(): Promise<readonly Buffer[]> {
    const parts: Buffer[] = [];
    const pieces = new ListReading(this.#context, this.#query, this.#requests, false).pieces();
    for (;;) {
      const { done, value } = await pieces.next();
      if (done === true) return [parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts), ...value];
      parts.push(value);
    }
  }

  #stream(request: ListRequest): ListStream {
    // What several fields show has to be in memory, and the API server does not wait for its reader.
    if (this.#requests.length > 1) return { pieces: this.#inOnePiece(), breakingOff: '' };
    const reading = new ListReading(this.#context, this.#query, [request], true);
    return { pieces: reading.pieces(), breakingOff: reading.breakingOff };
  }

  async *#inOnePiece(): AsyncGenerator<Buffer, void, void> {
    const [first] = await this.#wholes();
    yield first as Buffer;
  }
}
