import type { GraphQLError } from 'graphql';
import type { Piece } from '../introspection/piece.ts';
import { stringifyJson } from '../util/json.ts';
import type { Warning } from './call.ts';
import { jsonObject, type JsonMember } from './json-parts.ts';

/**
 * An answer whose data is bytes already. To GraphQL servers it is an execution result; what they send is what
 * `stringify` makes of it, so no value is parsed and printed again on the way.
 */
export interface Answer {
  /** A stand-in: present when there is data at all, which decides the HTTP status. */
  readonly data?: object;
  readonly errors?: readonly GraphQLError[];
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** The whole answer. Errors and extensions come from `result`: a server may have taken members out of them. */
  readonly stringify: (result: Pick<Answer, 'errors' | 'extensions'>) => Buffer;
}

/** An answer that is too large to be in memory as text. It has no errors. */
export interface CompressedAnswer {
  /** A stand-in, as an answer's. */
  readonly data: object;
  readonly compressed: Piece;
  /** Equal for answers with equal content, and only then. */
  readonly tag: string;
}

/** An answer that is sent while it is still being read: JSON in pieces, whatever went wrong included. */
export interface StreamedAnswer {
  /** A stand-in, as an answer's. */
  readonly data: object;
  /** A reader who takes his time makes the API server wait; returning early ends the calls upstream. */
  readonly pieces: AsyncGenerator<Buffer, void, void>;
}

/** @param fields the root fields' values; undefined for those that failed. */
export function dataAnswer(
  fields: readonly JsonMember[],
  errors: readonly GraphQLError[],
  warnings: readonly Warning[],
): Answer {
  const data = jsonObject(fields);
  return {
    data: {},
    ...(errors.length === 0 ? {} : { errors }),
    ...extensionsOf(warnings),
    stringify: (result) =>
      Buffer.concat([Buffer.from('{"data":'), data, Buffer.from(`${answerTail(result)}}`)]),
  };
}

export function extensionsOf(warnings: readonly Warning[]): Pick<Answer, 'extensions'> {
  return warnings.length === 0 ? {} : { extensions: { warnings } };
}

/** The answer to a request that was not executed: errors, and no `data` at all. */
export function refusal(errors: readonly GraphQLError[]): Answer {
  return {
    errors,
    stringify: (result) => Buffer.from(`{${answerTail(result).slice(1)}}`),
  };
}

/** What follows `data`, or everything else: `,"errors":…,"extensions":…`, what there is of it. */
export function answerTail({ errors, extensions }: Pick<Answer, 'errors' | 'extensions'>): string {
  const hasErrors = errors !== undefined && errors.length > 0;
  const hasExtensions = extensions !== undefined && Object.keys(extensions).length > 0;
  return [
    hasErrors ? `,"errors":${JSON.stringify(errors)}` : '',
    hasExtensions ? `,"extensions":${stringifyJson(extensions)}` : '',
  ].join('');
}
