import type { GraphQLField, GraphQLNamedType } from 'graphql';
import { isObjectType } from 'graphql';
import type { Operation } from '../names/resource-fields.ts';

export const ROOT_TYPES: Readonly<Record<Operation, string>> = {
  query: 'Query',
  mutation: 'Mutation',
  subscription: 'Subscription',
};

/** The hand-written fields of a root type: they are there on every cluster. */
export function baseRootFields(
  base: ReadonlyMap<string, GraphQLNamedType>,
  operation: Operation,
): readonly GraphQLField<unknown, unknown>[] {
  const type = base.get(ROOT_TYPES[operation]);
  return isObjectType(type) ? Object.values(type.getFields()) : [];
}

/** The types of base.graphql but for its root types, which are a part only of those that a schema has. */
export function typesBelowRoots(base: ReadonlyMap<string, GraphQLNamedType>): readonly GraphQLNamedType[] {
  const roots = new Set(Object.values(ROOT_TYPES));
  return [...base.values()].filter(({ name }) => !roots.has(name));
}
