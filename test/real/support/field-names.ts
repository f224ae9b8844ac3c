import { at, listAt, textAt } from './exact-json.ts';
import type { GraphQLClient } from './graphql-client.ts';
import { apiVersionOf, type ServedResource } from './resources.ts';

/** The qualified fields of one resource; undefined where the gateway has none. */
export interface FieldsOfResource {
  readonly list: string | undefined;
  readonly get: string | undefined;
}

export type FieldNames = (resource: ServedResource) => FieldsOfResource;

/** Asks the gateway how it calls its fields. */
export async function fieldNames(gateway: GraphQLClient): Promise<FieldNames> {
  const data = await gateway.data('{ apiResources { apiVersion name fields { list get } } }');
  const byResource = new Map(
    listAt(data, 'apiResources').map((row) => [
      `${textAt(row, 'apiVersion')} ${textAt(row, 'name')}`,
      { list: optional(at(row, 'fields', 'list')), get: optional(at(row, 'fields', 'get')) },
    ]),
  );
  return (resource) =>
    byResource.get(`${apiVersionOf(resource)} ${resource.name}`) ?? { list: undefined, get: undefined };
}

function optional(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
