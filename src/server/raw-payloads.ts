import { randomUUID } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { Answer } from '../execution/answer.ts';

/**
 * graphql-ws prints its messages with JSON.stringify, which would have to take an answer's bytes apart and could lose
 * digits. A stand-in goes through it instead, and the bytes take its place when the message is sent.
 */
export class RawPayloads {
  // A client that guessed a stand-in could only confuse its own connection; it cannot guess one.
  readonly #prefix = randomUUID();
  readonly #held = new Map<string, string>();
  #count = 0;

  hold(answer: Answer): never {
    const standIn = `${this.#prefix}:${this.#count++}`;
    const errors = answer.errors?.map(withoutHttp);
    this.#held.set(
      standIn,
      answer.stringify({ ...answer, ...(errors === undefined ? {} : { errors }) }).toString('utf8'),
    );
    return { toJSON: () => standIn } as never;
  }

  release(message: string): string {
    const start = message.indexOf(this.#prefix);
    if (start < 0) return message;
    const end = message.indexOf('"', start);
    const standIn = message.slice(start, end);
    const raw = this.#held.get(standIn);
    this.#held.delete(standIn);
    return raw === undefined ? message : message.slice(0, start - 1) + raw + message.slice(end + 1);
  }
}

/** What an error means for an HTTP answer is nothing to a WebSocket. */
function withoutHttp(error: GraphQLError): GraphQLError {
  const { http: _, ...extensions } = error.extensions;
  const { message, nodes, path } = error;
  return new GraphQLError(message, { nodes: nodes ?? null, path: path ?? null, extensions });
}
