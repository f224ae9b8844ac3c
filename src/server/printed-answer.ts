import { GraphQLError } from 'graphql';
import type { Answer } from '../execution/answer.ts';

/** What an answer's errors say of the HTTP response. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** @param isLenient 200 for what is wrong with a document, by GraphQL over HTTP for clients that only know JSON. */
export function headOf({ errors = [] }: Pick<Answer, 'errors'>, isLenient: boolean): AnswerHead {
  let status: number | undefined;
  const headers: Record<string, string> = {};
  for (const { extensions } of errors) {
    const { http } = extensions;
    if (http === undefined) continue;
    Object.assign(headers, http.headers);
    if (isLenient && http.spec === true) continue;
    if (http.status !== undefined) status = Math.max(status ?? 0, http.status);
  }
  return { status: status ?? 200, headers };
}

/** An answer's text as clients see it. */
export function printedAnswer(answer: Answer): Buffer {
  const errors = answer.errors?.map(withoutHttp);
  return answer.stringify({ ...answer, ...(errors === undefined ? {} : { errors }) });
}

function withoutHttp(error: GraphQLError): GraphQLError {
  const { http, ...extensions } = error.extensions;
  if (http === undefined) return error;
  return new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    ...(error.path === undefined ? {} : { path: error.path }),
    extensions,
  });
}
