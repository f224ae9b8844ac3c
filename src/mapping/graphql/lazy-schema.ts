import {
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLFieldConfig,
  type GraphQLFieldMap,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  isObjectType,
  OperationTypeNode,
} from 'graphql';

/** A root type's fields: which names there are, and each one's definition when somebody looks. */
export interface LazyFields {
  readonly names: () => readonly string[];
  readonly has: (name: string) => boolean;
  readonly make: (
    name: string,
  ) => GraphQLFieldConfig<unknown, unknown> | GraphQLField<unknown, unknown> | undefined;
}

/**
 * An object type whose fields are made one by one, when a document names them. With 1,100 custom resources there are
 * some 20,000 root fields; a document uses three.
 */
export class LazyObjectType extends GraphQLObjectType {
  readonly #fields: GraphQLFieldMap<unknown, unknown>;

  constructor(name: string, fields: LazyFields) {
    super({ name, fields: {} });
    this.#fields = lazyFieldMap(name, fields);
  }

  override getFields(): GraphQLFieldMap<unknown, unknown> {
    return this.#fields;
  }
}

/** A plain object to whoever reads it; validation reads `map[name]` and, for its suggestions, the keys. */
function lazyFieldMap(typeName: string, fields: LazyFields): GraphQLFieldMap<unknown, unknown> {
  const made = new Map<string, GraphQLField<unknown, unknown>>();
  const get = (name: string | symbol): GraphQLField<unknown, unknown> | undefined => {
    if (typeof name === 'symbol' || !fields.has(name)) return undefined;
    const known = made.get(name);
    if (known !== undefined) return known;
    const config = fields.make(name);
    if (config === undefined) return undefined;
    const field = toField(typeName, name, config);
    made.set(name, field);
    return field;
  };
  return new Proxy(Object.create(null) as GraphQLFieldMap<unknown, unknown>, {
    get: (_, name) => get(name),
    has: (_, name) => typeof name === 'string' && fields.has(name),
    ownKeys: () => [...fields.names()],
    // Suggestions list the keys, which asks whether each is enumerable: making every field for that would need every
    // type. Whoever wants a value gets it from `get`.
    getOwnPropertyDescriptor: (_, name) =>
      typeof name === 'string' && fields.has(name)
        ? { value: undefined, enumerable: true, configurable: true, writable: true }
        : undefined,
  });
}

/** graphql-js completes a field's definition inside a type only. */
function toField(
  typeName: string,
  name: string,
  config: GraphQLFieldConfig<unknown, unknown> | GraphQLField<unknown, unknown>,
): GraphQLField<unknown, unknown> {
  if ('name' in config) return config;
  const type = new GraphQLObjectType({ name: typeName, fields: { [name]: config } });
  return type.getFields()[name] as GraphQLField<unknown, unknown>;
}

export interface LazySchemaParts {
  readonly query: GraphQLObjectType;
  readonly mutation: GraphQLObjectType | undefined;
  readonly subscription: GraphQLObjectType | undefined;
  /** The type of that name, if there is one. Called during validation and execution, so it must be at hand. */
  readonly typeNamed: (name: string) => GraphQLNamedType | undefined;
  /** Types that exist from the start. */
  readonly known: readonly GraphQLNamedType[];
}

/**
 * A GraphQLSchema that never walks its types: it starts in milliseconds at any size, and validation costs the same.
 *
 * graphql 16's validation copies all type names of the schema for every document, so `getTypeMap` answers only what has
 * been touched. For introspection and printing there is an ordinary schema, made from the same types.
 */
export class LazySchema extends GraphQLSchema {
  readonly #parts: LazySchemaParts | undefined;
  readonly #touched: Record<string, GraphQLNamedType>;

  constructor(parts: LazySchemaParts) {
    // The base class collects the types it can reach: a stub keeps that walk empty.
    super({
      query: new GraphQLObjectType({ name: 'Query', fields: { stub: { type: GraphQLString } } }),
      assumeValid: true,
    });
    this.#parts = parts;
    // Without a prototype: `constructor` is no type.
    this.#touched = Object.assign(
      Object.create(null) as Record<string, GraphQLNamedType>,
      super.getTypeMap(),
    );
    const roots = [parts.query, parts.mutation, parts.subscription].filter((type) => type !== undefined);
    for (const type of [...parts.known, ...roots]) this.#touched[type.name] = type;
  }

  override getQueryType(): GraphQLObjectType | undefined {
    return this.#parts?.query ?? super.getQueryType() ?? undefined;
  }

  override getMutationType(): GraphQLObjectType | undefined {
    return this.#parts?.mutation;
  }

  override getSubscriptionType(): GraphQLObjectType | undefined {
    return this.#parts?.subscription;
  }

  override getRootType(operation: OperationTypeNode): GraphQLObjectType | undefined {
    switch (operation) {
      case OperationTypeNode.QUERY:
        return this.getQueryType();
      case OperationTypeNode.MUTATION:
        return this.getMutationType();
      case OperationTypeNode.SUBSCRIPTION:
        return this.getSubscriptionType();
    }
  }

  override getType(name: string): GraphQLNamedType | undefined {
    const touched = this.#touched[name];
    if (touched !== undefined) return touched;
    const type = this.#parts?.typeNamed(name);
    if (type !== undefined) this.#touched[name] = type;
    return type;
  }

  override getTypeMap(): Record<string, GraphQLNamedType> {
    return this.#touched;
  }

  /** Only those that have been touched: graphql-js asks for its suggestions. */
  override getPossibleTypes(abstractType: GraphQLAbstractType): readonly GraphQLObjectType[] {
    return Object.values(this.#touched).filter(
      (type) => isObjectType(type) && this.isSubType(abstractType, type),
    ) as readonly GraphQLObjectType[];
  }

  override isSubType(
    abstractType: GraphQLAbstractType,
    maybeSubType: GraphQLObjectType | GraphQLInterfaceType,
  ): boolean {
    return maybeSubType.getInterfaces().some((type) => type === abstractType);
  }
}
