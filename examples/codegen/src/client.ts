import { parseAnswer } from './answer.ts';
import type { TypedDocumentString } from './graphql/graphql.ts';

export interface Client {
  /** What a query or a mutation answers. Rejects with an AnswerError when any part of it failed. */
  ask<TResult, TVariables>(
    document: TypedDocumentString<TResult, TVariables>,
    variables: TVariables,
  ): Promise<TResult>;
  /**
   * The events of a subscription, over server-sent events. Leaving the loop ends it. Throws an AnswerError when the gateway
   * ends it; `resumeFrom` with the last cursor goes on where it stopped.
   */
  follow<TResult, TVariables>(
    document: TypedDocumentString<TResult, TVariables>,
    variables: TVariables,
  ): AsyncGenerator<TResult, void>;
}

export interface GatewayError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  /** `code` is one of docs/reference/errors.md. */
  readonly extensions?: { readonly code?: string };
}

/** An answer with errors. `data` is the part that did not fail. */
export class AnswerError extends Error {
  readonly errors: readonly GatewayError[];
  readonly data: unknown;

  constructor(errors: readonly GatewayError[], data: unknown) {
    super(errors.map(({ message }) => message).join('; '));
    this.name = 'AnswerError';
    this.errors = errors;
    this.data = data;
  }
}

/** @param token bearer token, for a gateway with `--auth passthrough`. */
export function createClient(url: string, token?: string): Client {
  // Answers are cast to TResult: generation has checked the document, and the gateway answers by its schema.
  const send = (query: string, variables: unknown, accept: string): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
  return {
    async ask<TResult, TVariables>(
      document: TypedDocumentString<TResult, TVariables>,
      variables: TVariables,
    ) {
      const response = await send(document.toString(), variables, 'application/json');
      return dataIn(await response.text()) as TResult;
    },
    async *follow<TResult, TVariables>(
      document: TypedDocumentString<TResult, TVariables>,
      variables: TVariables,
    ) {
      const response = await send(document.toString(), variables, 'text/event-stream');
      for await (const message of messagesOf(response)) yield dataIn(message) as TResult;
    },
  };
}

/** The `data` of an answer. */
function dataIn(text: string): unknown {
  const { data, errors } = parseAnswer(text) as { data?: unknown; errors?: readonly GatewayError[] };
  if (errors !== undefined || data === undefined) throw new AnswerError(errors ?? [], data);
  return data;
}

async function* messagesOf(response: Response): AsyncGenerator<string, void> {
  const type = response.headers.get('content-type') ?? '';
  // A request that is refused as a whole gets a plain answer.
  if (!type.startsWith('text/event-stream')) return yield response.text();
  let rest = '';
  for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = block.split('\n').find((line) => line.startsWith('data: {'));
      if (data !== undefined) yield data.slice('data: '.length);
    }
  }
}
