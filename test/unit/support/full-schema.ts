import { type GraphQLFieldConfig, type GraphQLNamedType, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { baseTypes } from '../../../src/mapping/graphql/base-schema.ts';
import { ROOT_TYPES } from '../../../src/mapping/definitions/base-roots.ts';
import type {
  FieldDefinition,
  PartDefinitions,
  TypeDefinition,
} from '../../../src/mapping/definitions/definitions.ts';
import type { GatewaySchema } from '../../../src/mapping/gateway-schema.ts';
import { graphqlField, graphqlType } from '../../../src/mapping/graphql/graphql-types.ts';
import type { Operation } from '../../../src/mapping/names/resource-fields.ts';

/** A schema as graphql-js has it, with everything in it: put together from the definitions of all parts. */
export async function fullSchema(schema: GatewaySchema): Promise<GraphQLSchema> {
  const parts = await Promise.all(schema.parts.map((part) => schema.definitions(part, KUBECONFIG_IDENTITY)));
  return assemble(parts);
}

function assemble(parts: readonly PartDefinitions[]): GraphQLSchema {
  const types = new Map<string, GraphQLNamedType>(baseTypes());
  for (const root of Object.values(ROOT_TYPES)) types.delete(root);
  const typeNamed = (name: string): GraphQLNamedType => {
    const type = types.get(name);
    if (type === undefined) throw new Error(`nothing defines the type ${name}`);
    return type;
  };
  for (const definition of parts.flatMap((part) => [...part.types, ...part.shared])) {
    if (types.has(definition.name) || !isMade(definition)) continue;
    types.set(definition.name, graphqlType(definition, typeNamed));
  }
  const root = (name: string, operation: Operation): GraphQLObjectType | null => {
    const fields = parts.flatMap((part) => part.roots[operation]);
    return fields.length === 0
      ? null
      : new GraphQLObjectType({ name, fields: () => fieldsOf(fields, typeNamed) });
  };
  return new GraphQLSchema({
    query: root('Query', 'query'),
    mutation: root('Mutation', 'mutation'),
    subscription: root('Subscription', 'subscription'),
    types: [...types.values()],
  });
}

/** Whether a definition is of a kind that group-versions have; all others are base.graphql's. */
function isMade(definition: TypeDefinition): definition is Parameters<typeof graphqlType>[0] {
  return ['OBJECT', 'INPUT_OBJECT', 'ENUM'].includes(definition.kind);
}

function fieldsOf(
  fields: readonly FieldDefinition[],
  typeNamed: (name: string) => GraphQLNamedType,
): Record<string, GraphQLFieldConfig<unknown, unknown>> {
  return Object.fromEntries(fields.map((field) => [field.name, graphqlField(field, typeNamed)]));
}
