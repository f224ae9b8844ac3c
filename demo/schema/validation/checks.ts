import { isRecord } from '../record.ts';
import type { FieldError } from '../schema.ts';
import { duplicate, invalid, notSupported, required } from './field-errors.ts';
import { percentErrors, portNameErrors } from './names.ts';

export type Json = Readonly<Record<string, unknown>>;

export function recordOf(value: unknown): Json {
  return isRecord(value) ? value : {};
}

export function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map(recordOf) : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A value that must be there, and be well formed if it is. */
export function requiredText(
  value: unknown,
  path: string,
  rule: (text: string) => readonly string[],
): readonly FieldError[] {
  return textOf(value) === '' ? [required(path)] : optionalText(value, path, rule);
}

export function optionalText(
  value: unknown,
  path: string,
  rule: (text: string) => readonly string[],
): readonly FieldError[] {
  const text = textOf(value);
  return text === '' ? [] : rule(text).map((error) => invalid(path, text, error));
}

export function oneOf(value: unknown, path: string, supported: readonly string[]): readonly FieldError[] {
  return value === undefined || supported.includes(textOf(value))
    ? []
    : [notSupported(path, value, supported)];
}

/** Numbers that may not be negative, by their names. */
export function notNegative(of: Json, path: string, ...keys: readonly string[]): readonly FieldError[] {
  return keys.flatMap((key) => {
    const value = of[key];
    return typeof value === 'number' && value < 0
      ? [invalid(`${path}.${key}`, value, 'must be greater than or equal to 0')]
      : [];
  });
}

/** A count or a percentage. */
export function countErrors(of: Json, path: string, key: string): readonly FieldError[] {
  const value = of[key];
  if (typeof value !== 'string') return notNegative(of, path, key);
  return percentErrors(value).map((error) => invalid(`${path}.${key}`, value, error));
}

const PORT_RULE = 'must be between 1 and 65535, inclusive';

export function portErrors(value: unknown, path: string): readonly FieldError[] {
  return typeof value === 'number' && (value < 1 || value > 65_535) ? [invalid(path, value, PORT_RULE)] : [];
}

/** A port's number or name. */
export function portOrNameErrors(value: unknown, path: string): readonly FieldError[] {
  if (typeof value === 'string') return portNameErrors(value).map((error) => invalid(path, value, error));
  return portErrors(value, path);
}

/** Values that come a second time in a list. */
export function repeatedErrors(
  values: readonly (readonly [path: string, value: unknown])[],
): readonly FieldError[] {
  const seen = new Set<unknown>();
  return values.flatMap(([path, value]) => {
    if (value === undefined || value === '') return [];
    if (seen.has(value)) return [duplicate(path, value)];
    seen.add(value);
    return [];
  });
}
