import {
  GraphQLBoolean,
  type GraphQLDirective,
  GraphQLString,
  introspectionTypes,
  specifiedDirectives,
} from 'graphql';
import { definitionOf, fieldsOf } from '../mapping/definitions/base-definitions.ts';
import type { FieldDefinition, TypeDefinition } from '../mapping/definitions/definitions.ts';

/** `__Schema`, `__Type` and so on: every schema has them, in no part of its own. In graphql-js' order. */
export const INTROSPECTION_TYPES: readonly TypeDefinition[] = introspectionTypes.map(definitionOf);

const BY_NAME: ReadonlyMap<string, TypeDefinition> = new Map(
  [...INTROSPECTION_TYPES, ...[GraphQLString, GraphQLBoolean].map(definitionOf)].map((type) => [
    type.name,
    type,
  ]),
);

/** An introspection type, or one that they refer to. */
export function standardType(name: string): TypeDefinition | undefined {
  return BY_NAME.get(name);
}

export interface DirectiveDefinition extends Omit<FieldDefinition, 'type'> {
  readonly isRepeatable: boolean;
  readonly locations: readonly string[];
}

/** `@skip`, `@include` and so on. The gateway's schema has no directives of its own. */
export const DIRECTIVES: readonly DirectiveDefinition[] = specifiedDirectives.map((directive) => ({
  ...asField(directive),
  isRepeatable: directive.isRepeatable,
  locations: directive.locations,
}));

/** A directive is described as a field is, but for its type. */
function asField(directive: GraphQLDirective): FieldDefinition {
  const { name, description, args, deprecationReason } = directive;
  const field = { name, description, args, deprecationReason, type: GraphQLBoolean, astNode: undefined };
  return fieldsOf({ getFields: () => ({ [name]: { ...field, extensions: {} } }) })[0] as FieldDefinition;
}
