import {
  buildClientSchema,
  type GraphQLInputObjectType,
  type GraphQLObjectType,
  type GraphQLSchema,
  introspectionFromSchema,
  isEnumType,
  isInputObjectType,
  isObjectType,
  printSchema,
  validateSchema,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { BASE_FIELDS, BASE_MUTATIONS } from '../../../src/execution/base-fields.ts';
import { LOG_SUBSCRIPTIONS } from '../../../src/execution/logs/log-subscription.ts';
import { baseRootFields } from '../../../src/mapping/definitions/base-roots.ts';
import { baseTypes } from '../../../src/mapping/graphql/base-schema.ts';
import { GatewaySchema } from '../../../src/mapping/gateway-schema.ts';
import { fullSchema } from '../support/full-schema.ts';
import { STANDARD_CLUSTER } from '../support/standard-cluster.ts';
import { stubGroupVersion, type StubGroupVersion } from '../support/stub-resources.ts';
import { catalogOf, customOpenApi } from '../support/test-catalog.ts';

function full(cluster: readonly StubGroupVersion[] = STANDARD_CLUSTER): Promise<GraphQLSchema> {
  return fullSchema(new GatewaySchema(catalogOf(cluster)));
}

/** A cluster of one group of custom resources: the properties of each kind, by kind. */
function customCluster(kinds: Readonly<Record<string, object>>): readonly StubGroupVersion[] {
  const plurals = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, `${kind.toLowerCase()}s`]));
  const openApi = customOpenApi('example.com', 'v1', kinds);
  return [stubGroupVersion('example.com', 'v1', plurals, { openApi })];
}

function fieldsOf(schema: GraphQLSchema, typeName: string): Readonly<Record<string, string>> {
  const type = schema.getType(typeName);
  if (!isObjectType(type) && !isInputObjectType(type)) throw new Error(`no type ${typeName} with fields`);
  return Object.fromEntries(Object.values(type.getFields()).map((field) => [field.name, String(field.type)]));
}

describe('the schema in full', () => {
  it('is valid, and survives introspection', async () => {
    const schema = await full();
    expect(validateSchema(withoutAssumption(schema))).toEqual([]);
    expect(printSchema(buildClientSchema(introspectionFromSchema(schema)))).toBe(printSchema(schema));
  });

  it('has what a lazy one has: the same fields on every type that both know', async () => {
    const schema = await full();
    const lazy = new GatewaySchema(catalogOf(STANDARD_CLUSTER));
    const fieldsOfRoots = (of: GraphQLSchema): readonly string[][] =>
      [of.getQueryType(), of.getMutationType(), of.getSubscriptionType()].map((type) =>
        Object.keys(type?.getFields() ?? {}).sort(),
      );
    expect(fieldsOfRoots(lazy.schema)).toEqual(fieldsOfRoots(schema));
  });

  it("has the API server's descriptions, and the HTTP path of each root field", async () => {
    const schema = await full();
    expect(schema.getType('CoreV1Pod')?.description).toBe('A group of containers on one node.');
    expect(schema.getQueryType()?.getFields()['pod']?.description).toContain(
      '`GET /api/v1/namespaces/{namespace}/pods/{name}`',
    );
  });

  it.each([
    ['query', BASE_FIELDS],
    ['mutation', BASE_MUTATIONS],
    ['subscription', LOG_SUBSCRIPTIONS],
  ] as const)('answers every hand-written field of a %s, and no other', (operation, answered) => {
    const fields = baseRootFields(baseTypes(), operation).map(({ name }) => name);
    expect(fields.length).toBeGreaterThan(0);
    expect(Object.keys(answered).sort()).toEqual(fields.toSorted());
  });
});

describe('an output type', () => {
  it('has the fields of its definition, nullable except for what identifies an object', async () => {
    expect(fieldsOf(await full(), 'CoreV1Pod')).toEqual({
      id: 'ID!',
      apiVersion: 'String!',
      kind: 'String!',
      metadata: 'ObjectMeta!',
      raw: 'JSON!',
      yaml: 'String!',
      spec: 'CoreV1PodSpec',
      status: 'CoreV1PodStatus',
    });
  });

  it('has the scalars of the API, enums as text', async () => {
    const schema = await full();
    expect(fieldsOf(schema, 'CoreV1Event')).toMatchObject({
      eventTime: 'MicroTime',
      firstTimestamp: 'DateTime',
      count: 'Int',
    });
    expect(fieldsOf(schema, 'CoreV1Secret')).toMatchObject({ data: 'StringMap', immutable: 'Boolean' });
    expect(fieldsOf(schema, 'CoreV1NodeStatus')).toMatchObject({ capacity: 'QuantityMap' });
    expect(fieldsOf(schema, 'CoreV1ServicePort')).toMatchObject({
      targetPort: 'IntOrString',
      protocol: 'String',
    });
    expect(fieldsOf(schema, 'CoreV1Toleration')).toMatchObject({ tolerationSeconds: 'Int64' });
  });

  it('has what a custom resource describes in place, named by where it stands', async () => {
    const schema = await full();
    expect(fieldsOf(schema, 'ExampleComV1WidgetSpec')).toMatchObject({
      _ref: 'String',
      x_kubernetes_foo: 'Boolean',
      some_key: 'Int64',
      some_key_: 'String',
      matrix: '[[ExampleComV1WidgetSpecMatrix]]',
      ratio: 'Float',
      blob: 'Base64',
      anything: 'JSON',
    });
  });

  it('has `raw` beside its fields where unknown ones are preserved', async () => {
    expect(fieldsOf(await full(), 'ExampleComV1WidgetSpecOptions')).toEqual({ known: 'String', raw: 'JSON' });
  });

  it('names the values that a text may have in its description', async () => {
    const type = (await full()).getType('CoreV1ContainerPort') as GraphQLObjectType;
    expect(type.getFields()['protocol']?.description).toContain('Known values: `SCTP`, `TCP`, `UDP`.');
  });
});

describe('a subscription', () => {
  it('has the types of what it sends', async () => {
    const schema = await full();
    expect(fieldsOf(schema, 'CoreV1PodEvent')).toEqual({
      type: 'WatchEventType!',
      object: 'CoreV1Pod',
      id: 'ID',
      snapshot: 'Boolean!',
      cursor: 'String!',
      events: '[CoreV1PodEvent!]',
    });
    expect(fieldsOf(schema, 'CoreV1PodLive')).toEqual({
      type: 'LiveType!',
      items: '[CoreV1Pod!]',
      patches: '[CoreV1PodPatch!]',
      total: 'Int!',
    });
    expect(fieldsOf(schema, 'CoreV1PodPatch')).toEqual({
      op: 'PatchOp!',
      index: 'Int!',
      id: 'ID!',
      object: 'CoreV1Pod',
    });
  });

  it('takes the arguments of its kind, and a namespace where there are any', async () => {
    const fields = (await full()).getSubscriptionType()?.getFields();
    const told = (name: string): readonly string[] | undefined =>
      fields?.[name]?.args.map(({ name: argument, type, defaultValue }) =>
        [`${argument}: ${String(type)}`, JSON.stringify(defaultValue)].filter(Boolean).join(' = '),
      );
    const watching = [
      'labelSelector: String',
      'fieldSelector: String',
      'name: String',
      'resumeFrom: String',
      'known: [KnownObject!]',
      'initial: Boolean = true',
      'onlyWhenSelectedChanges: Boolean = false',
      'batchMs: Int',
      'snapshotPageSize: Int',
    ];
    expect(told('pods')).toEqual(['namespace: String', ...watching]);
    expect(told('nodes')).toEqual(watching);
    const live = [
      'labelSelector: String',
      'fieldSelector: String',
      'orderBy: [LiveOrder!]',
      'first: Int',
      'batchMs: Int = 100',
    ];
    expect(told('coreV1PodsLive')).toEqual(['namespace: String', ...live]);
    expect(told('nodesLive')).toEqual(live);
  });
});

describe('an input type', () => {
  it('is nullable throughout: the API server validates', async () => {
    const types = Object.values((await full()).getTypeMap())
      .filter(isInputObjectType)
      // Others are not the API server's to see.
      .filter(({ name }) => name.endsWith('Input'));
    expect(types.length).toBeGreaterThan(10);
    const required = types.flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => String(field.type).endsWith('!'))
        .map((field) => `${type.name}.${field.name}`),
    );
    expect(required).toEqual([]);
  });

  it('has an enum only where every value is a name', async () => {
    const schema = await full();
    expect(fieldsOf(schema, 'ExampleComV1WidgetSpecInput')).toMatchObject({
      color: 'ExampleComV1WidgetSpecColorInput',
      tags: '[ExampleComV1WidgetSpecTagsInput]',
      mode: 'String',
      level: 'Int64',
    });
    const color = schema.getType('ExampleComV1WidgetSpecColorInput');
    expect(isEnumType(color) ? color.getValues().map(({ name }) => name) : []).toEqual(['red', 'green']);
  });

  it('is not deprecated as a whole: to tools it would have no fields', async () => {
    const old = { type: 'string', description: 'Deprecated: use the other one.' };
    const schema = await full(
      customCluster({
        Odd: {
          all: { type: 'object', properties: { old } },
          some: { type: 'object', properties: { old, other: old, now: { type: 'string' } } },
        },
      }),
    );
    const deprecatedIn = (name: string): readonly string[] =>
      Object.values((schema.getType(name) as GraphQLInputObjectType).getFields()).flatMap((field) =>
        field.deprecationReason == null ? [] : [field.name],
      );
    expect(deprecatedIn('ExampleComV1OddAllInput')).toEqual([]);
    expect(deprecatedIn('ExampleComV1OddSomeInput')).toEqual(['old', 'other']);
    const output = schema.getType('ExampleComV1OddAll') as GraphQLObjectType;
    expect(output.getFields()['old']?.deprecationReason).toBe('use the other one.');
  });

  it('knows the key of each field that could not keep its name', async () => {
    const type = (await full()).getType('ExampleComV1WidgetSpecInput') as GraphQLInputObjectType;
    const keys = Object.values(type.getFields()).flatMap(({ name, extensions }) =>
      extensions.key === undefined ? [] : [[name, extensions.key]],
    );
    expect(Object.fromEntries(keys)).toEqual({
      _ref: '$ref',
      x_kubernetes_foo: 'x-kubernetes-foo',
      cephfs_mirror: 'cephfs-mirror',
      some_key_: 'some-key',
      _secret: '__secret',
      _2fast: '2fast',
    });
  });
});

describe('names that clash inside a group-version stay apart', () => {
  it('an object field `input` and the input of its kind', async () => {
    const schema = await full();
    expect(fieldsOf(schema, 'ExampleComV1Plugin')['input']).toBe('ExampleComV1PluginInput_');
    expect(fieldsOf(schema, 'ExampleComV1PluginInput')['input']).toBe('ExampleComV1PluginInput_Input_');
    expect(fieldsOf(schema, 'ExampleComV1PluginInput_')).toEqual({
      path: 'String',
      input: 'ExampleComV1PluginInput_Input',
    });
  });

  it('an object field `connection` and the list of its kind', async () => {
    const schema = await full();
    expect(fieldsOf(schema, 'ExampleComV1Plugin')['connection']).toBe('ExampleComV1PluginConnection_');
    expect(Object.keys(fieldsOf(schema, 'ExampleComV1PluginConnection'))).toContain('items');
  });

  it.each(['Connection', 'Edge', 'Event', 'Live', 'Patch', 'Deletion', 'Input'])(
    'a kind that is called like another one and %s',
    async (suffix) => {
      const schema = await full(
        customCluster({
          Hub: { spec: { type: 'string' } },
          [`Hub${suffix}`]: { address: { type: 'string' } },
        }),
      );
      expect(validateSchema(withoutAssumption(schema))).toEqual([]);
      expect(fieldsOf(schema, `ExampleComV1Hub${suffix}`)).toMatchObject({
        kind: 'String!',
        address: 'String',
      });
      const list = schema.getQueryType()?.getFields()['hubs'];
      expect(fieldsOf(schema, String(list?.type))).toMatchObject({ items: '[ExampleComV1Hub!]!' });
      const create = schema.getMutationType()?.getFields()['createHub'];
      const input = create?.args.find(({ name }) => name === 'input');
      expect(fieldsOf(schema, String(input?.type).replace('!', ''))).toMatchObject({ spec: 'String' });
    },
  );

  it('fields that are called like what every object has in answers: in inputs as well', async () => {
    const schema = await full(customCluster({ Odd: { id: { type: 'string' }, yaml: { type: 'integer' } } }));
    expect(fieldsOf(schema, 'ExampleComV1Odd')).toMatchObject({ id: 'ID!', id_: 'String', yaml_: 'Int64' });
    expect(fieldsOf(schema, 'ExampleComV1OddInput')).toMatchObject({ id_: 'String', yaml_: 'Int64' });
    const input = schema.getType('ExampleComV1OddInput') as GraphQLInputObjectType;
    expect(input.getFields()['id_']?.extensions.key).toBe('id');
  });

  it('fields that are called like members of every JavaScript object', async () => {
    const schema = await full(
      customCluster({
        Odd: {
          constructor: { type: 'string' },
          toString: { type: 'integer' },
          valueOf: { type: 'string', enum: ['a'] },
        },
      }),
    );
    expect(fieldsOf(schema, 'ExampleComV1Odd')).toMatchObject({
      constructor: 'String',
      toString: 'Int64',
      valueOf: 'String',
    });
    const type = schema.getType('ExampleComV1Odd') as GraphQLObjectType;
    expect(type.getFields()['constructor']?.description).toBeUndefined();
  });
});

/** The schema is made with `assumeValid`, which would make validation answer what it is told. */
function withoutAssumption(schema: GraphQLSchema): GraphQLSchema {
  schema.__validationErrors = undefined;
  return schema;
}
