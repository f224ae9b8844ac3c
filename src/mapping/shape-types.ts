import {
  type GraphQLFieldConfigMap,
  GraphQLEnumType,
  type GraphQLInputFieldConfigMap,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLList,
  type GraphQLNamedType,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  isInterfaceType,
} from 'graphql';
import { apiVersionOf, type GroupVersionKind, type Resource } from '../catalog/resource.ts';
import {
  kindKey,
  type ObjectShape,
  SCALAR_CODES,
  type Shapes,
  type Texts,
  type TypeCode,
} from '../catalog/shapes.ts';
import { kindTypeName } from './naming.ts';
import { nameFields, nameShapes, type ShapeNames } from './shape-names.ts';

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

/** What every whole object has, whatever its schema says. */
const IDENTITY_FIELDS = ['id', 'apiVersion', 'kind', 'metadata', 'raw', 'yaml'] as const;

interface LoadedDocument {
  readonly shapes: Shapes;
  readonly texts: Texts;
  readonly names: ShapeNames;
  readonly resourceByShape: ReadonlyMap<string, Resource>;
}

/**
 * GraphQL types made from shapes, each on first use. A type of base.graphql wins over a shape of its name, and the first
 * document that describes a name is the one it is taken from: the API server describes a definition alike everywhere.
 */
export class ShapeTypes {
  readonly #types: Map<string, GraphQLNamedType>;
  readonly #makers = new Map<string, () => GraphQLNamedType>();
  readonly #documents = new Map<string, LoadedDocument>();
  readonly #kindNames = new Set<string>();

  constructor(base: ReadonlyMap<string, GraphQLNamedType>) {
    this.#types = new Map(base);
  }

  isLoaded(groupVersion: string): boolean {
    return this.#documents.has(groupVersion);
  }

  /**
   * Makes a group-version's types available.
   *
   * @param resources the resources of that group-version.
   * @param reserved names that its shapes may not take.
   */
  load(
    groupVersion: string,
    resources: readonly Resource[],
    reserved: ReadonlySet<string>,
    shapes: Shapes,
    texts: Texts,
  ): void {
    const shapeOf = (resource: Resource): string | undefined => shapes.kinds[kindKey(resource)];
    const withShape = resources.flatMap((resource) => {
      const shape = shapeOf(resource);
      return shape === undefined ? [] : [[shape, resource] as const];
    });
    const document: LoadedDocument = {
      shapes,
      texts,
      names: nameShapes(shapes, reserved),
      resourceByShape: new Map(withShape),
    };
    this.#documents.set(groupVersion, document);
    for (const resource of resources) this.#kindNames.add(kindTypeName(resource));
    for (const [shape, name] of document.names.outputs)
      this.offer(name, () => this.#objectType(name, shape, document));
    for (const [shape, name] of document.names.inputs)
      this.offer(name, () => this.#inputType(name, shape, document));
    for (const [field, name] of document.names.enums) this.offer(name, () => enumType(name, field, shapes));
    for (const resource of resources) {
      if (shapeOf(resource) !== undefined) continue;
      const name = kindTypeName(resource);
      this.offer(name, () => this.#wholeObject(name, resource, () => ({}), undefined));
    }
  }

  /** The type of that name, made now if need be; undefined when no loaded document describes it. */
  named(name: string): GraphQLNamedType | undefined {
    const known = this.#types.get(name);
    if (known !== undefined) return known;
    const made = this.#makers.get(name)?.();
    if (made !== undefined) this.#types.set(name, made);
    return made;
  }

  /** Adds a type that is not made from a shape, on first use. A shape of that name is no longer reachable. */
  once<T extends GraphQLNamedType>(name: string, make: () => T): T {
    const known = this.#types.get(name);
    // Callers use a name for one kind of type only.
    if (known !== undefined) return known as T;
    const made = make();
    this.#types.set(name, made);
    return made;
  }

  /** All types of all loaded documents, for introspection. */
  all(): readonly GraphQLNamedType[] {
    for (const name of this.#makers.keys()) this.named(name);
    return [...this.#types.values()];
  }

  /** The type of a resource's objects. Its group-version must be loaded. */
  kind(resource: Resource): GraphQLObjectType {
    return this.#expect(this.#kindName(resource, resource) ?? kindTypeName(resource)) as GraphQLObjectType;
  }

  /** What a subresource answers; undefined where the API server does not describe it. */
  subresourceKind(resource: Resource, kind: GroupVersionKind): GraphQLObjectType | undefined {
    const name = this.#kindName(resource, kind);
    return name === undefined ? undefined : (this.#expect(name) as GraphQLObjectType);
  }

  /** The type to write objects of a kind with; JSON where the API server describes nothing. */
  kindInput(resource: Resource, kind: GroupVersionKind = resource): GraphQLInputType {
    const { document, shape } = this.#shapeOf(resource, kind);
    const name = shape === undefined ? undefined : document?.names.inputs.get(shape);
    return this.#expect(name ?? 'JSON') as GraphQLInputType;
  }

  #kindName(resource: Resource, kind: GroupVersionKind): string | undefined {
    const { document, shape } = this.#shapeOf(resource, kind);
    return shape === undefined ? undefined : document?.names.outputs.get(shape);
  }

  /** A kind as the document of the resource's group-version describes it, which has foreign subresources' kinds too. */
  #shapeOf(resource: Resource, kind: GroupVersionKind): { document?: LoadedDocument; shape?: string } {
    const document = this.#documents.get(apiVersionOf(resource));
    const shape = document?.shapes.kinds[kindKey(kind)];
    return { ...(document === undefined ? {} : { document }), ...(shape === undefined ? {} : { shape }) };
  }

  /** A type that is known to exist. */
  #expect(name: string): GraphQLNamedType {
    const type = this.named(name);
    if (type === undefined) throw new Error(`the type ${name} is not loaded`);
    return type;
  }

  /** Whether a kind of a loaded group-version has that type name. */
  isKind(name: string): boolean {
    return this.#kindNames.has(name);
  }

  /** Makes a type available under a name that nothing else has been offered for. */
  offer(name: string, make: () => GraphQLNamedType): void {
    if (!this.#makers.has(name)) this.#makers.set(name, make);
  }

  #objectType(name: string, shapeName: string, document: LoadedDocument): GraphQLObjectType {
    const shape = document.shapes.objects[shapeName] as ObjectShape;
    const resource = document.resourceByShape.get(shapeName);
    const texts = document.texts[shapeName] ?? {};
    if (resource !== undefined) {
      const reserved = new Set<string>(IDENTITY_FIELDS);
      return this.#wholeObject(
        name,
        resource,
        () => this.#outputFields(shapeName, shape, document, reserved),
        texts[''],
      );
    }
    return new GraphQLObjectType({
      name,
      description: texts[''],
      fields: () => this.#partFields(shapeName, shape, document),
    });
  }

  #partFields(
    shapeName: string,
    shape: ObjectShape,
    document: LoadedDocument,
  ): GraphQLFieldConfigMap<unknown, unknown> {
    const fields = this.#outputFields(shapeName, shape, document, new Set());
    if (shape.open !== true || fields['raw'] !== undefined) return fields;
    return {
      ...fields,
      raw: {
        type: this.#expect('JSON') as GraphQLOutputType,
        description: 'The whole value, fields that the schema does not know included.',
        extensions: { source: { computed: 'raw' } },
      },
    };
  }

  #wholeObject(
    name: string,
    resource: Resource,
    otherFields: () => GraphQLFieldConfigMap<unknown, unknown>,
    description: string | undefined,
  ): GraphQLObjectType {
    const common = this.#expect('KubernetesObject');
    return new GraphQLObjectType({
      name,
      description,
      interfaces: isInterfaceType(common) ? [common] : [],
      extensions: { resource },
      fields: () => ({ ...this.#identityFields(resource), ...otherFields() }),
    });
  }

  #identityFields(resource: Resource): GraphQLFieldConfigMap<unknown, unknown> {
    const text = new GraphQLNonNull(this.#expect('String') as GraphQLOutputType);
    const of = (name: string): GraphQLNonNull<GraphQLOutputType> =>
      new GraphQLNonNull(this.#expect(name) as GraphQLOutputType);
    return {
      id: { type: of('ID'), extensions: { source: { computed: 'id' } } },
      // Items of built-in lists come without these two; the type says what they are.
      apiVersion: { type: text, extensions: { source: { constant: apiVersionOf(resource) } } },
      kind: { type: text, extensions: { source: { constant: resource.kind } } },
      metadata: { type: of('ObjectMeta') },
      raw: { type: of('JSON'), extensions: { source: { computed: 'raw' } } },
      yaml: { type: text, extensions: { source: { computed: 'yaml' } } },
    };
  }

  #outputFields(
    shapeName: string,
    shape: ObjectShape,
    document: LoadedDocument,
    reserved: ReadonlySet<string>,
  ): GraphQLFieldConfigMap<unknown, unknown> {
    const isIdentity = (key: string): boolean =>
      reserved.size > 0 && ['apiVersion', 'kind', 'metadata'].includes(key);
    const keys = Object.keys(shape.fields).filter((key) => !isIdentity(key));
    const fields: GraphQLFieldConfigMap<unknown, unknown> = {};
    for (const [key, name] of nameFields(keys, reserved)) {
      fields[name] = {
        type: this.#outputOf(shape.fields[key] as TypeCode, document),
        description: describe(own(document.texts[shapeName], key), own(shape.enums, key)),
        ...(name === key ? {} : { extensions: { source: { key } } }),
      };
    }
    return Object.keys(fields).length === 0 && reserved.size === 0 ? this.#unknownContent() : fields;
  }

  /** GraphQL has no empty objects. */
  #unknownContent(): GraphQLFieldConfigMap<unknown, unknown> {
    return {
      raw: { type: this.#expect('JSON') as GraphQLOutputType, extensions: { source: { computed: 'raw' } } },
    };
  }

  #inputType(name: string, shapeName: string, document: LoadedDocument): GraphQLInputObjectType {
    const shape = document.shapes.objects[shapeName] as ObjectShape;
    return new GraphQLInputObjectType({
      name,
      description: document.texts[shapeName]?.[''],
      fields: () => this.#inputFields(shapeName, shape, document),
    });
  }

  #inputFields(shapeName: string, shape: ObjectShape, document: LoadedDocument): GraphQLInputFieldConfigMap {
    const fields: GraphQLInputFieldConfigMap = {};
    for (const [key, name] of nameFields(Object.keys(shape.fields), new Set())) {
      const code = shape.fields[key] as TypeCode;
      const enumName = document.names.enums.get(`${shapeName}/${key}`);
      fields[name] = {
        type:
          enumName === undefined
            ? this.#inputOf(code, document)
            : inLists(code, this.#expect(enumName) as GraphQLInputType),
        description: describe(
          own(document.texts[shapeName], key),
          enumName === undefined ? own(shape.enums, key) : undefined,
        ),
        ...(name === key ? {} : { extensions: { key } }),
      };
    }
    if (shape.open === true && fields['raw'] === undefined) {
      fields['raw'] = {
        type: this.#expect('JSON') as GraphQLInputType,
        description: 'Members that the schema does not know; the typed fields win over them.',
        extensions: { key: '' },
      };
    }
    return fields;
  }

  #outputOf(code: TypeCode, document: LoadedDocument): GraphQLOutputType {
    return this.#typeOf(code, document.names.outputs) as GraphQLOutputType;
  }

  #inputOf(code: TypeCode, document: LoadedDocument): GraphQLInputType {
    return this.#typeOf(code, document.names.inputs) as GraphQLInputType;
  }

  #typeOf(code: TypeCode, names: ReadonlyMap<string, string>): GraphQLOutputType | GraphQLInputType {
    // Lists of outputs are outputs and lists of inputs inputs; the compiler cannot see which one this is.
    if (code.startsWith('[')) return new GraphQLList(this.#typeOf(code.slice(1), names)) as GraphQLOutputType;
    const name = code.startsWith('@') ? names.get(code.slice(1)) : SCALAR_NAME_BY_CODE[code];
    return this.#expect(name ?? 'JSON') as GraphQLOutputType | GraphQLInputType;
  }
}

function inLists(code: TypeCode, type: GraphQLInputType): GraphQLInputType {
  return code.startsWith('[') ? new GraphQLList(inLists(code.slice(1), type)) : type;
}

function enumType(name: string, field: string, shapes: Shapes): GraphQLEnumType {
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
