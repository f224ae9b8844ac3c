import {
  GraphQLEnumType,
  type GraphQLFieldConfigMap,
  type GraphQLInputFieldConfigMap,
  type GraphQLInputType,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLOutputType,
} from 'graphql';
import { apiVersionOf, type Resource } from '../catalog/resource.ts';
import { type ObjectShape, SCALAR_CODES, type Shapes, type Texts, type TypeCode } from '../catalog/shapes.ts';
import { nameFields, type ShapeNames } from './shape-names.ts';
import type { TypeRegistry } from './type-registry.ts';

/** One OpenAPI document's shapes, with the names that their types have. */
export interface NamedShapes {
  readonly shapes: Shapes;
  readonly texts: Texts;
  readonly names: ShapeNames;
}

type Fields = GraphQLFieldConfigMap<unknown, unknown>;

const SCALAR_NAME_BY_CODE: Readonly<Record<string, string>> = {
  [SCALAR_CODES.string]: 'String',
  [SCALAR_CODES.int32]: 'Int',
  [SCALAR_CODES.int64]: 'Int64',
  [SCALAR_CODES.float]: 'Float',
  [SCALAR_CODES.boolean]: 'Boolean',
  [SCALAR_CODES.dateTime]: 'DateTime',
  [SCALAR_CODES.microTime]: 'MicroTime',
  [SCALAR_CODES.quantity]: 'Quantity',
  [SCALAR_CODES.intOrString]: 'IntOrString',
  [SCALAR_CODES.base64]: 'Base64',
  [SCALAR_CODES.json]: 'JSON',
  [SCALAR_CODES.stringMap]: 'StringMap',
};

/** Makes the fields of types from shapes. */
export class ShapeFields {
  readonly #registry: TypeRegistry;
  readonly #document: NamedShapes;

  constructor(registry: TypeRegistry, document: NamedShapes) {
    this.#registry = registry;
    this.#document = document;
  }

  /** Of a whole object: its identity, and what else its shape has. */
  ofObject(shapeName: string, resource: Resource): Fields {
    const identity = identityFields(this.#registry, resource);
    const keys = Object.keys(this.#shape(shapeName).fields).filter((key) => !SHARED_KEYS.has(key));
    return { ...identity, ...this.#outputs(shapeName, keys, new Set(Object.keys(identity))) };
  }

  /** Of an object inside another one. GraphQL has no empty types, so there is always `raw` to ask for. */
  ofPart(shapeName: string): Fields {
    const shape = this.#shape(shapeName);
    const fields = this.#outputs(shapeName, Object.keys(shape.fields), new Set());
    const needsRaw = shape.open === true || Object.keys(fields).length === 0;
    if (!needsRaw || fields['raw'] !== undefined) return fields;
    return {
      ...fields,
      raw: {
        type: this.#registry.base('JSON'),
        description: 'The whole value, fields that the schema does not know included.',
        extensions: { source: { computed: 'raw' } },
      },
    };
  }

  ofInput(shapeName: string): GraphQLInputFieldConfigMap {
    const shape = this.#shape(shapeName);
    const fields: GraphQLInputFieldConfigMap = {};
    for (const [key, name] of nameFields(Object.keys(shape.fields), new Set())) {
      const code = shape.fields[key] as TypeCode;
      const enumName = this.#document.names.enums.get(`${shapeName}/${key}`);
      const values = enumName === undefined ? own(shape.enums, key) : undefined;
      fields[name] = {
        type: enumName === undefined ? this.#input(code) : this.#inLists(code, enumName),
        description: describe(own(this.#document.texts[shapeName], key), values),
        ...(name === key ? {} : { extensions: { key } }),
      };
    }
    if (shape.open === true && fields['raw'] === undefined) {
      fields['raw'] = {
        type: this.#registry.expect('JSON') as GraphQLInputType,
        description: 'Members that the schema does not know; the typed fields win over them.',
        extensions: { key: '' },
      };
    }
    return fields;
  }

  #outputs(shapeName: string, keys: readonly string[], reserved: ReadonlySet<string>): Fields {
    const shape = this.#shape(shapeName);
    const fields: Fields = {};
    for (const [key, name] of nameFields(keys, reserved)) {
      fields[name] = {
        type: this.#output(shape.fields[key] as TypeCode),
        description: describe(own(this.#document.texts[shapeName], key), own(shape.enums, key)),
        ...(name === key ? {} : { extensions: { source: { key } } }),
      };
    }
    return fields;
  }

  #shape(shapeName: string): ObjectShape {
    return this.#document.shapes.objects[shapeName] as ObjectShape;
  }

  #output(code: TypeCode): GraphQLOutputType {
    return this.#typeOf(code, this.#document.names.outputs) as GraphQLOutputType;
  }

  #input(code: TypeCode): GraphQLInputType {
    return this.#typeOf(code, this.#document.names.inputs) as GraphQLInputType;
  }

  #typeOf(code: TypeCode, names: ReadonlyMap<string, string>): GraphQLOutputType | GraphQLInputType {
    // Lists of outputs are outputs and lists of inputs inputs; the compiler cannot see which one this is.
    if (code.startsWith('[')) return new GraphQLList(this.#typeOf(code.slice(1), names)) as GraphQLOutputType;
    const name = code.startsWith('@') ? names.get(code.slice(1)) : SCALAR_NAME_BY_CODE[code];
    return this.#registry.expect(name ?? 'JSON') as GraphQLOutputType | GraphQLInputType;
  }

  #inLists(code: TypeCode, name: string): GraphQLInputType {
    return code.startsWith('[')
      ? new GraphQLList(this.#inLists(code.slice(1), name))
      : (this.#registry.expect(name) as GraphQLInputType);
  }
}

/** What the shapes of whole objects have, and `identityFields` say better. */
const SHARED_KEYS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** What every whole object has, whatever its shape says. */
export function identityFields(registry: TypeRegistry, resource: Resource): Fields {
  const required = (name: string): GraphQLNonNull<GraphQLOutputType> =>
    new GraphQLNonNull(registry.base(name));
  return {
    id: { type: required('ID'), extensions: { source: { computed: 'id' } } },
    // Items of built-in lists come without these two; the type says what they are.
    apiVersion: { type: required('String'), extensions: { source: { constant: apiVersionOf(resource) } } },
    kind: { type: required('String'), extensions: { source: { constant: resource.kind } } },
    metadata: { type: required('ObjectMeta') },
    raw: { type: required('JSON'), extensions: { source: { computed: 'raw' } } },
    yaml: { type: required('String'), extensions: { source: { computed: 'yaml' } } },
  };
}

/** The enum type of an input field, named `SHAPE/FIELD`. */
export function enumType(name: string, field: string, shapes: Shapes): GraphQLEnumType {
  const end = field.lastIndexOf('/');
  const values = shapes.objects[field.slice(0, end)]?.enums?.[field.slice(end + 1)] ?? [];
  return new GraphQLEnumType({ name, values: Object.fromEntries(values.map((value) => [value, {}])) });
}

/** A member of a record by a name that the API server chose, which may be that of something every object has. */
function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

/** A field's description, with the values that it may have where no enum type shows them. */
function describe(text: string | undefined, values: readonly string[] | undefined): string | undefined {
  if (values === undefined) return text;
  const known = `Known values: ${values.map((value) => `\`${value}\``).join(', ')}.`;
  return text === undefined ? known : `${text}\n\n${known}`;
}
