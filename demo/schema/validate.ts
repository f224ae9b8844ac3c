import type { KubeObject } from '../api/object.ts';
import type { FieldError, Schema, SchemaSource } from './schema.ts';
import { builtInErrors } from './validation/built-in.ts';
import { customErrors } from './validation/custom.ts';

export interface ValidateOptions {
  readonly source: SchemaSource;
  /** Of the object's kind; undefined for one of unknown shape. */
  readonly schema: Schema | undefined;
  /** Prepared. */
  readonly object: KubeObject;
  readonly isCustom: boolean;
  /** What is there now, when the object is to replace it: some fields may not change. */
  readonly live?: KubeObject | undefined;
}

/**
 * What is wrong with the values of an object, with the real server's reasons, paths and words; metadata is the verbs'
 * matter. Custom resources: by their schema, without rules (CEL). Built-in kinds: what people get wrong most, see
 * validation/.
 */
export function validate({ schema, object, isCustom, live }: ValidateOptions): readonly FieldError[] {
  if (!isCustom) return builtInErrors(object, live);
  return schema === undefined ? [] : customErrors(object, schema);
}
