import { describe, expect, it } from 'vitest';
import { CONFIG_MAPS, NODES, STANDARD_CLUSTER, WIDGETS } from '../support/standard-cluster.ts';
import { stubGroupVersion } from '../support/stub-resources.ts';
import { codesOf, testEngine } from '../support/test-engine.ts';

it('apiVersions lists what `kubectl api-versions` lists, stale ones included', async () => {
  const { run } = await testEngine({
    cluster: [
      ...STANDARD_CLUSTER.slice(0, 1),
      stubGroupVersion('x.example.com', 'v1', { A: 'as' }),
      { ...stubGroupVersion('x.example.com', 'v1beta1', {}), stale: true },
    ],
  });
  const { data } = await run('{ apiVersions { apiVersion group preferred stale stability } }');
  expect(data).toEqual({
    apiVersions: [
      { apiVersion: 'v1', group: '', preferred: true, stale: false, stability: 'STABLE' },
      {
        apiVersion: 'x.example.com/v1',
        group: 'x.example.com',
        preferred: true,
        stale: false,
        stability: 'STABLE',
      },
      {
        apiVersion: 'x.example.com/v1beta1',
        group: 'x.example.com',
        preferred: false,
        stale: true,
        stability: 'BETA',
      },
    ],
  });
});

it('version is that of the API server', async () => {
  const { run } = await testEngine();
  expect((await run('{ version { gitVersion platform } }')).text).toBe(
    '{"data":{"version":{"gitVersion":"v1.36.3","platform":null}}}',
  );
});

describe('object', () => {
  it('fetches any object again by the id that it had', async () => {
    const { run, stub } = await testEngine();
    stub
      .collection(CONFIG_MAPS)
      .put({ metadata: { name: 'a', namespace: 'x', uid: 'u1' }, data: { k: 'v' } });
    stub.collection(NODES).put({ metadata: { name: 'n', uid: 'u2' } });
    stub.collection(WIDGETS).put({ metadata: { name: 'w', namespace: 'x', uid: 'u3' }, spec: { size: 3 } });
    const { data } = await run(
      '{ a: configMaps { items { id } } b: nodes { items { id } } c: widgets { items { id } } }',
    );
    const ids = Object.values(data ?? {}).map((list) => (list as { items: { id: string }[] }).items[0]?.id);
    const again = [];
    for (const id of ids) {
      const query = `query ($id: ID!) { object(id: $id) { id __typename metadata { name }
        ... on CoreV1ConfigMap { data } ... on ExampleComV1Widget { spec { size } } ... on KubernetesObject { kind } } }`;
      again.push((await run(query, { variables: { id } })).data?.['object']);
    }
    expect(again).toEqual([
      {
        id: ids[0],
        __typename: 'CoreV1ConfigMap',
        metadata: { name: 'a' },
        data: { k: 'v' },
        kind: 'ConfigMap',
      },
      { id: ids[1], __typename: 'CoreV1Node', metadata: { name: 'n' }, kind: 'Node' },
      {
        id: ids[2],
        __typename: 'ExampleComV1Widget',
        metadata: { name: 'w' },
        spec: { size: 3 },
        kind: 'Widget',
      },
    ]);
  });

  it.each([
    ['', 'BAD_USER_INPUT'],
    ['nonsense', 'BAD_USER_INPUT'],
    [idOf(['', 'v1', 'configmaps', 'x', 'a/../b']), 'BAD_USER_INPUT'],
    [idOf(['', 'v1', 'configmaps', '..', 'a']), 'BAD_USER_INPUT'],
    [idOf(['', 'v1', 'configmaps', 'x', '']), 'BAD_USER_INPUT'],
    [idOf(['', 'v1', 'unknowns', 'x', 'a']), 'NOT_FOUND'],
    [idOf(['', 'v1', 'pods/x/log', 'x', 'a']), 'NOT_FOUND'],
    [idOf(['gone.example.com', 'v1', 'things', 'x', 'a']), 'NOT_FOUND'],
    [idOf(['', 'v1', 'configmaps', 'x']), 'BAD_USER_INPUT'],
  ])('refuses an id that means nothing, before anything is sent: %s', async (id, code) => {
    const { run, stub, defects } = await testEngine();
    const answer = await run('query ($id: ID!) { object(id: $id) { kind } }', { variables: { id } });
    expect([codesOf(answer), stub.calls, defects]).toEqual([[code], [], []]);
  });
});

describe('raw', () => {
  it('answers JSON as it is, and other text as a string', async () => {
    const { run, stub } = await testEngine();
    stub.on('GET', '/healthz', { body: 'ok', contentType: 'text/plain' });
    stub.on('GET', '/metrics.json', { body: '{"n":9007199254740993}' });
    const { text } = await run('{ a: raw(path: "/healthz?verbose=1") b: raw(path: "/metrics.json") }');
    expect(text).toBe('{"data":{"a":"ok","b":{"n":9007199254740993}}}');
    expect(stub.calls).toContain('GET /healthz?verbose=1');
  });

  it.each([
    'healthz',
    '//evil.example.com/',
    'http://evil.example.com/',
    '/api/v1/pods?watch=1',
    '/api/v1/namespaces/a/pods/b/log?follow=true',
    '/api/v1/namespaces/a/pods/b/exec?command=sh',
    '/api/v1/namespaces/a/pods/b/attach',
    '/api/v1/namespaces/a/pods/b/portforward',
    '/api/v1/namespaces/a/services/b/proxy/admin',
    '/api/v1/nodes/n/proxy/exec',
    '/api/v1/namespaces/a/pods/../pods/b/exec',
    '/api/v1/namespaces/a/pods/b/%65xec',
    '/api/v1/n%6Fdes/n/%70roxy/metrics',
    '/api/v1/namespaces/a/pods/b%2Fexec',
    '/api/v1/namespaces/a/pods/b//exec',
    '/api/v1/watch/pods',
  ])('sends nothing for %s', async (path) => {
    const { run, stub } = await testEngine();
    const answer = await run('query ($path: String!) { raw(path: $path) }', { variables: { path } });
    expect([codesOf(answer), stub.calls]).toEqual([['BAD_USER_INPUT'], []]);
  });
});

function idOf(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}
