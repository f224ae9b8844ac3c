import { referredBy } from './names.ts';
import type { Schema, SchemaSource } from './schema.ts';

/** What a schema of a built-in kind describes, in the terms of the server's own types. */
export type Shape =
  | { readonly kind: 'struct'; readonly type: string; readonly fields: Readonly<Record<string, Schema>> }
  | { readonly kind: 'map'; readonly values: Schema }
  | { readonly kind: 'list'; readonly items: Schema }
  | {
      readonly kind:
        | 'string'
        | 'bytes'
        | 'time'
        | 'microtime'
        | 'bool'
        | 'quantity'
        | 'int-or-string'
        | 'number';
    }
  | { readonly kind: 'integer'; readonly bits: 32 | 64 }
  /** JSON of any form. */
  | { readonly kind: 'any' };

const RESOLVED: Readonly<Record<string, Shape>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { kind: 'quantity' },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { kind: 'int-or-string' },
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': { kind: 'time' },
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': { kind: 'microtime' },
};

export function shapeOf(schema: Schema, source: SchemaSource): Shape {
  const definition = definitionOf(schema);
  const known = definition === undefined ? undefined : RESOLVED[definition];
  if (known !== undefined) return known;
  const resolved = source.resolve(schema);
  if (resolved.properties !== undefined) {
    return { kind: 'struct', type: definition ?? '', fields: resolved.properties };
  }
  switch (resolved.type) {
    case 'object':
      return typeof resolved.additionalProperties === 'object'
        ? { kind: 'map', values: resolved.additionalProperties }
        : { kind: 'any' };
    case 'array':
      return { kind: 'list', items: resolved.items ?? {} };
    case 'string':
      return { kind: resolved.format === 'byte' ? 'bytes' : 'string' };
    case 'boolean':
      return { kind: 'bool' };
    case 'integer':
      return { kind: 'integer', bits: resolved.format === 'int64' ? 64 : 32 };
    case 'number':
      return { kind: 'number' };
    default:
      return { kind: 'any' };
  }
}

/** The definition that a property refers to. */
export function definitionOf(schema: Schema): string | undefined {
  const reference = schema.$ref ?? (schema.allOf?.length === 1 ? schema.allOf[0]?.$ref : undefined);
  return reference === undefined ? undefined : referredBy(reference);
}

/** The server's name of a type, as its messages have it: `v1.Container`, `[]v1.Container`, `map[string]string`. */
export function typeName(shape: Shape, source: SchemaSource): string {
  switch (shape.kind) {
    case 'struct':
      return shape.type.split('.').slice(-2).join('.');
    case 'map':
      return `map[string]${typeName(shapeOf(shape.values, source), source)}`;
    case 'list':
      return `[]${typeName(shapeOf(shape.items, source), source)}`;
    case 'bytes':
      return '[]uint8';
    case 'quantity':
      return 'resource.Quantity';
    case 'number':
      return 'float64';
    case 'integer':
      return `int${shape.bits}`;
    case 'int-or-string':
      return 'int32';
    case 'time':
    case 'microtime':
    case 'any':
      return 'string';
    default:
      return shape.kind;
  }
}
