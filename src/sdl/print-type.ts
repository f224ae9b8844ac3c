import { DEFAULT_DEPRECATION_REASON, Kind, print } from 'graphql';
import { isPrintableAsBlockString, printBlockString } from 'graphql/language/blockString.js';
import type {
  EnumDefinition,
  FieldDefinition,
  InputValueDefinition,
  ScalarDefinition,
  TypeDefinition,
} from '../mapping/definitions/definitions.ts';

/** A definition as graphql-js' `printType` writes it, without a line feed at the end. */
export function printType(type: TypeDefinition): string {
  return described(type.description, '', true) + bodyOf(type);
}

function bodyOf(type: TypeDefinition): string {
  switch (type.kind) {
    case 'SCALAR':
      return `scalar ${type.name}${specifiedBy(type)}`;
    case 'ENUM':
      return `enum ${type.name}${block(enumValues(type))}`;
    case 'INPUT_OBJECT':
      return `input ${type.name}${block(type.fields().map(inputField))}`;
    case 'INTERFACE':
      return `interface ${type.name}${block(type.fields().map(outputField))}`;
    case 'OBJECT': {
      const interfaces = type.interfaces.length === 0 ? '' : ` implements ${type.interfaces.join(' & ')}`;
      return `type ${type.name}${interfaces}${block(type.fields().map(outputField))}`;
    }
  }
}

function block(members: readonly string[]): string {
  return members.length === 0 ? '' : ` {\n${members.join('\n')}\n}`;
}

function enumValues({ values }: EnumDefinition): readonly string[] {
  return values.map(
    ({ name, description }, index) => `${described(description, '  ', index === 0)}  ${name}`,
  );
}

function outputField({ name, description, type, args, deprecated }: FieldDefinition, index: number): string {
  return `${described(description, '  ', index === 0)}  ${name}${argumentsOf(args)}: ${type}${deprecation(deprecated)}`;
}

function inputField(field: InputValueDefinition, index: number): string {
  return `${described(field.description, '  ', index === 0)}  ${inputValue(field)}`;
}

function argumentsOf(args: readonly InputValueDefinition[]): string {
  if (args.length === 0) return '';
  if (args.every(({ description }) => !description)) return `(${args.map(inputValue).join(', ')})`;
  const lines = args.map(
    (argument, index) => `${described(argument.description, '    ', index === 0)}    ${inputValue(argument)}`,
  );
  return `(\n${lines.join('\n')}\n  )`;
}

function inputValue({ name, type, defaultValue, deprecated }: InputValueDefinition): string {
  const value = defaultValue === undefined ? '' : ` = ${defaultValue}`;
  return `${name}: ${type}${value}${deprecation(deprecated)}`;
}

function deprecation(reason: string | undefined): string {
  if (reason === undefined) return '';
  return reason === DEFAULT_DEPRECATION_REASON ? ' @deprecated' : ` @deprecated(reason: ${quoted(reason)})`;
}

function specifiedBy({ specifiedBy }: ScalarDefinition): string {
  return specifiedBy === undefined ? '' : ` @specifiedBy(url: ${quoted(specifiedBy)})`;
}

/** @param isFirst whether it stands first in its block; before the others comes an empty line. */
function described(description: string | undefined, indentation: string, isFirst: boolean): string {
  if (!description) return '';
  const text = isPrintableAsBlockString(description) ? printBlockString(description) : quoted(description);
  const lead = indentation !== '' && !isFirst ? `\n${indentation}` : indentation;
  return `${lead}${text.replaceAll('\n', `\n${indentation}`)}\n`;
}

function quoted(value: string): string {
  return print({ kind: Kind.STRING, value });
}
