import {
  astFromValue,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  print,
} from 'graphql';
import type { FieldDefinition, InputValueDefinition, TypeDefinition } from './definitions.ts';

/** A type of base.graphql as a definition. There are no unions in it. */
export function definitionOf(type: GraphQLNamedType): TypeDefinition {
  const { name } = type;
  const description = type.description ?? undefined;
  if (isObjectType(type)) {
    const interfaces = type.getInterfaces().map((each) => each.name);
    return {
      kind: 'OBJECT',
      name,
      description,
      interfaces,
      fields: () => fieldsOf(type),
      resource: undefined,
    };
  }
  if (isInterfaceType(type)) return { kind: 'INTERFACE', name, description, fields: () => fieldsOf(type) };
  if (isInputObjectType(type)) {
    const fields = (): readonly InputValueDefinition[] => Object.values(type.getFields()).map(inputOf);
    return { kind: 'INPUT_OBJECT', name, description, fields };
  }
  if (isEnumType(type)) {
    const values = type.getValues().map((value) => ({
      name: value.name,
      description: value.description ?? undefined,
    }));
    return { kind: 'ENUM', name, description, values };
  }
  if (isUnionType(type)) throw new Error(`${name} is a union, which definitions do not know`);
  return { kind: 'SCALAR', name, description, specifiedBy: type.specifiedByURL ?? undefined };
}

/** The fields of a type of base.graphql as definitions. */
export function fieldsOf(type: {
  getFields: () => Readonly<Record<string, GraphQLField<unknown, unknown>>>;
}): readonly FieldDefinition[] {
  return Object.values(type.getFields()).map(fieldOf);
}

export function fieldOf(field: GraphQLField<unknown, unknown>): FieldDefinition {
  return {
    name: field.name,
    description: field.description ?? undefined,
    type: String(field.type),
    args: field.args.map(inputOf),
    deprecated: field.deprecationReason ?? undefined,
    ...(field.extensions.source === undefined ? {} : { source: field.extensions.source }),
  };
}

function inputOf(input: GraphQLArgument | GraphQLInputField): InputValueDefinition {
  const defaultValue = astFromValue(input.defaultValue, input.type);
  return {
    name: input.name,
    description: input.description ?? undefined,
    type: String(input.type),
    defaultValue: defaultValue === null || defaultValue === undefined ? undefined : print(defaultValue),
    deprecated: input.deprecationReason ?? undefined,
  };
}
