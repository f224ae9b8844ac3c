import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
} from 'graphql';
import type {
  FieldDefinition,
  InputValueDefinition,
  TypeDefinition,
} from '../../../../src/mapping/definitions/definitions.ts';
import { innermost } from './described-kinds.ts';

/** What a type is, as text to compare: its fields, their types and where their values come from; no descriptions. */
export function textOfDefinition(definition: TypeDefinition): string {
  switch (definition.kind) {
    case 'OBJECT':
    case 'INTERFACE':
      return print(
        definition.name,
        definition.kind === 'OBJECT' ? definition.interfaces : [],
        definition.fields().map(fieldText),
      );
    case 'INPUT_OBJECT':
      return print(definition.name, [], definition.fields().map(inputText));
    case 'ENUM':
      return print(
        definition.name,
        [],
        definition.values.map(({ name }) => name),
      );
    case 'SCALAR':
      return print(definition.name, [], []);
  }
}

/** The same of a type that graphql-js has. */
export function textOfType(type: GraphQLNamedType): string {
  if (isObjectType(type)) {
    const fields = Object.values(type.getFields()).map(({ name, args, extensions, type: of }) =>
      fieldText({ name, args: args.map(inputOf), type: String(of), source: extensions.source }),
    );
    return print(
      type.name,
      type.getInterfaces().map(({ name }) => name),
      fields,
    );
  }
  if (isInputObjectType(type)) {
    return print(
      type.name,
      [],
      Object.values(type.getFields()).map((field) => inputText(inputOf(field))),
    );
  }
  if (isEnumType(type))
    return print(
      type.name,
      [],
      type.getValues().map(({ name }) => name),
    );
  return print(type.name, [], []);
}

/** The names of the types that a type refers to. */
export function typesIn(definition: TypeDefinition): readonly string[] {
  if (!('fields' in definition)) return [];
  if (definition.kind === 'INPUT_OBJECT') return definition.fields().map(({ type }) => innermost(type));
  return definition
    .fields()
    .flatMap(({ type, args }) => [type, ...args.map((each) => each.type)].map(innermost));
}

interface Field extends Pick<FieldDefinition, 'name' | 'type'> {
  readonly args: readonly Input[];
  readonly source?: FieldDefinition['source'] | undefined;
}

interface Input extends Pick<InputValueDefinition, 'name' | 'type'> {
  readonly key?: string | undefined;
  readonly spread?: true | undefined;
}

function print(name: string, interfaces: readonly string[], members: readonly string[]): string {
  return `${name} ${interfaces.join('&')} {\n${members.join('\n')}\n}`;
}

function fieldText({ name, args, type, source }: Field): string {
  return `${name}(${args.map(inputText).join()}): ${type} ${JSON.stringify(source)}`;
}

function inputText({ name, type, key, spread }: Input): string {
  return `${name}: ${type} ${key} ${spread}`;
}

function inputOf({ name, type, extensions }: GraphQLArgument | GraphQLInputField): Input {
  const { key, spread } = extensions as { readonly key?: string; readonly spread?: true };
  return { name, type: String(type), key, spread };
}
