import {
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isEnumType,
  isObjectType,
  isScalarType,
  isUnionType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { GatewaySchema } from '../../../src/mapping/gateway-schema.ts';
import { ROOT_TYPES } from '../../../src/mapping/definitions/base-roots.ts';
import { baseTypes } from '../../../src/mapping/graphql/base-schema.ts';
import { fullSchema } from '../support/full-schema.ts';
import { STANDARD_CLUSTER } from '../support/standard-cluster.ts';
import { stubGroupVersion, type StubGroupVersion } from '../support/stub-resources.ts';
import { catalogOf } from '../support/test-catalog.ts';

interface Described {
  readonly name: string;
  readonly description?: string | null | undefined;
}

/** What base.graphql defines, under the name `Type field argument`. Root types are put together of all parts, without one. */
function definitions(): readonly Described[] {
  const within = (parent: string, each: Described): Described => ({
    ...each,
    name: `${parent} ${each.name}`,
  });
  return [...baseTypes().values()].flatMap((type) => {
    if (isEnumType(type)) return [type, ...type.getValues().map((value) => within(type.name, value))];
    if (isScalarType(type) || isUnionType(type)) return [type];
    const fields: readonly (Described & { readonly args?: readonly Described[] })[] = Object.values(
      type.getFields(),
    );
    const members = fields.flatMap((field) => [
      field,
      ...(field.args ?? []).map((argument) => within(field.name, argument)),
    ]);
    const own = Object.values(ROOT_TYPES).includes(type.name) ? [] : [type];
    return [...own, ...members.map((member) => within(type.name, member))];
  });
}

function full(cluster: readonly StubGroupVersion[] = STANDARD_CLUSTER): Promise<GraphQLSchema> {
  return fullSchema(new GatewaySchema(catalogOf(cluster)));
}

type Fields = readonly GraphQLField<unknown, unknown>[];

function fieldsOf(type: GraphQLObjectType | GraphQLInterfaceType | null | undefined): Fields {
  return Object.values(type?.getFields() ?? {});
}

function undescribed(fields: Fields): readonly string[] {
  return fields.flatMap((field) =>
    [field, ...field.args]
      .filter(({ description }) => !description)
      .map(({ name }) => `${field.name} ${name}`),
  );
}

describe('base.graphql', () => {
  it('describes every type, field, argument and value', () => {
    const all = definitions();
    expect(all.length).toBeGreaterThan(200);
    expect(all.filter(({ description }) => !description).map(({ name }) => name)).toEqual([]);
  });
});

describe('what the gateway adds to the API is described as well', () => {
  it('root fields and their arguments', async () => {
    const schema = await full();
    for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
      expect(fieldsOf(root).length).toBeGreaterThan(10);
      expect(undescribed(fieldsOf(root))).toEqual([]);
    }
  });

  it.each(['Connection', 'Edge', 'Event', 'Live', 'Patch', 'Deletion'])(
    'the fields of a %s',
    async (suffix) => {
      const type = (await full()).getType(`CoreV1Pod${suffix}`);
      expect(type?.description).toBeTruthy();
      expect(isObjectType(type) ? undescribed(fieldsOf(type)) : undefined).toEqual([]);
    },
  );

  it('what every object has: in the words of the interface', async () => {
    const schema = await full([stubGroupVersion('z.example.com', 'v1', { Gadget: 'gadgets' })]);
    const told = (fields: Fields) => fields.map(({ name, description }) => [name, description]);
    const common = told(fieldsOf(schema.getType('KubernetesObject') as GraphQLInterfaceType));
    expect(told(fieldsOf(schema.getType('ZExampleComV1Gadget') as GraphQLObjectType))).toEqual(common);
  });
});

describe('a root field says its HTTP path', () => {
  const POD = '/api/v1/namespaces/{namespace}/pods';

  it.each([
    ['Query', 'pods', `\`GET ${POD}\`, or \`/api/v1/pods\` across namespaces`],
    ['Subscription', 'pods', `\`GET ${POD}?watch=1\`, or \`/api/v1/pods?watch=1\` across namespaces`],
    ['Query', 'pod', `\`GET ${POD}/{name}\``],
    ['Query', 'nodes', '`GET /api/v1/nodes`'],
    ['Mutation', 'createPod', `\`POST ${POD}\``],
    ['Mutation', 'deletePods', `\`DELETE ${POD}\``],
    ['Mutation', 'evictPod', `\`POST ${POD}/{name}/eviction\``],
  ])('%s.%s', async (root, name, path) => {
    const type = (await full()).getType(root) as GraphQLObjectType;
    expect(type.getFields()[name]?.description?.split('HTTP path: ')[1]).toBe(path);
  });
});
