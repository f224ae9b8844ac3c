import { printJson } from '../../api/json.ts';
import { isRecord } from '../record.ts';
import type { FieldError, Schema } from '../schema.ts';
import { duplicate, invalid } from './field-errors.ts';

/** Members that come twice in the sets and maps of a custom resource (`x-kubernetes-list-type`). */
export function listTypeErrors(value: unknown, schema: Schema, path: string): readonly FieldError[] {
  if (Array.isArray(value)) {
    const items = value as readonly unknown[];
    const { items: itemSchema } = schema;
    const inside =
      itemSchema === undefined
        ? []
        : items.flatMap((item, index) => listTypeErrors(item, itemSchema, `${path}[${index}]`));
    return [...ownErrors(items, schema, path), ...inside];
  }
  if (!isRecord(value)) return [];
  const { properties = {}, additionalProperties } = schema;
  const values = isRecord(additionalProperties) ? (additionalProperties as Schema) : undefined;
  return Object.entries(value).flatMap(([key, member]) => {
    const memberSchema = Object.hasOwn(properties, key) ? properties[key] : values;
    return memberSchema === undefined
      ? []
      : listTypeErrors(member, memberSchema, path === '' ? key : `${path}.${key}`);
  });
}

function ownErrors(items: readonly unknown[], schema: Schema, path: string): readonly FieldError[] {
  switch (schema['x-kubernetes-list-type']) {
    case 'set':
      return repeated(items, path, (item) => item);
    case 'map': {
      const wrong = items.flatMap((item, index) =>
        isRecord(item)
          ? []
          : [invalid(`${path}[${index}]`, item, 'must be an object for an array of list-type map')],
      );
      if (wrong.length > 0) return wrong;
      return repeated(items, path, (item) => keysOf(item, schema));
    }
    default:
      return [];
  }
}

function keysOf(item: unknown, schema: Schema): unknown {
  const keys = (schema['x-kubernetes-list-map-keys'] ?? []).toSorted();
  const of = isRecord(item) ? item : {};
  return Object.fromEntries(keys.flatMap((key) => (of[key] === undefined ? [] : [[key, of[key]]])));
}

function repeated(
  items: readonly unknown[],
  path: string,
  keyOf: (item: unknown) => unknown,
): readonly FieldError[] {
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    const key = keyOf(item);
    const text = printJson(key);
    if (seen.has(text)) return [duplicate(`${path}[${index}]`, key)];
    seen.add(text);
    return [];
  });
}
