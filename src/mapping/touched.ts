import { type DocumentNode, Kind, type SelectionSetNode, type TypeNode } from 'graphql';
import type { Operation } from './names/resource-fields.ts';

/** What of the schema a document names, without knowing the schema. */
export interface Touched {
  readonly rootFields: readonly { readonly operation: Operation; readonly name: string }[];
  /** Of fragments and variables. */
  readonly typeNames: ReadonlySet<string>;
}

const OPERATION_BY_ROOT_TYPE: ReadonlyMap<string, Operation> = new Map([
  ['Query', 'query'],
  ['Mutation', 'mutation'],
  ['Subscription', 'subscription'],
]);

/** One walk over a parsed document, before it is validated, so that what it needs can be loaded first. */
export function touchedBy(document: DocumentNode): Touched {
  const rootFields: { operation: Operation; name: string }[] = [];
  const typeNames = new Set<string>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) {
      for (const variable of definition.variableDefinitions ?? []) typeNames.add(namedType(variable.type));
      walk(definition.selectionSet, definition.operation);
    } else if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      const typeName = definition.typeCondition.name.value;
      typeNames.add(typeName);
      walk(definition.selectionSet, OPERATION_BY_ROOT_TYPE.get(typeName));
    }
  }
  return { rootFields, typeNames };

  /** @param operation whose root fields the selections are; undefined below the root. */
  function walk(selections: SelectionSetNode, operation: Operation | undefined): void {
    for (const selection of selections.selections) {
      if (selection.kind === Kind.FIELD) {
        if (operation !== undefined) rootFields.push({ operation, name: selection.name.value });
        if (selection.selectionSet !== undefined) walk(selection.selectionSet, undefined);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const typeName = selection.typeCondition?.name.value;
        if (typeName !== undefined) typeNames.add(typeName);
        walk(selection.selectionSet, operation);
      }
    }
  }
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}
