import { describe, expect, it, vi } from 'vitest';
import { fetchOpenApiIndex } from '../../../src/catalog/openapi/openapi-index.ts';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import type { StubGroupVersion } from '../support/stub-resources.ts';
import { stubGroupVersion } from '../support/stub-resources.ts';
import { STANDARD_CLUSTER } from '../support/standard-cluster.ts';
import { customOpenApi } from '../support/test-catalog.ts';
import { codesOf, testEngine, type TestEngine } from '../support/test-engine.ts';

const GADGETS = stubGroupVersion('new.example.org', 'v1', { Gadget: 'gadgets' });
const WITH_GADGETS = [...STANDARD_CLUSTER, GADGETS];

/** How often the catalogue has been read. */
function discoveries({ stub }: TestEngine): number {
  return stub.requests.filter(({ path }) => path === '/apis').length;
}

function withField(field: string): readonly StubGroupVersion[] {
  const openApi = customOpenApi('new.example.org', 'v1', {
    Gadget: { spec: { type: 'object', properties: { [field]: { type: 'string' } } } },
  });
  return [{ ...GADGETS, openApi }];
}

/** The fields of the gadgets' spec, as a document that selects them may and as introspection has them. */
async function shownFields({ run }: TestEngine): Promise<readonly unknown[]> {
  const selected = await Promise.all(
    ['before', 'after'].map((field) => run(`{ gadgets { items { spec { ${field} } } } }`)),
  );
  const types = await run('{ __type(name: "NewExampleOrgV1GadgetSpec") { fields { name } } }');
  const all = await run('{ __schema { types { name fields { name } } } }');
  const fieldsIn = (text: string): readonly string[] =>
    ['before', 'after'].filter((field) => text.includes(`{"name":"${field}"}`));
  return [
    ['before', 'after'].filter((_, index) => selected[index]?.errors.length === 0),
    fieldsIn(types.text),
    fieldsIn(all.text),
  ];
}

describe('an index that lags behind its documents', () => {
  it('does not give a changed schema the name of the old one: changed back, it is the old one again', async () => {
    const engine = await testEngine({ cluster: withField('before') });
    await engine.catalogs.get(KUBECONFIG_IDENTITY);
    const { path, hash } = await indexed(engine);
    engine.stub.openApi.outdated.set(path, hash);
    engine.stub.cluster = withField('after');
    expect(await shownFields(engine)).toEqual([['after'], ['after'], ['after']]);
    engine.stub.cluster = withField('before');
    engine.advance(1_000);
    expect(await shownFields(engine)).toEqual([['before'], ['before'], ['before']]);
    expect(engine.defects).toEqual([]);
  });

  it('is not caught up with by every request', async () => {
    const engine = await testEngine({ cluster: [...STANDARD_CLUSTER, ...withField('before')] });
    const { path, hash } = await indexed(engine);
    engine.stub.openApi.outdated.set(path, hash);
    engine.stub.cluster = [...STANDARD_CLUSTER, ...withField('after')];
    for (let round = 0; round < 10; round++) {
      expect((await engine.run('{ gadgets { items { spec { after } } } }')).errors).toEqual([]);
      expect((await engine.run('{ pods { items { kind } } }')).errors).toEqual([]);
    }
    expect(engine.stub.documents.toSorted()).toEqual(['api/v1', path, path]);
  });

  it('does not leave a resource shapeless that was away for a moment', async () => {
    const engine = await testEngine({ cluster: withField('before') });
    let isAway = true;
    engine.stub.on('GET', '/openapi/v3/apis/new.example.org/v1', () =>
      isAway ? { status: 404, body: '' } : undefined,
    );
    expect(await shownFields(engine)).toEqual([[], [], []]);
    isAway = false;
    engine.advance(1_000);
    expect(await shownFields(engine)).toEqual([['before'], ['before'], ['before']]);
  });
});

/** The gadgets' document as the index names it now. */
async function indexed({ upstream }: TestEngine): Promise<{ readonly path: string; readonly hash: string }> {
  const index = await fetchOpenApiIndex(upstream, KUBECONFIG_IDENTITY);
  const path = 'apis/new.example.org/v1';
  return { path, hash: index.get(path) ?? '' };
}

describe('a document that names something unknown', () => {
  it('makes the gateway look once, and then works: a resource that has just been installed', async () => {
    const engine = await testEngine();
    await engine.run('{ pods { items { kind } } }');
    engine.stub.cluster = WITH_GADGETS;
    engine.advance(2_000);
    const { data } = await engine.run('{ gadgets { items { kind } } }');
    expect([data, discoveries(engine)]).toEqual([{ gadgets: { items: [] } }, 2]);
    await engine.run('{ gadgets { items { kind } } }');
    expect(discoveries(engine)).toBe(2);
  });

  it.each([
    ['a field', '{ gadgets { items { spec { after } } } }'],
    [
      'a field of an input',
      'mutation { createGadget(namespace: "a", input: { spec: { after: "x" } }) { kind } }',
    ],
  ])('works once a changed schema has been seen: %s', async (_, document) => {
    const engine = await testEngine({ cluster: withField('before') });
    await engine.run('{ gadgets { items { spec { before } } } }');
    engine.stub.cluster = withField('after');
    engine.advance(2_000);
    expect((await engine.run(document)).errors).toEqual([]);
  });

  it('is refused when nothing has changed, after one look for all that come at once', async () => {
    const engine = await testEngine();
    await engine.run('{ version { major } }');
    engine.advance(2_000);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => engine.run('{ gizmos { items { kind } } }')),
    );
    expect(answers.flatMap(codesOf)).toEqual(answers.map(() => 'GRAPHQL_VALIDATION_FAILED'));
    expect(discoveries(engine)).toBe(2);
  });

  it('does not make it look again within a second', async () => {
    const engine = await testEngine();
    await engine.run('{ gizmos { items { kind } } }');
    await engine.run('{ gizmos { items { kind } } }');
    expect(discoveries(engine)).toBe(1);
  });

  it('does not make it look for what can never be there', async () => {
    const engine = await testEngine();
    await engine.run('{ pods { items } }');
    engine.advance(2_000);
    await engine.run('{ pods { items } }');
    expect(discoveries(engine)).toBe(1);
  });
});

it('names both qualified fields for a short name that two groups claim', async () => {
  const { run } = await testEngine({
    cluster: [
      stubGroupVersion('a.example.com', 'v1', { Cluster: 'clusters' }),
      stubGroupVersion('b.example.com', 'v1', { Cluster: 'clusters' }),
    ],
  });
  const contested = [
    await run('{ clusters { items { kind } } }'),
    await run('mutation { deleteCluster(namespace: "a", name: "b") { pending } }'),
    await run('query { ...F } fragment F on Query { cluster(namespace: "a", name: "b") { kind } }'),
  ];
  expect(contested.map(codesOf)).toEqual(contested.map(() => ['GRAPHQL_VALIDATION_FAILED']));
  expect(contested[0]?.errors[0]?.message).toContain(
    'use "aExampleComV1Clusters" or "bExampleComV1Clusters"',
  );
  expect(contested[1]?.errors[0]?.message).toContain(
    '"deleteAExampleComV1Cluster" or "deleteBExampleComV1Cluster"',
  );
  expect((await run('{ bExampleComV1Clusters { items { kind } } }')).data).toEqual({
    bExampleComV1Clusters: { items: [] },
  });
});

describe('what has been worked out', () => {
  it('of a document is used again, also for other variables', async () => {
    const engine = await testEngine();
    const query = 'query ($name: String!) { node(name: $name) { kind } }';
    await engine.run(query, { variables: { name: 'a' } });
    await engine.run(query, { variables: { name: 'b' } });
    expect(engine.stub.calls).toEqual(['GET /api/v1/nodes/a', 'GET /api/v1/nodes/b']);
    expect(engine.stub.documents).toEqual(['api/v1']);
  });

  it('of a document holds when the cluster comes back to a state of long ago', async () => {
    const engine = await testEngine();
    const states = [0, 1, 2, 3, 4, 5, 0].map((i) => [
      ...STANDARD_CLUSTER,
      stubGroupVersion('new.example.org', 'v1', Object.fromEntries([[`Gadget${i}`, `gadget${i}s`]])),
    ]);
    const query = 'query ($wide: Boolean!) { pods { items { kind spec @include(if: $wide) { nodeName } } } }';
    const mutation =
      'mutation { createWidget(namespace: "a", input: { spec: { _ref: "r" } }) { spec { _ref } } }';
    for (const [index, cluster] of states.entries()) {
      engine.stub.cluster = cluster;
      engine.advance(2_000);
      // Asking for what cannot be there makes the gateway look.
      await engine.run(`{ unknown${index} { items { kind } } }`);
      expect((await engine.run(query, { variables: { wide: true } })).errors).toEqual([]);
      expect((await engine.run(mutation)).data).toEqual({ createWidget: { spec: { _ref: 'r' } } });
    }
    expect(engine.stub.requests.filter(({ body }) => body.includes('"spec":{"$ref":"r"}'))).toHaveLength(
      states.length,
    );
    expect(engine.defects).toEqual([]);
  });

  it('of introspection is kept: the second time nothing is fetched, and nothing defined anew', async () => {
    const engine = await testEngine();
    const query = '{ __schema { types { name fields { name description } } } pods { items { kind } } }';
    const schema = await engine.engine.schemaFor(KUBECONFIG_IDENTITY);
    const build = vi.spyOn(schema, 'definitions');
    const first = await engine.run(query);
    const fetched = engine.stub.documents.length;
    const built = build.mock.calls.length;
    expect(built).toBeGreaterThan(0);
    const second = await engine.run(query);
    expect(second.text).toBe(first.text);
    expect(engine.stub.documents).toHaveLength(fetched);
    expect(build).toHaveBeenCalledTimes(built);
    expect(first.text.includes('Where the pod is in its life.')).toBe(true);
  });

  it('of introspection depends on its variables and its operation', async () => {
    const { run } = await testEngine();
    const query =
      'query A($n: String!) { __type(name: $n) { name } } query B($n: String!) { __type(name: $n) { kind } }';
    const answers = [];
    for (const [operationName, n] of [
      ['A', 'CoreV1Pod'],
      ['A', 'CoreV1Node'],
      ['B', 'CoreV1Pod'],
    ] as const) {
      answers.push((await run(query, { operationName, variables: { n } })).data);
    }
    expect(answers).toEqual([
      { __type: { name: 'CoreV1Pod' } },
      { __type: { name: 'CoreV1Node' } },
      { __type: { kind: 'OBJECT' } },
    ]);
  });

  it('of introspection shows a resource that has been installed since', async () => {
    const engine = await testEngine();
    const query = '{ __type(name: "NewExampleOrgV1Gadget") { name } }';
    expect((await engine.run(query)).data).toEqual({ __type: null });
    engine.stub.cluster = WITH_GADGETS;
    engine.advance(2_000);
    await engine.run('{ gadgets { items { kind } } }');
    expect((await engine.run(query)).data).toEqual({ __type: { name: 'NewExampleOrgV1Gadget' } });
  });
});
