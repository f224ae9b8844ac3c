import { getNamedType, type GraphQLSchema, isInterfaceType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { GatewaySchema } from '../../../src/mapping/gateway-schema.ts';
import { fullSchema } from '../support/full-schema.ts';
import { STANDARD_CLUSTER } from '../support/standard-cluster.ts';
import { stubGroupVersion, type StubGroupVersion, stubResource } from '../support/stub-resources.ts';
import { catalogOf } from '../support/test-catalog.ts';

/** The names of the object types that no field of a root type leads to. */
function unreached(schema: GraphQLSchema): readonly string[] {
  const reached = new Set<string>();
  const visit = (name: string): void => {
    const type = schema.getType(name);
    if (reached.has(name) || (!isObjectType(type) && !isInterfaceType(type))) return;
    reached.add(name);
    if (isInterfaceType(type)) schema.getPossibleTypes(type).forEach((each) => visit(each.name));
    for (const field of Object.values(type.getFields())) visit(getNamedType(field.type).name);
  };
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    if (root != null) visit(root.name);
  }
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__') && !reached.has(type.name))
    .map(({ name }) => name);
}

const REF = '#/components/schemas/io.k8s.api.policy.v1.';
const EVICTION = { group: 'policy', version: 'v1', kind: 'Eviction' };
const RESULT = { group: 'policy', version: 'v1', kind: 'Result' };

/** Pods that can be evicted, checked and bound: an eviction is only ever written, a result is answered. */
const EVICTABLE: readonly StubGroupVersion[] = [
  {
    group: '',
    version: 'v1',
    resources: [
      stubResource({
        kind: 'Pod',
        plural: 'pods',
        subresources: [
          { name: 'eviction', kind: EVICTION, verbs: ['create'] },
          { name: 'check', kind: RESULT, verbs: ['create'] },
        ],
      }),
    ],
    openApi: JSON.stringify({
      components: {
        schemas: {
          'io.k8s.api.core.v1.Pod': {
            type: 'object',
            properties: { spec: { type: 'object', properties: { image: { type: 'string' } } } },
            'x-kubernetes-group-version-kind': [{ group: '', version: 'v1', kind: 'Pod' }],
          },
          'io.k8s.api.policy.v1.Eviction': {
            type: 'object',
            properties: { options: { $ref: `${REF}Options` } },
            'x-kubernetes-group-version-kind': [EVICTION],
          },
          'io.k8s.api.policy.v1.Options': { type: 'object', properties: { soon: { type: 'boolean' } } },
          'io.k8s.api.policy.v1.Result': {
            type: 'object',
            properties: { parts: { type: 'array', items: { $ref: `${REF}Part` } } },
            'x-kubernetes-group-version-kind': [RESULT],
          },
          'io.k8s.api.policy.v1.Part': { type: 'object', properties: { text: { type: 'string' } } },
        },
      },
    }),
  },
];

describe('the types of answers', () => {
  it.each([
    ['what the tests have', STANDARD_CLUSTER],
    ['pods that can be evicted', EVICTABLE],
    [
      'a group whose kinds nobody describes',
      [stubGroupVersion('z.example.com', 'v1', { Gadget: 'gadgets' })],
    ],
  ])('are those that some field answers, and no other: %s', async (_, cluster) => {
    const schema = await fullSchema(new GatewaySchema(catalogOf(cluster)));
    expect(unreached(schema)).toEqual([]);
  });

  it('leave out what is only ever written, whose inputs stay; and keep what a subresource answers', async () => {
    const schema = await fullSchema(new GatewaySchema(catalogOf(EVICTABLE)));
    const names = Object.keys(schema.getTypeMap());
    expect(names).toEqual(
      expect.arrayContaining([
        'PolicyV1EvictionInput',
        'PolicyV1OptionsInput',
        'PolicyV1Result',
        'PolicyV1Part',
      ]),
    );
    expect(names).not.toContain('PolicyV1Eviction');
    expect(names).not.toContain('PolicyV1Options');
  });

  it('are all that introspection finds by name', async () => {
    const schema = new GatewaySchema(catalogOf(EVICTABLE));
    const find = async (name: string) =>
      (await schema.definition(name, KUBECONFIG_IDENTITY)).definition?.name;
    expect(await find('PolicyV1Result')).toBe('PolicyV1Result');
    expect(await find('PolicyV1Eviction')).toBeUndefined();
  });

  it('have all kinds that the interface names as its possible types', async () => {
    const schema = new GatewaySchema(catalogOf(STANDARD_CLUSTER));
    const full = await fullSchema(schema);
    const objects = Object.values(full.getTypeMap())
      .filter((type) => isObjectType(type) && type.getInterfaces().length > 0)
      .map(({ name }) => name);
    expect(objects.sort()).toEqual(schema.kindNames);
  });
});
