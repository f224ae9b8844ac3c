import { describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/catalog.ts';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { KubegraphError } from '../../../src/errors/kubegraph-error.ts';
import { Deprecations } from '../../../src/catalog/deprecations/deprecations.ts';
import { GatewaySchema } from '../../../src/mapping/gateway-schema.ts';
import { DEFAULT_SCHEMA_OPTIONS, type SchemaOptions } from '../../../src/mapping/schema-options.ts';
import { STANDARD_CLUSTER } from '../support/standard-cluster.ts';
import { stubGroupVersion, type StubGroupVersion } from '../support/stub-resources.ts';
import { catalogOf } from '../support/test-catalog.ts';

const META = { $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' };
const CLAIM = {
  type: 'object',
  properties: {
    metadata: META,
    shared: { $ref: '#/components/schemas/io.k8s.api.core.v1.Shared' },
    spec: { type: 'object', properties: { size: { type: 'string' } } },
  },
  'x-kubernetes-group-version-kind': [{ group: '', version: 'v1', kind: 'Claim' }],
};
const SHARED = { type: 'object', properties: { text: { type: 'string' } } };

function document(schemas: object): string {
  return JSON.stringify({ components: { schemas } });
}

/** `apps` embeds core's Claim, as stateful sets do, and both describe `Shared`. */
const EMBEDDING: readonly StubGroupVersion[] = [
  stubGroupVersion(
    '',
    'v1',
    { Claim: 'claims' },
    {
      openApi: document({ 'io.k8s.api.core.v1.Claim': CLAIM, 'io.k8s.api.core.v1.Shared': SHARED }),
    },
  ),
  stubGroupVersion(
    'apps',
    'v1',
    { Set: 'sets' },
    {
      openApi: document({
        'io.k8s.api.core.v1.Claim': CLAIM,
        'io.k8s.api.core.v1.Shared': SHARED,
        'io.k8s.api.apps.v1.Set': {
          type: 'object',
          properties: {
            metadata: META,
            claims: { type: 'array', items: { $ref: '#/components/schemas/io.k8s.api.core.v1.Claim' } },
            shared: { $ref: '#/components/schemas/io.k8s.api.core.v1.Shared' },
          },
          'x-kubernetes-group-version-kind': [{ group: 'apps', version: 'v1', kind: 'Set' }],
        },
      }),
    },
  ),
];

function schemaOf(
  cluster: readonly StubGroupVersion[],
  options: Partial<SchemaOptions> = {},
  change: Partial<Catalog> = {},
  deprecations = new Deprecations(),
): GatewaySchema {
  const catalog = { ...catalogOf(cluster), ...change };
  return new GatewaySchema(catalog, { ...DEFAULT_SCHEMA_OPTIONS, ...options }, deprecations);
}

async function partNamed(schema: GatewaySchema, name: string) {
  const part = schema.parts.find((each) => each.name === name);
  if (part === undefined) throw new Error(`no part ${name}`);
  return schema.definitions(part, KUBECONFIG_IDENTITY);
}

function keysOf(schema: GatewaySchema): Readonly<Record<string, string>> {
  return Object.fromEntries(schema.parts.map(({ name, key }) => [name, key]));
}

/** The API server has warned of the kind Set. */
function deprecatingSets(): Deprecations {
  const deprecations = new Deprecations();
  deprecations.observe({ group: 'apps', version: 'v1', kind: 'Set' }, [
    'apps/v1 Set is deprecated in v1.40+',
  ]);
  return deprecations;
}

describe('the parts of a schema', () => {
  it('are base.graphql and the shown group-versions, by name', () => {
    expect(schemaOf(STANDARD_CLUSTER).parts.map(({ name }) => name)).toEqual([
      '',
      ...STANDARD_CLUSTER.map(({ group, version }) =>
        group === '' ? version : `${group}/${version}`,
      ).sort(),
    ]);
    expect(schemaOf(EMBEDDING, { exclude: ['core'] }).parts.map(({ name }) => name)).toEqual(['', 'apps/v1']);
  });

  it('leave the kind of another group-version to that one, and share what both describe', async () => {
    const apps = await partNamed(schemaOf(EMBEDDING), 'apps/v1');
    const core = await partNamed(schemaOf(EMBEDDING), 'v1');
    expect(apps.types.map(({ name }) => name)).not.toContain('CoreV1Claim');
    expect(core.types.map(({ name }) => name)).toContain('CoreV1Claim');
    expect(apps.shared.map(({ name }) => name)).toEqual(['CoreV1Shared', 'CoreV1SharedInput']);
    expect(core.shared).toMatchObject(apps.shared.map(({ name, kind }) => ({ name, kind })));
  });

  it('define a foreign kind themselves where its group-version is hidden: as a part without identity', async () => {
    const apps = await partNamed(schemaOf(EMBEDDING, { exclude: ['core'] }), 'apps/v1');
    const claim = apps.shared.find(({ name }) => name === 'CoreV1Claim');
    expect(claim).toMatchObject({ kind: 'OBJECT', interfaces: [] });
  });

  it('have shapeless kinds where a group-version does not answer', async () => {
    const schema = schemaOf(
      EMBEDDING,
      {},
      {
        shapes: () => Promise.reject(new KubegraphError('UNAVAILABLE', 'away')),
      },
    );
    const core = await partNamed(schema, 'v1');
    const claim = core.types.find(({ name }) => name === 'CoreV1Claim');
    expect(claim?.kind === 'OBJECT' ? claim.fields().map(({ name }) => name) : []).toContain('metadata');
    expect(core.roots.query.map(({ name }) => name)).toContain('claims');
  });
});

describe('the key of a part', () => {
  it('is the same for the same content', () => {
    expect(keysOf(schemaOf(EMBEDDING))).toEqual(keysOf(schemaOf(EMBEDDING)));
  });

  it.each<[string, GatewaySchema]>([
    [
      'its document changes',
      schemaOf(EMBEDDING, {}, { documentHash: ({ group }) => (group === 'apps' ? 'new' : 'v1') }),
    ],
    ['its fields are deprecated', schemaOf(EMBEDDING, {}, {}, deprecatingSets())],
  ])('changes when %s, and no other part does', (_, changed) => {
    const before = keysOf(schemaOf(EMBEDDING));
    const after = keysOf(changed);
    expect(Object.keys(before).filter((name) => before[name] !== after[name])).toEqual(['apps/v1']);
  });

  it('changes when another group takes its short name, and no other part does', () => {
    const one = stubGroupVersion('a.example.com', 'v1', { Box: 'boxes' });
    const other = stubGroupVersion('b.example.com', 'v1', { Box: 'boxes' });
    const before = keysOf(schemaOf([...EMBEDDING, one]));
    const after = keysOf(schemaOf([...EMBEDDING, one, other]));
    expect(Object.keys(before).filter((name) => before[name] !== after[name])).toEqual(['a.example.com/v1']);
  });
});

describe('a type', () => {
  const orders = [
    ['{ sets { items { claims { id } } } }', '{ claims { items { id metadata { name } } } }'],
    ['{ claims { items { id } } }', '{ sets { items { claims { id metadata { name } } } } }'],
  ];

  it.each(orders)('is the same whichever group-version is loaded first: %s', async (...documents) => {
    const schema = schemaOf(EMBEDDING);
    for (const text of documents) {
      const name = text.includes('sets') ? 'sets' : 'claims';
      await schema.prepare(
        { rootFields: [{ operation: 'query', name }], typeNames: new Set() },
        KUBECONFIG_IDENTITY,
      );
    }
    const claim = schema.schema.getType('CoreV1Claim');
    expect(claim?.extensions['resource']).toMatchObject({ kind: 'Claim', group: '' });
  });

  it.each([
    'CoreV1Claim',
    'CoreV1ClaimInput',
    'CoreV1ClaimConnection',
    'CoreV1Shared',
    'ObjectMeta',
    'JSON',
    'String',
  ])('%s is found by its name alone', async (name) => {
    expect(await schemaOf(EMBEDDING).definition(name, KUBECONFIG_IDENTITY)).toMatchObject({
      definition: { name },
    });
  });

  it('that nothing has is not found', async () => {
    expect(await schemaOf(EMBEDDING).definition('CoreV1Nothing', KUBECONFIG_IDENTITY)).toEqual({
      definition: undefined,
      isPassing: false,
    });
  });
});
