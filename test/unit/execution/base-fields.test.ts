import { describe, expect, it } from 'vitest';
import { CONFIG_MAPS, NODES, WIDGETS, STANDARD_CLUSTER } from '../support/standard-cluster.ts';
import { stubGroupVersion, stubResource } from '../support/stub-resources.ts';
import { codesOf, testEngine, valueOf } from '../support/test-engine.ts';

describe('apiResources', () => {
  it('lists what `kubectl api-resources` lists, and the fields that reach it', async () => {
    const { run } = await testEngine();
    const answer = await run(`{ apiResources(group: "") {
      name singularName shortNames apiVersion kind namespaced verbs categories stability preferred fields { list get shortList shortGet }
    } }`);
    expect((valueOf(answer, 'apiResources') as unknown[])[0]).toEqual({
      name: 'pods',
      singularName: 'pod',
      shortNames: ['po'],
      apiVersion: 'v1',
      kind: 'Pod',
      namespaced: true,
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      categories: ['all'],
      stability: 'STABLE',
      preferred: true,
      fields: { list: 'coreV1Pods', get: 'coreV1Pod', shortList: 'pods', shortGet: 'pod' },
    });
  });

  it.each([
    ['group: "apps"', ['deployments']],
    ['group: "example.com", namespaced: false', ['plugins']],
    ['categories: ["all"]', ['pods', 'deployments']],
    ['verbs: ["impossible"]', []],
    ['version: "v2"', []],
    ['stability: ALPHA', []],
    [
      'stability: [STABLE, ALPHA], namespaced: false',
      ['nodes', 'namespaces', 'customresourcedefinitions', 'plugins'],
    ],
  ])('narrows by %s', async (args, names) => {
    const { run } = await testEngine();
    const { data } = await run(`{ apiResources(${args}) { name } }`);
    expect(data).toEqual({ apiResources: names.map((name) => ({ name })) });
  });

  it('names the fields of every operation that its verbs allow', async () => {
    const widgets = stubResource({
      group: 'z.example.com',
      kind: 'Gadget',
      plural: 'gadgets',
      verbs: ['create', 'deletecollection', 'list', 'watch'],
    });
    const { run } = await testEngine({
      cluster: [{ group: 'z.example.com', version: 'v1', resources: [widgets] }],
    });
    const { data } = await run(`{ apiResources { fields {
      list get watch create replace patch apply delete deleteCollection
      shortList shortGet shortWatch shortCreate shortReplace shortPatch shortApply shortDelete shortDeleteCollection
    } } }`);
    const none = { get: null, replace: null, patch: null, apply: null, delete: null };
    const noneShort = {
      shortGet: null,
      shortReplace: null,
      shortPatch: null,
      shortApply: null,
      shortDelete: null,
    };
    expect(data).toEqual({
      apiResources: [
        {
          fields: {
            ...none,
            ...noneShort,
            list: 'zExampleComV1Gadgets',
            watch: 'zExampleComV1Gadgets',
            create: 'createZExampleComV1Gadget',
            deleteCollection: 'deleteZExampleComV1Gadgets',
            shortList: 'gadgets',
            shortWatch: 'gadgets',
            shortCreate: 'createGadget',
            shortDeleteCollection: 'deleteGadgets',
          },
        },
      ],
    });
  });

  it('lists what the schema does not show, without fields', async () => {
    const { run } = await testEngine({
      cluster: [...STANDARD_CLUSTER, stubGroupVersion('z.example.com', 'v1alpha1', { Gadget: 'gadgets' })],
    });
    const { data } = await run(
      '{ apiResources(stability: ALPHA) { apiVersion name preferred fields { list create shortList } } }',
    );
    expect(data).toEqual({
      apiResources: [
        {
          apiVersion: 'z.example.com/v1alpha1',
          name: 'gadgets',
          preferred: false,
          fields: { list: null, create: null, shortList: null },
        },
      ],
    });
  });

  it('names no short field that means another resource', async () => {
    const { run } = await testEngine({
      cluster: [...STANDARD_CLUSTER, stubGroupVersion('z.example.com', 'v1beta1', { Pod: 'pods' })],
    });
    const { data } = await run(
      '{ apiResources(group: "z.example.com") { stability fields { list shortList } } }',
    );
    expect(data).toEqual({
      apiResources: [{ stability: 'BETA', fields: { list: 'zExampleComV1beta1Pods', shortList: null } }],
    });
  });
});

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

describe('explain', () => {
  const EVERYTHING =
    'group version kind path field type required enum description fields { name path type required enum description } text';

  it('says what kubectl explain says, in parts and as text', async () => {
    const { run } = await testEngine();
    const answer = await run(`{ explain(path: "widget.spec.mode") { ${EVERYTHING} } }`);
    expect(valueOf(answer, 'explain')).toEqual({
      group: 'example.com',
      version: 'v1',
      kind: 'Widget',
      path: 'widget.spec.mode',
      field: 'mode',
      type: 'string',
      required: false,
      enum: ['', 'read-write'],
      description: null,
      fields: [],
      text: [
        'GROUP:      example.com',
        'KIND:       Widget',
        'VERSION:    v1',
        '',
        'FIELD: mode <string>',
        'ENUM:',
        '    ""',
        '    read-write',
        '',
        'DESCRIPTION:',
        '    <empty>',
        '',
        '',
      ].join('\n'),
    });
  });

  it.each([
    ['path: "widgets"', 'Widget', ['apiVersion', 'kind', 'metadata', 'spec', 'status']],
    ['path: "widgets.example.com.spec.byName"', 'Widget', ['weight']],
    [
      'path: "po.spec.containers.ports", apiVersion: "v1"',
      'Pod',
      ['containerPort', 'hostIP', 'hostPort', 'name', 'protocol'],
    ],
    ['path: "exampleComV1Widgets.status"', 'Widget', ['conditions', 'ready']],
    [
      'path: "exampleComV1Widget.status", recursive: true',
      'Widget',
      ['conditions', 'status', 'type', 'ready'],
    ],
    [
      'path: "coreV1Pod.spec.containers.ports", apiVersion: "v1"',
      'Pod',
      ['containerPort', 'hostIP', 'hostPort', 'name', 'protocol'],
    ],
    ['path: "bare"', 'Bare', []],
  ])('explains %s', async (args, kind, names) => {
    const { run } = await testEngine();
    const { data } = await run(`{ explain(${args}) { kind fields { name } } }`);
    expect(data).toEqual({ explain: { kind, fields: names.map((name) => ({ name })) } });
  });

  it('explains types that contain themselves, which the schema has as JSON', async () => {
    const { run } = await testEngine();
    const path = 'customresourcedefinitions.spec.versions.schema.openAPIV3Schema.properties.properties';
    const { data } = await run(`{ explain(path: "${path}") { type fields { name type } } }`);
    expect(data).toMatchObject({ explain: { type: 'map[string]JSONSchemaProps' } });
  });

  it.each([
    ['path: "widgetz"', 'NOT_FOUND', 'Did you mean "widget" or "widgets"?'],
    [
      'path: "widgets.spec.sise"',
      'NOT_FOUND',
      'field "sise" does not exist in widgets.spec. Did you mean "size"?',
    ],
    ['path: "pods", apiVersion: "apps/v1"', 'NOT_FOUND', 'doesn\'t have a resource type "pods" in "apps/v1"'],
    ['path: "pods[0]"', 'BAD_USER_INPUT', 'no path'],
  ])('refuses %s', async (args, code, message) => {
    const { run, defects } = await testEngine();
    const answer = await run(`{ explain(${args}) { kind } version { major } }`);
    expect([codesOf(answer), defects]).toEqual([[code], []]);
    expect(answer.errors[0]?.message).toContain(message);
    expect(answer.data).toEqual({ explain: null, version: { major: '1' } });
  });

  it('cannot explain a kind that the API server does not describe', async () => {
    const { run } = await testEngine({
      cluster: [stubGroupVersion('z.example.com', 'v1', { Gadget: 'gadgets' })],
    });
    const answer = await run('{ explain(path: "gadgets") { kind } }');
    expect([codesOf(answer), answer.errors[0]?.message]).toEqual([
      ['NOT_FOUND'],
      'the API server does not describe z.example.com/v1 Gadget',
    ]);
  });

  it('counts against the memory of its operation', async () => {
    const { run } = await testEngine({ maxBytes: 1_000 });
    const answer = await run('{ explain(path: "pods", recursive: true) { text } }');
    expect(codesOf(answer)).toEqual(['RESULT_TOO_LARGE']);
  });
});

function idOf(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}
