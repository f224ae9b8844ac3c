import { touchedBy } from '../../../src/mapping/touched.ts';
import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { GatewaySchema } from '../../../src/mapping/gateway-schema.ts';
import { STANDARD_CLUSTER } from '../support/standard-cluster.ts';
import type { StubGroupVersion } from '../support/stub-resources.ts';
import { catalogOf } from '../support/test-catalog.ts';
import { codesOf, testEngine } from '../support/test-engine.ts';

/** What validation says of a document, on a schema that has seen no other. */
async function problems(
  document: string,
  cluster: readonly StubGroupVersion[] = STANDARD_CLUSTER,
): Promise<readonly string[]> {
  const gateway = new GatewaySchema(catalogOf(cluster));
  const parsed = parse(document);
  await gateway.prepare(touchedBy(parsed), KUBECONFIG_IDENTITY);
  return validate(gateway.schema, parsed).map((error) => error.message);
}

describe('a document loads the group-versions that it names, and no other', () => {
  it.each([
    ['a root field', '{ pods { items { kind } } }', ['api/v1']],
    [
      'two root fields',
      '{ deployments { items { kind } } widgets { items { kind } } }',
      ['apis/apps/v1', 'apis/example.com/v1'],
    ],
    ['a qualified root field', '{ exampleComV1Widgets { items { kind } } }', ['apis/example.com/v1']],
    [
      'a mutation',
      'mutation { deleteWidget(namespace: "a", name: "b") { pending } }',
      ['apis/example.com/v1'],
    ],
    [
      'the type of a variable',
      'query ($input: ExampleComV1WidgetInput) { version { major } ... on Query @skip(if: true) { version { minor } } }',
      ['apis/example.com/v1'],
    ],
    [
      'the type of a fragment',
      'query { object(id: "x") { ...F } } fragment F on AppsV1Deployment { spec { replicas } }',
      ['apis/apps/v1'],
    ],
    [
      'the type of an inline fragment',
      '{ object(id: "x") { ... on CoreV1Pod { spec { nodeName } } } }',
      ['api/v1'],
    ],
    [
      'a root field in a fragment',
      'query { ...Q } fragment Q on Query { pods { items { kind } } }',
      ['api/v1'],
    ],
    ['nothing of a resource', '{ version { major } apiResources { name } }', []],
  ])('%s', async (_, document, paths) => {
    const { run, stub } = await testEngine();
    await run(document);
    expect([...stub.documents].sort()).toEqual(paths);
  });

  it('once, however many documents follow', async () => {
    const { run, stub } = await testEngine();
    await run('{ pods { items { kind } } }');
    await run('{ configMaps { items { kind } } }');
    expect(stub.documents).toEqual(['api/v1']);
  });

  it('nothing at all for a document that is not GraphQL', async () => {
    const { run, stub } = await testEngine();
    await run('{ pods { items ');
    expect(stub.documents).toEqual([]);
  });
});

describe('validation', () => {
  it.each([
    ['a field of a kind', '{ pods { items { spec { containers { image ports { containerPort } } } } } }'],
    [
      'a definition of another group-version',
      '{ deployments { items { spec { template { spec { nodeName } } } } } }',
    ],
    [
      'a type that shares a definition',
      '{ deployments { items { spec { template { spec { ...S } } } } } pods { items { spec { ...S } } } } fragment S on CoreV1PodSpec { nodeName }',
    ],
    [
      'the interface of all objects',
      '{ pods { items { ...O } } widgets { items { ...O } } } fragment O on KubernetesObject { id kind metadata { name labels } raw yaml }',
    ],
    [
      'a kind under the interface',
      '{ object(id: "x") { kind ... on CoreV1Pod { spec { nodeName } } ... on ExampleComV1Widget { status { ready } } } }',
    ],
    [
      'what surrounds objects, in fragments behind',
      '{ pods { ...C } } fragment C on CoreV1PodConnection { edges { ...E } pageInfo { ...P } } fragment E on CoreV1PodEdge { node { kind } } fragment P on PageInfo { endCursor }',
    ],
    [
      'what surrounds objects, in fragments before',
      'fragment C on CoreV1PodConnection { items { kind } } query { pods { ...C } }',
    ],
    [
      'an event, in a fragment before',
      'fragment V on CoreV1PodEvent { type object { kind } } subscription { pods { ...V } }',
    ],
    [
      'a deletion, in a fragment before',
      'fragment D on CoreV1PodDeletion { pending } mutation { deletePod(namespace: "a", name: "b") { ...D } }',
    ],
    [
      'an input as a variable',
      'mutation ($pod: CoreV1PodInput!) { createPod(namespace: "a", input: $pod) { kind } }',
    ],
    [
      'an enum of an input as a variable',
      'mutation ($p: CoreV1ContainerPortProtocolInput) { createPod(namespace: "a", input: { spec: { containers: [{ ports: [{ protocol: $p }] }] } }) { kind } }',
    ],
    [
      'a scalar as a variable',
      'mutation ($p: JSON!) { patchPod(namespace: "a", name: "b", patch: $p) { kind } }',
    ],
    ['a resource without any schema', '{ bares { items { kind metadata { name } raw } } }'],
    [
      'a field whose own name is illegal',
      '{ widgets { items { spec { _ref x_kubernetes_foo cephfs_mirror some_key some_key_ _secret _2fast } } } }',
    ],
    ['introspection', '{ __schema { queryType { name } } __type(name: "CoreV1Pod") { kind } }'],
  ])('accepts %s', async (_, document) => {
    expect(await problems(document)).toEqual([]);
  });

  it.each([
    [
      '{ pod(name: "a", namespace: "b") { specs { nodeName } } }',
      'Cannot query field "specs" on type "CoreV1Pod". Did you mean "spec"?',
    ],
    ['{ pds { items { kind } } }', /^Cannot query field "pds" on type "Query"\. Did you mean .*"pods"/],
    [
      '{ pods { items { spec { containers { img } } } } }',
      /Cannot query field "img" on type "CoreV1Container"/,
    ],
    [
      '{ pods(lableSelector: "a") { items { kind } } }',
      /^Unknown argument "lableSelector" on field "Query\.pods"\. Did you mean "labelSelector"/,
    ],
    ['mutation { creatPod(input: {}) { kind } }', /Did you mean .*"createPod"/],
    ['{ ...F } fragment F on CoreV1Podd { kind }', /^Unknown type "CoreV1Podd"\./],
    ['query ($x: CoreV1PdInput) { pods { items { kind } } }', /^Unknown type "CoreV1PdInput"\./],
    ['{ pod(namespace: "a") { kind } }', /argument "name" of type "String!" is required/],
    ['{ pods { items } }', /must have a selection of subfields/],
  ])('refuses %s and helps', async (document, message) => {
    expect((await problems(document))[0]).toEqual(
      typeof message === 'string' ? message : expect.stringMatching(message),
    );
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'takes %s for a name like any other',
    async (name) => {
      expect(await problems(`query { ...F } fragment F on ${name} { kind }`)).toEqual([
        expect.stringMatching(`^Unknown type "${name}"`),
      ]);
      expect(await problems(`query ($x: ${name}) { version { major @skip(if: $x) } }`)).toContainEqual(
        expect.stringMatching(`^Unknown type "${name}"`),
      );
      expect(await problems(`{ ${name} { kind } }`)).toEqual([
        expect.stringMatching(`^Cannot query field "${name}" on type "Query"`),
      ]);
    },
  );

  it('refuses a mutation and a subscription where nothing can be written or watched', async () => {
    const { run, defects } = await testEngine({ cluster: [] });
    for (const operation of ['mutation', 'subscription']) {
      expect(codesOf(await run(`${operation} { createPod { kind } }`))).toEqual([
        'GRAPHQL_VALIDATION_FAILED',
      ]);
    }
    expect(defects).toEqual([]);
  });
});
