import type { GraphQLObjectType } from 'graphql';
import { type Args, bodyOf, call, type OperationContext } from '../call.ts';

/** A hand-written field's value as JSON, before the selection is applied; and its type where the schema leaves it open. */
export interface BaseValue {
  readonly json: Buffer;
  readonly type?: GraphQLObjectType;
}

export type BaseField = (context: OperationContext, responseName: string, args: Args) => Promise<BaseValue>;

export function jsonValue(value: unknown): BaseValue {
  return { json: Buffer.from(JSON.stringify(value)) };
}

/** The body of the answer to a GET. */
export async function get(context: OperationContext, responseName: string, path: string): Promise<Buffer> {
  const answer = await call(context, responseName, { method: 'GET', path });
  return bodyOf(context, answer);
}
