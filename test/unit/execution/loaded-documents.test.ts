import { describe, expect, it } from 'vitest';
import { openApiFixture } from '../support/openapi-fixtures.ts';
import { STANDARD_CLUSTER } from '../support/standard-cluster.ts';
import type { StubApiServer } from '../support/stub-api-server.ts';
import { type StubGroupVersion, stubResource } from '../support/stub-resources.ts';
import { testEngine } from '../support/test-engine.ts';

/** The standard cluster and twenty custom groups more: `g0.example.com` to `g19.example.com`, each with Widgets. */
const LARGE_CLUSTER: readonly StubGroupVersion[] = [
  ...STANDARD_CLUSTER,
  ...Array.from({ length: 20 }, (_, index) => customGroup(`g${index}.example.com`)),
];

function customGroup(group: string): StubGroupVersion {
  return {
    group,
    version: 'v1',
    openApi: openApiFixture('example-v1').replaceAll('example.com', group),
    resources: [stubResource({ group, kind: 'Widget', plural: 'widgets' })],
  };
}

/** The group-versions whose OpenAPI documents were asked for, each as often as it was. */
function documentsAskedFor({ requests }: StubApiServer): readonly string[] {
  const prefix = '/openapi/v3/';
  return requests
    .filter(({ path }) => path.startsWith(prefix))
    .map(({ path }) => path.slice(prefix.length))
    .sort();
}

const NAMES = '{ items { metadata { name } } }';

describe('the OpenAPI documents of a cluster with many groups', () => {
  it('are loaded for the five groups that a query touches, and for no other', async () => {
    const { run, stub } = await testEngine({ cluster: LARGE_CLUSTER });
    const { errors } = await run(`{
      pods ${NAMES}
      deployments ${NAMES}
      customResourceDefinitions ${NAMES}
      g3ExampleComV1Widgets ${NAMES}
      g17ExampleComV1Widgets ${NAMES}
    }`);
    expect(errors).toEqual([]);
    expect(documentsAskedFor(stub)).toEqual([
      'api/v1',
      'apis/apiextensions.k8s.io/v1',
      'apis/apps/v1',
      'apis/g17.example.com/v1',
      'apis/g3.example.com/v1',
    ]);
  });

  it('are loaded for the types that only a fragment names', async () => {
    const { run, stub } = await testEngine({ cluster: LARGE_CLUSTER });
    await run('query ($id: ID!) { object(id: $id) { ... on G7ExampleComV1Widget { metadata { name } } } }', {
      variables: { id: 'unknown' },
    });
    expect(documentsAskedFor(stub)).toEqual(['apis/g7.example.com/v1']);
  });

  it('are loaded once, however many queries touch them', async () => {
    const { run, stub } = await testEngine({ cluster: LARGE_CLUSTER });
    for (const query of [
      `{ pods ${NAMES} }`,
      `{ nodes ${NAMES} }`,
      `{ pods ${NAMES} g3ExampleComV1Widgets ${NAMES} }`,
    ])
      await run(query);
    expect(documentsAskedFor(stub)).toEqual(['api/v1', 'apis/g3.example.com/v1']);
  });

  it('are not loaded for what needs none of them', async () => {
    const { run, stub } = await testEngine({ cluster: LARGE_CLUSTER });
    await run('{ version { gitVersion } apiVersions { groupVersion } }');
    expect(documentsAskedFor(stub)).toEqual([]);
  });
});
