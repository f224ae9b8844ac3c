import type { KubeObject } from '../../api/object.ts';
import { isRecord } from '../record.ts';
import type { FieldError, Schema } from '../schema.ts';
import { invalid } from './field-errors.ts';
import { listTypeErrors } from './lists.ts';
import { valueErrors } from './values.ts';

/**
 * What is wrong with a custom resource by its schema. Rules (`x-kubernetes-validations`) are not evaluated: the demo has
 * no CEL. Metadata is the verbs' matter.
 */
export function customErrors(object: KubeObject, schema: Schema): readonly FieldError[] {
  const { metadata: _, ...properties } = schema.properties ?? {};
  const { metadata: __, ...own } = object;
  const plain: Schema = { ...schema, properties };
  const errors = [...valueErrors(own, plain, ''), ...listTypeErrors(own, plain, '')];
  const isBlocked = hasRules(schema) && errors.some(({ reason }) => BLOCKING.has(reason));
  return isBlocked ? [...errors, RULES_NOT_CHECKED] : errors;
}

/** Errors after which the real server does not look at rules, and says so. */
const BLOCKING: ReadonlySet<string> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

const RULES_NOT_CHECKED = invalid(
  '<nil>',
  null,
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
);

const withRules = new WeakMap<Schema, boolean>();

function hasRules(schema: Schema): boolean {
  const known = withRules.get(schema);
  if (known !== undefined) return known;
  const { properties = {}, items, additionalProperties } = schema;
  const inside = [
    ...Object.values(properties),
    ...(items === undefined ? [] : [items]),
    ...(isRecord(additionalProperties) ? [additionalProperties as Schema] : []),
  ];
  const found = (schema['x-kubernetes-validations'] ?? []).length > 0 || inside.some(hasRules);
  withRules.set(schema, found);
  return found;
}
