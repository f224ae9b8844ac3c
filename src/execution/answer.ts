import type { GraphQLError } from 'graphql';
import { stringifyJson } from '../util/json.ts';
import type { Warning } from './call.ts';

/** One root field's part of an answer: its value as JSON bytes. */
export interface FieldAnswer {
  readonly responseName: string;
  /** undefined when the field failed, which answers `null`. */
  readonly json: Buffer | undefined;
}

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

export function dataAnswer(
  fields: readonly FieldAnswer[],
  errors: readonly GraphQLError[],
  warnings: readonly Warning[],
): Answer {
  const data = joinFields(fields);
  return {
    data: {},
    ...(errors.length === 0 ? {} : { errors }),
    ...(warnings.length === 0 ? {} : { extensions: { warnings } }),
    stringify: (result) => Buffer.concat([Buffer.from('{"data":'), data, Buffer.from(`${tailOf(result)}}`)]),
  };
}

/** The answer to a request that was not executed: errors, and no `data` at all. */
export function refusal(errors: readonly GraphQLError[]): Answer {
  return {
    errors,
    stringify: (result) => Buffer.from(`{${tailOf(result).slice(1)}}`),
  };
}

function joinFields(fields: readonly FieldAnswer[]): Buffer {
  const parts = fields.flatMap(({ responseName, json }, index) => [
    Buffer.from(
      `${index === 0 ? '' : ','}${JSON.stringify(responseName)}:${json === undefined ? 'null' : ''}`,
    ),
    json ?? Buffer.alloc(0),
  ]);
  return Buffer.concat([Buffer.from('{'), ...parts, Buffer.from('}')]);
}

/** `,"errors":…,"extensions":…`, what there is of it. */
function tailOf({ errors, extensions }: Pick<Answer, 'errors' | 'extensions'>): string {
  const hasErrors = errors !== undefined && errors.length > 0;
  const hasExtensions = extensions !== undefined && Object.keys(extensions).length > 0;
  return [
    hasErrors ? `,"errors":${JSON.stringify(errors)}` : '',
    hasExtensions ? `,"extensions":${stringifyJson(extensions)}` : '',
  ].join('');
}
