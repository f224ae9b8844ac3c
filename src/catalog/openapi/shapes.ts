/**
 * The part of an OpenAPI document that a schema needs: which objects there are and what their fields hold. A 2 MB
 * document shrinks to some 50 KB of this; descriptions are kept apart, because only introspection and SDL ask for them.
 */
export interface Shapes {
  /** By shape name: an OpenAPI definition's name, or `PARENT/FIELD` for an object described in place. */
  readonly objects: Readonly<Record<string, ObjectShape>>;
  /** The shape name of each kind that the document describes, by `kindKey`. */
  readonly kinds: Readonly<Record<string, string>>;
}

export interface ObjectShape {
  readonly fields: Readonly<Record<string, TypeCode>>;
  /** The values that a string field (or the strings in a list field) may have, for fields that name them. */
  readonly enums?: Readonly<Record<string, readonly string[]>>;
  /** Whether objects may hold fields that are not described (`x-kubernetes-preserve-unknown-fields`). */
  readonly open?: true;
}

/**
 * What a field holds, as a short text, so that shapes are compact JSON: a letter of `SCALAR_CODES`, `@` and a shape
 * name, or `[` and the code of the elements.
 */
export type TypeCode = string;

export const SCALAR_CODES = {
  string: 's',
  int32: 'i',
  int64: 'l',
  float: 'f',
  boolean: 'b',
  dateTime: 't',
  microTime: 'u',
  quantity: 'q',
  intOrString: 'o',
  base64: 'y',
  json: 'j',
  stringMap: 'm',
  quantityMap: 'k',
} as const;

/** Descriptions by shape name and field; the shape's own stands under the empty field name. */
export type Texts = Readonly<Record<string, Readonly<Record<string, string>>>>;

export const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** The key of `Shapes.kinds`. */
export function kindKey(of: {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}): string {
  return `${of.group}/${of.version}/${of.kind}`;
}
