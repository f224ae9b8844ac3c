import type { Schema, SchemaSource } from '../schema/schema.ts';

/**
 * What a value may be, as far as ownership and merging care. More than one of the three is possible where the schema does
 * not say.
 */
export interface Shape {
  readonly scalar?: 'numeric' | 'string' | 'boolean' | 'time' | 'untyped';
  readonly list?: ListShape;
  readonly map?: MapShape;
}

export interface ListShape {
  /** An atomic list is one field. `keys` tells the items of the others apart; without keys they are a set. */
  readonly isAtomic: boolean;
  readonly keys: readonly string[];
  readonly items: () => Shape;
}

export interface MapShape {
  readonly isAtomic: boolean;
  /** The declared fields. */
  readonly fields: ReadonlyMap<string, FieldShape>;
  /** The shape of all other entries; undefined where there must be none. */
  readonly others: (() => Shape) | undefined;
}

export interface FieldShape {
  readonly shape: () => Shape;
  readonly default: unknown;
  readonly isRequired: boolean;
  /**
   * The value of a field that is never absent, because it is no pointer in the real server's Go type: an empty object for
   * structs, null for lists and maps. Undefined where absence is possible, and for all custom resources.
   */
  readonly implied: () => unknown;
  /** Set for fields of Go structs: null is how some of them are written that have no value. */
  readonly isAbsentIfNull: boolean;
}

/** For what has no schema: maps have their entries as fields, lists are atomic. */
const DEDUCED: Shape = {
  scalar: 'untyped',
  list: { isAtomic: true, keys: [], items: () => UNTYPED },
  map: { isAtomic: false, fields: new Map(), others: () => DEDUCED },
};

const UNTYPED: Shape = {
  scalar: 'untyped',
  list: { isAtomic: true, keys: [], items: () => UNTYPED },
  map: { isAtomic: true, fields: new Map(), others: () => UNTYPED },
};

const shapes = new WeakMap<Schema, Shape>();

/** The shape of a kind. */
export function shapeOf(schema: Schema | undefined, source: SchemaSource): Shape {
  if (schema === undefined) return DEDUCED;
  const known = shapes.get(schema);
  if (known !== undefined) return known;
  const shape = readShape(schema, { source, isGoType: isGoType(schema), preservesUnknown: false });
  shapes.set(schema, shape);
  return shape;
}

/** Built-ins are Go structs, which shows in `metadata`: it has a zero value, and custom resources' metadata has none. */
export function isGoType(schema: Schema | undefined): boolean {
  return schema?.properties?.['metadata']?.default !== undefined;
}

interface Context {
  readonly source: SchemaSource;
  readonly isGoType: boolean;
  readonly preservesUnknown: boolean;
}

function readShape(schema: Schema, context: Context): Shape {
  const name = referenceOf(schema);
  if (name?.endsWith('.runtime.RawExtension')) return UNTYPED;
  if (name?.endsWith('.resource.Quantity')) return { scalar: 'untyped' };
  const target = context.source.resolve(schema);
  const preservesUnknown =
    (name === undefined && context.preservesUnknown) ||
    target['x-kubernetes-preserve-unknown-fields'] === true;
  const inner = { ...context, preservesUnknown };
  // Beside a reference, the map type of the field wins over that of the definition.
  const mapType = schema['x-kubernetes-map-type'] ?? target['x-kubernetes-map-type'];
  switch (target.type) {
    case 'object':
      return { map: readMap(target, mapType, inner) };
    case 'array':
      return { list: readList(target, inner) };
    case 'integer':
    case 'number':
      return { scalar: 'numeric' };
    case 'boolean':
      return { scalar: 'boolean' };
    case 'string':
      return { scalar: readText(target.format) };
    default:
      return { scalar: 'untyped', list: readList(target, inner), map: readMap(target, mapType, inner) };
  }
}

function readText(format: string | undefined): NonNullable<Shape['scalar']> {
  if (format === undefined || format === 'byte') return 'string';
  return format === 'date-time' ? 'time' : 'untyped';
}

function readMap(schema: Schema, mapType: string | undefined, context: Context): MapShape {
  const properties = Object.entries(schema.properties ?? {});
  return {
    isAtomic: mapType === 'atomic',
    fields: new Map(
      properties.map(([name, property]) => [
        name,
        readField(property, schema.required?.includes(name) ?? false, context),
      ]),
    ),
    others: readOthers(schema, context),
  };
}

function readOthers(schema: Schema, context: Context): MapShape['others'] {
  const { additionalProperties } = schema;
  if (typeof additionalProperties === 'object') return once(() => readShape(additionalProperties, context));
  const allowsAny = context.preservesUnknown || schema.properties === undefined;
  return (additionalProperties ?? allowsAny) ? () => DEDUCED : undefined;
}

function readField(schema: Schema, isRequired: boolean, context: Context): FieldShape {
  const shape = once(() => readShape(schema, context));
  return {
    shape,
    default: schema.default,
    isRequired,
    isAbsentIfNull: context.isGoType,
    implied: once(() => {
      if (!context.isGoType) return undefined;
      if (schema.default !== undefined && (isRequired || shape().map !== undefined)) return schema.default;
      return isRequired && shape().scalar === undefined ? null : undefined;
    }),
  };
}

function readList(schema: Schema, context: Context): ListShape {
  const { items } = schema;
  const keys = keysOf(schema);
  return {
    isAtomic: keys === undefined,
    keys: keys ?? [],
    items: items === undefined ? () => UNTYPED : once(() => readShape(items, context)),
  };
}

/** Undefined for atomic lists, empty for sets. */
function keysOf(schema: Schema): readonly string[] | undefined {
  switch (schema['x-kubernetes-list-type']) {
    case 'map':
      return schema['x-kubernetes-list-map-keys'] ?? [];
    case 'set':
      return [];
    case 'atomic':
      return undefined;
    default:
  }
  // Lists that never got a list type are read by what strategic merge patches know about them.
  if (!schema['x-kubernetes-patch-strategy']?.split(',').includes('merge')) return undefined;
  const key = schema['x-kubernetes-patch-merge-key'];
  return key === undefined ? [] : [key];
}

function referenceOf(schema: Schema): string | undefined {
  return schema.$ref ?? (schema.allOf?.length === 1 ? schema.allOf[0]?.$ref : undefined);
}

function once<T>(read: () => T): () => T {
  let value: { readonly value: T } | undefined;
  return () => (value ??= { value: read() }).value;
}
