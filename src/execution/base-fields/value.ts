import type { GraphQLObjectType } from 'graphql';
import type { Args, OperationContext } from '../call.ts';

/** A hand-written field's value as JSON, before the selection is applied; and its type where the schema leaves it open. */
export interface BaseValue {
  readonly json: Buffer;
  readonly type?: GraphQLObjectType;
}

export type BaseField = (context: OperationContext, responseName: string, args: Args) => Promise<BaseValue>;

export function jsonValue(value: unknown): BaseValue {
  return { json: Buffer.from(JSON.stringify(value)) };
}
