import type {
  FieldDefinition,
  InputValueDefinition,
  TypeDefinition,
} from '../../../../src/mapping/definitions/definitions.ts';

/** What a type's names break of GraphQL's rules, in words: letters, digits and `_`, no `__` in front, none twice. */
export function illegalNames(type: TypeDefinition): readonly string[] {
  return [...wrong(type.name, [type.name]), ...wrong(type.name, memberNames(type)), ...argumentsOf(type)];
}

/** The same of root fields. */
export function illegalFields(typeName: string, fields: readonly FieldDefinition[]): readonly string[] {
  const ofArguments = fields.flatMap(({ name, args }) => wrong(`${typeName}.${name}`, args.map(nameOf)));
  return [...wrong(typeName, fields.map(nameOf)), ...ofArguments];
}

function argumentsOf(type: TypeDefinition): readonly string[] {
  const fields = type.kind === 'OBJECT' || type.kind === 'INTERFACE' ? type.fields() : [];
  return fields.flatMap(({ name, args }) => wrong(`${type.name}.${name}`, args.map(nameOf)));
}

function memberNames(type: TypeDefinition): readonly string[] {
  if (type.kind === 'SCALAR') return [];
  if (type.kind !== 'ENUM') return type.fields().map(nameOf);
  const values = type.values.map(nameOf);
  return values.map((value) => (['true', 'false', 'null'].includes(value) ? `=${value}` : value));
}

function wrong(where: string, names: readonly string[]): readonly string[] {
  const illegal = names.filter((name) => !/^(?!__)[A-Za-z_]\w*$/.test(name));
  const twice =
    names.length === new Set(names).size ? [] : names.filter((name, at) => names.indexOf(name) !== at);
  return [...illegal.map((name) => `${where}: ${name}`), ...twice.map((name) => `${where}: ${name} twice`)];
}

function nameOf({ name }: Pick<InputValueDefinition, 'name'>): string {
  return name;
}
