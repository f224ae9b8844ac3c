import {
  buildClientSchema,
  getIntrospectionQuery,
  type GraphQLSchema,
  type IntrospectionQuery,
} from 'graphql';
import type { GraphQLClient } from './graphql-client.ts';

/** The gateway's schema as graphql-js' clients get it: from the standard introspection query. */
export async function introspectedSchema(gateway: GraphQLClient): Promise<GraphQLSchema> {
  const answer = await gateway.ask(getIntrospectionQuery());
  // The parsed answer, because exact numbers do not matter in it and the text is large.
  const { data } = JSON.parse(answer.text) as { readonly data: IntrospectionQuery };
  return buildClientSchema(data);
}
