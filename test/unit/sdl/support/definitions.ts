import {
  buildSchema,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  print,
} from 'graphql';
import type {
  FieldDefinition,
  InputValueDefinition,
  PartDefinitions,
  SchemaPart,
  TypeDefinition,
} from '../../../../src/mapping/definitions/definitions.ts';
import type { SdlDefinition } from '../../../../src/sdl/write.ts';
import { sdlDefinitions } from '../../../../src/sdl/write.ts';
import { KUBECONFIG_IDENTITY } from '../../../../src/cluster/identity.ts';

/** A graphql-js type as a definition. */
export function definitionOf(type: GraphQLNamedType): TypeDefinition {
  const common = { name: type.name, description: type.description ?? undefined };
  if (isScalarType(type)) return { ...common, kind: 'SCALAR', specifiedBy: type.specifiedByURL ?? undefined };
  if (isEnumType(type)) {
    const values = type
      .getValues()
      .map(({ name, description }) => ({ name, description: description ?? undefined }));
    return { ...common, kind: 'ENUM', values };
  }
  if (isInputObjectType(type))
    return { ...common, kind: 'INPUT_OBJECT', fields: () => Object.values(type.getFields()).map(inputOf) };
  if (isInterfaceType(type))
    return { ...common, kind: 'INTERFACE', fields: () => Object.values(type.getFields()).map(fieldOf) };
  if (!isObjectType(type)) throw new Error(`the schema has no types like ${type.name}`);
  return {
    ...common,
    kind: 'OBJECT',
    interfaces: type.getInterfaces().map(({ name }) => name),
    fields: () => Object.values(type.getFields()).map(fieldOf),
    resource: undefined,
  };
}

function fieldOf(field: GraphQLField<unknown, unknown>): FieldDefinition {
  return {
    name: field.name,
    description: field.description ?? undefined,
    type: String(field.type),
    args: field.args.map(inputOf),
    deprecated: field.deprecationReason ?? undefined,
  };
}

function inputOf(value: GraphQLArgument | GraphQLInputField): InputValueDefinition {
  const literal = value.astNode?.defaultValue;
  return {
    name: value.name,
    description: value.description ?? undefined,
    type: String(value.type),
    defaultValue: literal === undefined ? undefined : print(literal),
    deprecated: value.deprecationReason ?? undefined,
  };
}

/** One part of a schema for the tests: what it defines, which of it other parts may have too, and its root fields. */
export interface PartSdl {
  readonly name: string;
  /** `Query`, `Mutation` and `Subscription` in it are its root fields. */
  readonly sdl: string;
  readonly shared?: readonly string[];
}

/** A schema of parts that are written as SDL, whole in itself each. */
export function schemaOf(parts: readonly PartSdl[]): Parameters<typeof sdlDefinitions>[0] {
  const definitions = new Map(parts.map((part) => [part.name, partDefinitions(part)]));
  return {
    parts: parts.map(({ name }): SchemaPart => ({ name, key: name })),
    definitions: ({ name }) => Promise.resolve(definitions.get(name) as PartDefinitions),
  };
}

function partDefinitions({ name, sdl, shared = [] }: PartSdl): PartDefinitions {
  const schema = buildSchema(sdl, { assumeValid: true });
  const types = Object.values(schema.getTypeMap()).filter(
    (type) =>
      !isIntrospectionType(type) &&
      !['Query', 'Mutation', 'Subscription'].includes(type.name) &&
      (name === '' || !isSpecifiedScalarType(type)),
  );
  return {
    types: types.filter((type) => !shared.includes(type.name)).map(definitionOf),
    shared: types.filter((type) => shared.includes(type.name)).map(definitionOf),
    roots: {
      query: rootFields(schema, 'Query'),
      mutation: rootFields(schema, 'Mutation'),
      subscription: rootFields(schema, 'Subscription'),
    },
    problem: undefined,
    isPassing: false,
  };
}

function rootFields(schema: GraphQLSchema, name: string): readonly FieldDefinition[] {
  const type = schema.getType(name);
  return isObjectType(type) ? Object.values(type.getFields()).map(fieldOf) : [];
}

/** An SDL text as the definitions that a cluster with such a schema prints. */
export function printed(sdl: string): Promise<readonly SdlDefinition[]> {
  return sdlDefinitions(schemaOf([{ name: '', sdl }]), KUBECONFIG_IDENTITY);
}
