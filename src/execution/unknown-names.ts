import {
  type ASTNode,
  type DocumentNode,
  type GraphQLSchema,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/**
 * Whether a document names a type, field, argument or input field that the schema does not have. The group-versions that
 * it touches must be loaded.
 *
 * @param but nodes whose names are known to be missing.
 */
export function namesSomethingUnknown(
  schema: GraphQLSchema,
  document: DocumentNode,
  but: ReadonlySet<ASTNode>,
): boolean {
  const typeInfo = new TypeInfo(schema);
  let found = false;
  const note = (isUnknown: boolean): void => {
    found ||= isUnknown;
  };
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      // Below something unknown nothing is known: what has no parent type tells nothing more.
      Field: (node) =>
        note(typeInfo.getParentType() != null && typeInfo.getFieldDef() == null && !but.has(node)),
      Argument: () => note(typeInfo.getFieldDef() != null && typeInfo.getArgument() == null),
      ObjectField: () => note(typeInfo.getParentInputType() != null && typeInfo.getInputType() == null),
      NamedType: (node) => note(schema.getType(node.name.value) === undefined && !but.has(node)),
    }),
  );
  return found;
}
