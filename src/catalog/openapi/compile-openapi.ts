import {
  definitionsOf,
  type Definitions,
  hasProperties,
  type OpenApiSchema,
  recursiveDefinitions,
  referenceOf,
} from './openapi-schema.ts';
import {
  kindKey,
  OBJECT_META,
  type ObjectShape,
  SCALAR_CODES,
  type Shapes,
  type Texts,
  type TypeCode,
} from './shapes.ts';

export interface CompiledDocument {
  readonly shapes: Shapes;
  readonly texts: Texts;
}

/** Definitions whose schema does not tell what they are. */
const CODE_BY_DEFINITION: Readonly<Record<string, TypeCode>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': SCALAR_CODES.quantity,
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': SCALAR_CODES.intOrString,
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': SCALAR_CODES.dateTime,
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': SCALAR_CODES.microTime,
};

const LIST_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta';

/** Reduces one group-version's OpenAPI v3 document to the shapes of its kinds, and their descriptions beside. */
export function compileOpenApi(document: unknown): CompiledDocument {
  const compiler = new Compiler(definitionsOf(document));
  compiler.compileKinds();
  return { shapes: { objects: compiler.objects, kinds: compiler.kinds }, texts: compiler.texts };
}

class Compiler {
  readonly objects: Record<string, ObjectShape> = {};
  readonly kinds: Record<string, string> = {};
  readonly texts: Record<string, Record<string, string>> = {};
  readonly #definitions: Definitions;
  readonly #recursive: ReadonlySet<string>;
  /** The codes of definitions without properties, by name. */
  readonly #codes = new Map<string, TypeCode>();

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
    this.#recursive = recursiveDefinitions(definitions);
  }

  compileKinds(): void {
    for (const [name, schema] of Object.entries(this.#definitions)) {
      const kinds = schema['x-kubernetes-group-version-kind'] ?? [];
      if (kinds.length === 0 || isList(schema)) continue;
      // DeleteOptions, WatchEvent and Status belong to every group; they are options and envelopes, not kinds.
      if (name.startsWith('io.k8s.apimachinery.')) continue;
      this.#define(name, schema, withMetadata(schema));
      for (const kind of kinds) this.kinds[kindKey(kind)] ??= name;
    }
  }

  /** Compiles a definition or an object described in place under `name`, once. */
  #define(name: string, schema: OpenApiSchema, properties = schema.properties ?? {}): void {
    if (this.objects[name] !== undefined) return;
    const fields: Record<string, TypeCode> = {};
    const enums: Record<string, readonly string[]> = {};
    const texts: Record<string, string> = {};
    // Entered before its fields are, so that a definition met again below finds itself done.
    this.objects[name] = {
      fields,
      enums,
      ...(isOpen(schema) ? { open: true as const } : {}),
    };
    this.texts[name] = texts;
    if (schema.description !== undefined) texts[''] = schema.description;
    for (const [field, property] of Object.entries(properties)) {
      fields[field] = this.#code(property, `${name}/${field}`);
      const values = enumOf(property);
      if (values !== undefined) enums[field] = values;
      if (property.description !== undefined) texts[field] = property.description;
    }
  }

  #code(schema: OpenApiSchema, inlineName: string): TypeCode {
    const reference = referenceOf(schema);
    if (reference !== undefined) return this.#referenceCode(reference);
    if (schema['x-kubernetes-int-or-string'] === true || schema.format === 'int-or-string') {
      return SCALAR_CODES.intOrString;
    }
    if (hasProperties(schema)) {
      this.#define(inlineName, schema);
      return `@${inlineName}`;
    }
    return this.#plainCode(schema, inlineName);
  }

  #referenceCode(name: string): TypeCode {
    const known = CODE_BY_DEFINITION[name];
    if (known !== undefined) return known;
    const definition = this.#definitions[name];
    if (definition === undefined || this.#recursive.has(name)) return SCALAR_CODES.json;
    if (!hasProperties(definition)) return this.#definitionCode(name, definition);
    this.#define(name, definition);
    return `@${name}`;
  }

  /**
   * Of a definition without properties: a list, a text. An object described in its elements goes by its name, wherever it
   * is referred to: once for each reference, few definitions that refer twice to the next would make millions of shapes.
   */
  #definitionCode(name: string, definition: OpenApiSchema): TypeCode {
    const known = this.#codes.get(name);
    if (known !== undefined) return known;
    const code = this.#code(definition, name);
    this.#codes.set(name, code);
    return code;
  }

  #plainCode(schema: OpenApiSchema, inlineName: string): TypeCode {
    switch (schema.type) {
      case 'string':
        return stringCode(schema.format);
      case 'integer':
        // Custom resources leave the format out and the server then keeps 64 bits.
        return schema.format === 'int32' ? SCALAR_CODES.int32 : SCALAR_CODES.int64;
      case 'number':
        return SCALAR_CODES.float;
      case 'boolean':
        return SCALAR_CODES.boolean;
      case 'array':
        return `[${schema.items === undefined ? SCALAR_CODES.json : this.#code(schema.items, inlineName)}`;
      default:
        return mapCode(schema);
    }
  }
}

function stringCode(format: string | undefined): TypeCode {
  if (format === 'date-time') return SCALAR_CODES.dateTime;
  return format === 'byte' ? SCALAR_CODES.base64 : SCALAR_CODES.string;
}

/** Of an object without properties: a map, if it says of what. */
function mapCode({ type, additionalProperties: values }: OpenApiSchema): TypeCode {
  if (type !== 'object' || typeof values !== 'object') return SCALAR_CODES.json;
  if (values.type === 'string') return SCALAR_CODES.stringMap;
  const isOfQuantities = CODE_BY_DEFINITION[referenceOf(values) ?? ''] === SCALAR_CODES.quantity;
  return isOfQuantities ? SCALAR_CODES.quantityMap : SCALAR_CODES.json;
}

function isOpen(schema: OpenApiSchema): boolean {
  return (
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    (schema.additionalProperties !== undefined && schema.additionalProperties !== false)
  );
}

function isList(schema: OpenApiSchema): boolean {
  const metadata = schema.properties?.['metadata'];
  return (
    schema.properties?.['items'] !== undefined &&
    metadata !== undefined &&
    referenceOf(metadata) === LIST_META
  );
}

/** A custom resource whose schema says nothing is published without even its metadata. */
function withMetadata(schema: OpenApiSchema): Readonly<Record<string, OpenApiSchema>> {
  return {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { $ref: `#/components/schemas/${OBJECT_META}` },
    ...schema.properties,
  };
}

/** The values of an enum, of the field itself or of its elements. Only strings: others say nothing a type could. */
function enumOf(schema: OpenApiSchema): readonly string[] | undefined {
  const values = schema.enum ?? schema.items?.enum;
  if (values === undefined || values.length === 0) return undefined;
  return values.every((value) => typeof value === 'string') ? values : undefined;
}
