import type { FieldDefinition, TypeDefinition } from '../mapping/definitions/definitions.ts';
import { ROOT_TYPES } from '../mapping/definitions/base-roots.ts';
import type { Operation } from '../mapping/names/resource-fields.ts';
import type { DefinedSchema } from './schema-reader.ts';
import { below, type SelectedField, type Selection } from './selection.ts';
import { DIRECTIVES, INTROSPECTION_TYPES, standardType } from './standard-definitions.ts';
import { TypeTexts } from './type-texts.ts';

/** An answer in the order it is written: text that is the same for every cluster, and what all parts add to. */
export type Segment = string | Wanted;

/** What each part of the schema writes for an answer. */
export type Wanted =
  /** Its types, each with a comma after it. */
  | { readonly kind: 'types'; readonly selection: Selection }
  /** Its fields of a root type, with commas between them. */
  | { readonly kind: 'rootFields'; readonly operation: Operation; readonly field: SelectedField };

/** Equal for lists that a part writes alike. */
export function wantedKey(wanted: Wanted): string {
  if (wanted.kind === 'types') return `types ${wanted.selection.key}`;
  const { operation, field } = wanted;
  return `${operation} ${field.includeDeprecated} ${below(field).key}`;
}

/** The fields that a list is asked for with. */
export function selectedBy(wanted: Wanted): readonly SelectedField[] {
  return wanted.kind === 'types' ? wanted.selection.fields : [wanted.field];
}

const OPERATIONS = ['query', 'mutation', 'subscription'] as const satisfies readonly Operation[];

/** The operation that a type is the root of. */
export function operationOf(typeName: string): Operation | undefined {
  return OPERATIONS.find((operation) => ROOT_TYPES[operation] === typeName);
}

/**
 * `__schema`. Its types are in the order of graphql-js as far as that is the same for every schema: the root types, all
 * others part by part, and those of introspection.
 */
export function schemaLayout(
  schema: Pick<DefinedSchema, 'hasOperation'>,
  selection: Selection,
): readonly Segment[] {
  const texts = standardTexts();
  return objectLayout(selection, (field) => {
    switch (field.name) {
      case '__typename':
        return ['"__Schema"'];
      case 'types':
        return typesLayout(schema, below(field), texts);
      case 'queryType':
        return optionalRoot(schema, 'query', field);
      case 'mutationType':
        return optionalRoot(schema, 'mutation', field);
      case 'subscriptionType':
        return optionalRoot(schema, 'subscription', field);
      case 'directives':
        return [`[${DIRECTIVES.map((each) => texts.directive(each, below(field))).join(',')}]`];
      default:
        return ['null'];
    }
  });
}

function typesLayout(
  schema: Pick<DefinedSchema, 'hasOperation'>,
  selection: Selection,
  texts: TypeTexts,
): readonly Segment[] {
  const roots = OPERATIONS.filter((operation) => schema.hasOperation(operation));
  return [
    '[',
    ...roots.flatMap((operation) => [...rootTypeLayout(operation, selection), ',']),
    { kind: 'types', selection },
    `${INTROSPECTION_TYPES.map((type) => texts.type(type, selection)).join(',')}]`,
  ];
}

function optionalRoot(
  schema: Pick<DefinedSchema, 'hasOperation'>,
  operation: Operation,
  field: SelectedField,
): readonly Segment[] {
  return schema.hasOperation(operation) ? rootTypeLayout(operation, below(field)) : ['null'];
}

/** A root type, whose fields come from all parts. */
export function rootTypeLayout(operation: Operation, selection: Selection): readonly Segment[] {
  const texts = standardTexts();
  const type: TypeDefinition = {
    kind: 'OBJECT',
    name: ROOT_TYPES[operation],
    description: undefined,
    interfaces: [],
    fields: (): readonly FieldDefinition[] => [],
    resource: undefined,
  };
  return objectLayout(selection, (field) =>
    field.name === 'fields'
      ? ['[', { kind: 'rootFields', operation, field }, ']']
      : [texts.typeMember(type, field)],
  );
}

function objectLayout(
  selection: Selection,
  valueOf: (field: SelectedField) => readonly Segment[],
): readonly Segment[] {
  const members = selection.fields.flatMap((field, index) => [
    `${index === 0 ? '' : ','}${field.label}`,
    ...valueOf(field),
  ]);
  return ['{', ...members, '}'];
}

function standardTexts(): TypeTexts {
  return new TypeTexts({
    typeNamed: (name) => {
      const type = standardType(name);
      if (type === undefined) throw new Error(`introspection refers to a new type: ${name}`);
      return type;
    },
    possibleTypes: () => '',
  });
}
