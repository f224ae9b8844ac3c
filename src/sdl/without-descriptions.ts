import type {
  FieldDefinition,
  InputValueDefinition,
  TypeDefinition,
} from '../mapping/definitions/definitions.ts';

/** The same definition with nothing described. Deprecations stay. */
export function withoutDescriptions(type: TypeDefinition): TypeDefinition {
  const bare = { description: undefined };
  switch (type.kind) {
    case 'SCALAR':
      return { ...type, ...bare };
    case 'ENUM':
      return { ...type, ...bare, values: type.values.map((value) => ({ ...value, ...bare })) };
    case 'INPUT_OBJECT':
      return { ...type, ...bare, fields: () => type.fields().map(bareInputValue) };
    case 'INTERFACE':
    case 'OBJECT':
      return { ...type, ...bare, fields: () => type.fields().map(bareField) };
  }
}

function bareField(field: FieldDefinition): FieldDefinition {
  return { ...field, description: undefined, args: field.args.map(bareInputValue) };
}

function bareInputValue(value: InputValueDefinition): InputValueDefinition {
  return { ...value, description: undefined };
}
