/**
 * OpenAPI as Kubernetes publishes it, read by its own rules: what is here knows nothing of how the gateway reads it.
 */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly not?: Schema;
  readonly 'x-kubernetes-group-version-kind'?: readonly KindName[];
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
}

export interface KindName {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** A schema, put together from all that it consists of. */
export interface Whole {
  /** The named schemas that it refers to. */
  readonly names: readonly string[];
  readonly type: string | undefined;
  readonly format: string | undefined;
  readonly isNullable: boolean;
  readonly enum: readonly unknown[] | undefined;
  /** A property that several of its schemas describe has all of their descriptions. */
  readonly properties: ReadonlyMap<string, Schema>;
  /** What members without a description may be; undefined where there are none. */
  readonly others: Schema | undefined;
  readonly items: Schema | undefined;
  readonly kinds: readonly KindName[];
  /** The types that alternatives say, for a schema that says none itself. */
  readonly alternatives: readonly string[];
}

const ANYTHING: Schema = {};

const REFERENCE = '#/components/schemas/';

const known = new WeakMap<Schema, Whole>();

/** @param named the schemas of the document that it stands in: always the same for a schema. */
export function wholeOf(schema: Schema, named: Readonly<Record<string, Schema>>): Whole {
  let whole = known.get(schema);
  if (whole === undefined) known.set(schema, (whole = putTogether(schema, named)));
  return whole;
}

function putTogether(schema: Schema, named: Readonly<Record<string, Schema>>): Whole {
  const names: string[] = [];
  const parts = [...partsOf(schema, named, names)];
  const alternatives = parts.flatMap((part) => [...(part.anyOf ?? []), ...(part.oneOf ?? [])]);
  const type = first(parts, (part) => part.type);
  return {
    names,
    type,
    format: first(parts, (part) => part.format),
    isNullable: parts.some((part) => part.nullable === true),
    enum: first(parts, (part) => part.enum),
    properties: propertiesOf([...parts, ...parts.flatMap(conditions)]),
    // A boolean with unknown fields is none the less a boolean.
    others: type === undefined || type === 'object' ? first(parts, othersOf) : undefined,
    items: first(parts, (part) => part.items),
    kinds: parts.flatMap((part) => part['x-kubernetes-group-version-kind'] ?? []),
    alternatives: alternatives.flatMap(({ type }) => (type === undefined ? [] : [type])),
  };
}

function* partsOf(
  schema: Schema,
  named: Readonly<Record<string, Schema>>,
  names: string[],
): Generator<Schema, void, void> {
  yield schema;
  const name = schema.$ref?.slice(REFERENCE.length);
  const referred = name === undefined ? undefined : named[name];
  if (name !== undefined && referred === undefined) throw new Error(`nothing is called ${name}`);
  if (name !== undefined && referred !== undefined && !names.includes(name)) {
    names.push(name);
    yield* partsOf(referred, named, names);
  }
  for (const part of schema.allOf ?? []) yield* partsOf(part, named, names);
}

/** Schemas that say more of the same value; a structural schema may name no properties in them that it has not itself. */
function conditions({ anyOf = [], oneOf = [], not }: Schema): readonly Schema[] {
  const below = [...anyOf, ...oneOf, ...(not === undefined ? [] : [not])];
  return below.flatMap((each) => [each, ...(each.allOf ?? []), ...conditions(each)]);
}

function propertiesOf(parts: readonly Schema[]): ReadonlyMap<string, Schema> {
  const properties = new Map<string, Schema>();
  for (const { properties: own = {} } of parts) {
    for (const [key, schema] of Object.entries(own)) {
      const known = properties.get(key);
      properties.set(key, known === undefined ? schema : { allOf: [known, schema] });
    }
  }
  return properties;
}

function othersOf(part: Schema): Schema | undefined {
  if (typeof part.additionalProperties === 'object') return part.additionalProperties;
  const isOpen = part.additionalProperties === true || part['x-kubernetes-preserve-unknown-fields'] === true;
  return isOpen ? ANYTHING : undefined;
}

function first<T>(parts: readonly Schema[], read: (part: Schema) => T | undefined): T | undefined {
  for (const part of parts) {
    const value = read(part);
    if (value !== undefined) return value;
  }
  return undefined;
}
