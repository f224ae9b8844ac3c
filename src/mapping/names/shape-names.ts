import type { GroupVersionKind } from '../../catalog/resource.ts';
import type { Shapes } from '../../catalog/openapi/shapes.ts';
import {
  definitionTypeName,
  fieldName,
  inlineTypeName,
  isEnumValueName,
  kindTypeName,
  type PrefixOf,
} from './naming.ts';

/** The GraphQL names of everything that one OpenAPI document describes. */
export interface ShapeNames {
  /** By shape name. */
  readonly outputs: ReadonlyMap<string, string>;
  readonly inputs: ReadonlyMap<string, string>;
  /** Enum types for inputs, by `SHAPE/FIELD`; only fields all of whose values are legal names have one. */
  readonly enums: ReadonlyMap<string, string>;
}

/**
 * Names the shapes of one document. Names depend on nothing outside it, so that documents can be loaded in any order:
 * a clash inside is solved by a `_` behind the later name.
 *
 * @param reserved names that are taken by base.graphql and by the kinds of the group-version.
 */
export function nameShapes(shapes: Shapes, reserved: ReadonlySet<string>, prefixOf: PrefixOf): ShapeNames {
  const taken = new Set(reserved);
  const outputs = new Map<string, string>();
  const inputs = new Map<string, string>();
  const isInline = (shape: string): boolean => shape.includes('/');
  const kindOf = kindsByShape(shapes);
  for (const shape of Object.keys(shapes.objects).filter((name) => !isInline(name))) {
    // Definitions are shared between documents, or are kinds whose names are reserved for them: never renamed.
    const kind = kindOf.get(shape);
    const name = kind === undefined ? definitionTypeName(shape) : kindTypeName(kind, prefixOf);
    outputs.set(shape, name);
    taken.add(name);
  }
  for (const [shape, name] of outputs) {
    // A kind's input may meet another kind; those of shared definitions have one name in all documents.
    inputs.set(shape, kindOf.has(shape) ? claim(`${name}Input`, taken) : `${name}Input`);
    taken.add(`${name}Input`);
  }
  // Parents come before what is inside them, whatever the order of definition.
  const inline = byDepth(Object.keys(shapes.objects).filter(isInline));
  for (const shape of inline) outputs.set(shape, claim(nameInParent(shape, outputs), taken));
  for (const shape of inline) inputs.set(shape, claim(`${outputs.get(shape)}Input`, taken));
  return { outputs, inputs, enums: nameEnums(shapes, outputs, taken) };
}

/** The kinds that shapes are, by shape name; a shape that several kinds share is the first one. */
export function kindsByShape(shapes: Shapes): ReadonlyMap<string, GroupVersionKind> {
  const kinds = new Map<string, GroupVersionKind>();
  for (const [key, shape] of Object.entries(shapes.kinds)) {
    if (!kinds.has(shape)) kinds.set(shape, parseKindKey(key));
  }
  return kinds;
}

function nameEnums(
  shapes: Shapes,
  outputs: ReadonlyMap<string, string>,
  taken: Set<string>,
): ReadonlyMap<string, string> {
  const enums = new Map<string, string>();
  for (const [shape, name] of outputs) {
    for (const [field, values] of Object.entries(shapes.objects[shape]?.enums ?? {})) {
      if (!values.every(isEnumValueName)) continue;
      enums.set(`${shape}/${field}`, claim(`${inlineTypeName(name, field)}Input`, taken));
    }
  }
  return enums;
}

function nameInParent(shape: string, outputs: ReadonlyMap<string, string>): string {
  const end = shape.lastIndexOf('/');
  return inlineTypeName(outputs.get(shape.slice(0, end)) ?? '', shape.slice(end + 1));
}

/** The GraphQL field names of an object's keys, distinct among themselves. */
export function nameFields(
  keys: readonly string[],
  reserved: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const taken = new Set(reserved);
  const names = new Map<string, string>();
  // A key that is legal as it stands keeps its name, whoever else would like it.
  for (const key of keys) if (fieldName(key) === key && !taken.has(key)) names.set(key, claim(key, taken));
  for (const key of keys) if (!names.has(key)) names.set(key, claim(fieldName(key), taken));
  return names;
}

function claim(name: string, taken: Set<string>): string {
  let free = name;
  while (taken.has(free)) free += '_';
  taken.add(free);
  return free;
}

function byDepth(shapeNames: readonly string[]): readonly string[] {
  const levels: string[][] = [];
  for (const name of shapeNames) (levels[name.split('/').length] ??= []).push(name);
  return levels.flat();
}

function parseKindKey(key: string): GroupVersionKind {
  const [group, version, kind] = key.split('/') as [string, string, string];
  return { group, version, kind };
}
