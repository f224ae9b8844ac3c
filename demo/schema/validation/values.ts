import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../record.ts';
import type { FieldError, Schema } from '../schema.ts';
import { invalid, notSupported, required, tooLong, tooMany, typeInvalid } from './field-errors.ts';
import { hasFormat } from './formats.ts';

/**
 * What is wrong with a value of a custom resource by its schema, in the real server's words and order: type, combined
 * schemas, text, number, list, enum, object.
 */
export function valueErrors(value: unknown, schema: Schema, path: string): readonly FieldError[] {
  if (value === null && schema.nullable === true) return [];
  const types = typeErrors(value, schema, path);
  const combined = combinedErrors(value, schema, path);
  const others = [
    ...(typeof value === 'string' ? textErrors(value, schema, path) : []),
    ...(isNumber(value) ? numberErrors(value, schema, path) : []),
    ...(Array.isArray(value) ? listErrors(value, schema, path) : []),
  ];
  const object = isRecord(value) ? objectErrors(value, schema, path) : [];
  return [...types, ...combined, ...others, ...enumErrors(value, schema, path), ...object];
}

/** What is not said of one field. */
const NO_FIELD = '<nil>';

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function typeErrors(value: unknown, schema: Schema, path: string): readonly FieldError[] {
  const types = schema['x-kubernetes-int-or-string'] === true ? ['integer', 'string'] : [schema.type ?? ''];
  const actual = typeOf(value);
  if (types[0] === '') return [];
  const isOk = types.includes(actual) || (types.includes('number') && actual === 'integer');
  const { format } = schema;
  if (!isOk) {
    // A fraction where an integer of a certain size belongs is told in the terms of that size.
    const isSized = types[0] === 'integer' && isNumber(value) && format !== undefined;
    const [shown, wanted] = isSized ? ['float64', format] : [actual, types.join(',')];
    return [typeInvalid(path, shown, `${path} in body must be of type ${wanted}: "${shown}"`)];
  }
  if (typeof value === 'string' && format !== undefined && !hasFormat(value, format)) {
    return [typeInvalid(path, value, `${path} in body must be of type ${format}: ${JSON.stringify(value)}`)];
  }
  return [];
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (isNumber(value)) return isInteger(value, 64) ? 'integer' : 'number';
  return typeof value;
}

function isInteger(value: number | bigint, bits: 32 | 64): boolean {
  if (typeof value === 'number' && !Number.isInteger(value)) return false;
  return BigInt.asIntN(bits, BigInt(value)) === BigInt(value);
}

function textErrors(value: string, schema: Schema, path: string): readonly FieldError[] {
  const { maxLength, minLength, pattern } = schema;
  const length = Array.from(value).length;
  if (maxLength !== undefined && length > maxLength) return [tooLong(path, maxLength)];
  if (minLength !== undefined && length < minLength) {
    return [invalid(path, value, `${path} in body should be at least ${minLength} chars long`)];
  }
  if (pattern !== undefined && patternOf(pattern)?.test(value) === false) {
    return [invalid(path, value, `${path} in body should match '${pattern}'`)];
  }
  return [];
}

const patterns = new Map<string, RegExp | undefined>();

/** Undefined for one that only the server's own dialect of regular expressions has. */
function patternOf(pattern: string): RegExp | undefined {
  if (!patterns.has(pattern)) patterns.set(pattern, compile(pattern));
  return patterns.get(pattern);
}

function compile(pattern: string): RegExp | undefined {
  // Flags for the whole are the one difference that is met in practice.
  const [, flags = '', rest = pattern] = /^\(\?([ims]+)\)(.*)$/s.exec(pattern) ?? [];
  for (const mode of ['u', '']) {
    try {
      return new RegExp(rest, `${flags}${mode}`);
    } catch {
      // Without `u` more escapes are allowed.
    }
  }
  return undefined;
}

function numberErrors(value: number | bigint, schema: Schema, path: string): readonly FieldError[] {
  const { type, format, multipleOf, maximum, minimum, exclusiveMaximum, exclusiveMinimum } = schema;
  const bits = format === 'int32' ? 32 : 64;
  const kind = format === undefined ? 'integer (default format)' : `integer with format ${format}`;
  const isSized = type !== 'integer' || isInteger(value, bits);
  const should = (what: string): FieldError => invalid(path, value, `${path} in body should be ${what}`);
  return [
    ...(isSized ? [] : [invalid(NO_FIELD, '', `Checked value must be of type ${kind} in ${path}`)]),
    ...(multipleOf !== undefined && Number(value) % multipleOf !== 0
      ? [should(`a multiple of ${multipleOf}`)]
      : []),
    ...(maximum !== undefined && (exclusiveMaximum === true ? value >= maximum : value > maximum)
      ? [should(`less than ${exclusiveMaximum === true ? '' : 'or equal to '}${maximum}`)]
      : []),
    ...(minimum !== undefined && (exclusiveMinimum === true ? value <= minimum : value < minimum)
      ? [should(`greater than ${exclusiveMinimum === true ? '' : 'or equal to '}${minimum}`)]
      : []),
  ];
}

function listErrors(value: readonly unknown[], schema: Schema, path: string): readonly FieldError[] {
  const { items, minItems, maxItems } = schema;
  return [
    ...(items === undefined
      ? []
      : value.flatMap((item, index) => valueErrors(item, items, `${path}[${index}]`))),
    ...(minItems !== undefined && value.length < minItems
      ? [invalid(path, value.length, `${path} in body should have at least ${minItems} items`)]
      : []),
    ...(maxItems !== undefined && value.length > maxItems ? [tooMany(path, value.length, maxItems)] : []),
  ];
}

function enumErrors(value: unknown, schema: Schema, path: string): readonly FieldError[] {
  if (schema.enum === undefined || schema.enum.some((each) => isDeepStrictEqual(each, value))) return [];
  return [notSupported(path, value, schema.enum)];
}

function objectErrors(
  value: Readonly<Record<string, unknown>>,
  schema: Schema,
  path: string,
): readonly FieldError[] {
  const { properties = {}, additionalProperties, minProperties, maxProperties } = schema;
  const values = isRecord(additionalProperties) ? (additionalProperties as Schema) : undefined;
  const count = Object.keys(value).length;
  return [
    ...(minProperties !== undefined && count < minProperties
      ? [invalid(path, count, `${path} in body should have at least ${minProperties} properties`)]
      : []),
    ...(maxProperties !== undefined && count > maxProperties ? [tooMany(path, count, maxProperties)] : []),
    ...Object.entries(value).flatMap(([key, member]) => {
      const memberSchema = Object.hasOwn(properties, key) ? properties[key] : values;
      return memberSchema === undefined ? [] : valueErrors(member, memberSchema, memberPath(path, key));
    }),
    ...requiredOf(schema)
      .filter((key) => !Object.hasOwn(value, key))
      .map((key) => required(memberPath(path, key))),
  ];
}

function requiredOf(schema: Schema): readonly string[] {
  const all = schema.required ?? [];
  return schema['x-kubernetes-embedded-resource'] === true ? all.toSorted() : all;
}

function memberPath(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function combinedErrors(value: unknown, schema: Schema, path: string): readonly FieldError[] {
  const { allOf = [], anyOf = [], oneOf = [], not } = schema;
  // Published with every int-or-string; the type says it already.
  const some = schema['x-kubernetes-int-or-string'] === true ? [] : anyOf;
  return [
    ...(some.length === 0 ? [] : anyErrors(value, some, path)),
    ...(oneOf.length === 0 ? [] : oneErrors(value, oneOf, path)),
    ...(allOf.length === 0 ? [] : allErrors(value, allOf, path)),
    ...(not !== undefined && valueErrors(value, not, path).length === 0
      ? [invalid(NO_FIELD, '', `"${path}" must not validate the schema (not)`)]
      : []),
  ];
}

function anyErrors(value: unknown, schemas: readonly Schema[], path: string): readonly FieldError[] {
  const results = schemas.map((schema) => valueErrors(value, schema, path));
  if (results.some((errors) => errors.length === 0)) return [];
  return [
    invalid(NO_FIELD, '', `"${path}" must validate at least one schema (anyOf)`),
    ...(results[0] ?? []),
  ];
}

function oneErrors(value: unknown, schemas: readonly Schema[], path: string): readonly FieldError[] {
  const results = schemas.map((schema) => valueErrors(value, schema, path));
  const count = results.filter((errors) => errors.length === 0).length;
  if (count === 1) return [];
  const found = count === 0 ? 'Found none valid' : `Found ${count} valid alternatives`;
  const error = invalid(NO_FIELD, '', `"${path}" must validate one and only one schema (oneOf). ${found}`);
  return [error, ...(count === 0 ? (results[0] ?? []) : [])];
}

function allErrors(value: unknown, schemas: readonly Schema[], path: string): readonly FieldError[] {
  const results = schemas.map((schema) => valueErrors(value, schema, path));
  const failed = results.filter((errors) => errors.length > 0);
  if (failed.length === 0) return [];
  const none = failed.length === schemas.length ? '. None validated' : '';
  return [...failed.flat(), invalid(NO_FIELD, '', `"${path}" must validate all the schemas (allOf)${none}`)];
}
