import {
  GraphQLEnumType,
  type GraphQLFieldConfig,
  GraphQLInputObjectType,
  type GraphQLInputFieldConfig,
  type GraphQLInputType,
  type GraphQLInterfaceType,
  GraphQLList,
  type GraphQLNamedType,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLType,
  parseConstValue,
  valueFromAST,
} from 'graphql';
import type {
  EnumDefinition,
  FieldDefinition,
  InputDefinition,
  InputValueDefinition,
  ObjectDefinition,
  TypeRef,
} from '../definitions/definitions.ts';

/** Finds a type by a name that is known to exist. */
export type TypeNamed = (name: string) => GraphQLNamedType;

/** graphql-js' type for a definition. The types that its fields refer to are looked up when its fields are asked for. */
export function graphqlType(
  definition: ObjectDefinition | InputDefinition | EnumDefinition,
  typeNamed: TypeNamed,
): GraphQLNamedType {
  const { name, description } = definition;
  switch (definition.kind) {
    case 'OBJECT':
      return new GraphQLObjectType({
        name,
        description,
        // Definitions implement interfaces only.
        interfaces: () => definition.interfaces.map((each) => typeNamed(each) as GraphQLInterfaceType),
        extensions: definition.resource === undefined ? {} : { resource: definition.resource },
        fields: () => byName(definition.fields(), (field) => graphqlField(field, typeNamed)),
      });
    case 'INPUT_OBJECT':
      return new GraphQLInputObjectType({
        name,
        description,
        fields: () => byName(definition.fields(), (field) => graphqlInput(field, typeNamed)),
      });
    case 'ENUM':
      return new GraphQLEnumType({ name, description, values: byName(definition.values, () => ({})) });
  }
}

export function graphqlField(
  { type, description, args, deprecated, root, source }: FieldDefinition,
  typeNamed: TypeNamed,
): GraphQLFieldConfig<unknown, unknown> {
  return {
    type: referred(type, typeNamed) as GraphQLOutputType,
    description,
    args: byName(args, (argument) => graphqlInput(argument, typeNamed)),
    deprecationReason: deprecated,
    extensions: { ...(root === undefined ? {} : { root }), ...(source === undefined ? {} : { source }) },
  };
}

function graphqlInput(
  { type: typeRef, description, defaultValue, deprecated, key, spread }: InputValueDefinition,
  typeNamed: TypeNamed,
): GraphQLInputFieldConfig {
  const type = referred(typeRef, typeNamed) as GraphQLInputType;
  return {
    type,
    description,
    defaultValue: defaultValue === undefined ? undefined : valueFromAST(parseConstValue(defaultValue), type),
    deprecationReason: deprecated,
    extensions: { ...(key === undefined ? {} : { key }), ...(spread === undefined ? {} : { spread }) },
  };
}

/** The type that SDL would write so. Whether it is for output or input is for its user to say: the names tell. */
function referred(type: TypeRef, typeNamed: TypeNamed): GraphQLType {
  if (type.endsWith('!')) {
    return new GraphQLNonNull(referred(type.slice(0, -1), typeNamed) as GraphQLOutputType);
  }
  if (type.startsWith('[')) return new GraphQLList(referred(type.slice(1, -1), typeNamed));
  return typeNamed(type);
}

function byName<T extends { readonly name: string }, R>(
  items: readonly T[],
  make: (item: T) => R,
): Record<string, R> {
  return Object.fromEntries(items.map((item) => [item.name, make(item)]));
}
