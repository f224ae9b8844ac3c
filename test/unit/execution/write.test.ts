import { describe, expect, it } from 'vitest';
import { codesOf, testEngine } from '../support/test-engine.ts';
import { head, send } from './sent.ts';

const STRICT = { fieldManager: 'kubegraph', fieldValidation: 'Strict' };

describe('create', () => {
  it('posts the object, with apiVersion and kind filled in', async () => {
    const sent = await send(
      'mutation { createConfigMap(namespace: "shop", input: { metadata: { name: "a" }, data: { k: "v" } }) { kind data } }',
    );
    expect(head(sent)).toEqual(['POST', '/api/v1/namespaces/shop/configmaps', STRICT, 'application/json']);
    expect(sent.body).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a' },
      data: { k: 'v' },
    });
    expect(sent.answer.text).toBe('{"data":{"createConfigMap":{"kind":"ConfigMap","data":{"k":"v"}}}}');
  });

  it("takes the namespace of the object's own metadata, and that of the argument first", async () => {
    const own = await send(
      'mutation { createWidget(input: { metadata: { name: "a", namespace: "own" } }) { kind } }',
    );
    expect(own.request.path).toBe('/apis/example.com/v1/namespaces/own/widgets');
    const argument = await send(
      'mutation { createWidget(namespace: "arg", input: { metadata: { name: "a", namespace: "own" } }) { kind } }',
    );
    expect(argument.request.path).toBe('/apis/example.com/v1/namespaces/arg/widgets');
  });

  it('of something cluster-wide has no namespace in its path', async () => {
    const sent = await send('mutation { createPlugin(input: { metadata: { name: "a" } }) { kind } }');
    expect(sent.request.path).toBe('/apis/example.com/v1/plugins');
  });

  it('without a namespace is refused before anything is sent', async () => {
    const { run, stub } = await testEngine();
    expect(
      codesOf(await run('mutation { createConfigMap(input: { metadata: { name: "a" } }) { kind } }')),
    ).toEqual(['BAD_USER_INPUT']);
    expect(stub.calls).toEqual([]);
  });

  it('says how it is meant: dry run, field manager, validation', async () => {
    const { request } = await send(
      'mutation { createConfigMap(namespace: "shop", dryRun: true, fieldManager: "me", fieldValidation: WARN, input: {}) { kind } }',
    );
    expect(request.query).toEqual({ dryRun: 'All', fieldManager: 'me', fieldValidation: 'Warn' });
  });

  it('keeps null, and leaves out what is absent', async () => {
    const { request } = await send(
      'mutation ($input: CoreV1PodInput!) { createPod(namespace: "a", input: $input) { kind } }',
      {
        input: {
          metadata: { labels: null },
          spec: { nodeName: null, containers: [{ name: 'c', env: [{ name: 'E', value: null }] }] },
        },
      },
    );
    expect(request.body).toBe(
      '{"apiVersion":"v1","kind":"Pod","metadata":{"labels":null},"spec":{"containers":[{"env":[{"name":"E","value":null}],"name":"c"}],"nodeName":null}}',
    );
  });

  it('keeps every digit, from literals and from text in variables', async () => {
    const { request } = await send(
      'mutation ($n: Int64) { createWidget(namespace: "a", input: { spec: { serial: 9223372036854775807, count: $n, ratio: 9007199254740993, anything: { deep: [9007199254740993] } } }) { kind } }',
      { n: '-9223372036854775808' },
    );
    expect(request.body).toContain('"serial":9223372036854775807');
    expect(request.body).toContain('"count":-9223372036854775808');
    expect(request.body).toContain('"ratio":9007199254740993');
    expect(request.body).toContain('"anything":{"deep":[9007199254740993]}');
  });

  it('of a number that a variable may have rounded is refused before anything is sent', async () => {
    const { run, stub } = await testEngine();
    const answer = await run(
      'mutation ($input: ExampleComV1WidgetInput!) { createWidget(namespace: "a", input: $input) { kind } }',
      { variables: { input: { spec: { ratio: 2 ** 53 } } } },
    );
    expect([codesOf(answer), stub.calls]).toEqual([['BAD_USER_INPUT'], []]);
    expect(answer.errors[0]?.message).toMatch(/"input\.spec\.ratio".*beyond 2\^53/);
  });

  it('gives renamed fields their own names back, at every level', async () => {
    const { body } = await send(
      'mutation { createWidget(namespace: "a", input: { spec: { _ref: "r", x_kubernetes_foo: true, cephfs_mirror: "m", some_key: 1, some_key_: "dash", _secret: "s" } }) { spec { _ref x_kubernetes_foo some_key some_key_ } } }',
    );
    expect(body).toMatchObject({
      spec: {
        $ref: 'r',
        'x-kubernetes-foo': true,
        'cephfs-mirror': 'm',
        some_key: 1,
        'some-key': 'dash',
        __secret: 's',
      },
    });
  });

  it('reads them back under the same names', async () => {
    const { answer } = await send(
      'mutation { createWidget(namespace: "a", input: { spec: { _ref: "r", some_key: 1, some_key_: "dash" } }) { spec { _ref some_key some_key_ } } }',
    );
    expect(answer.data).toEqual({ createWidget: { spec: { _ref: 'r', some_key: 1, some_key_: 'dash' } } });
  });

  it('joins `raw` with the typed fields, which win', async () => {
    const { body } = await send(
      'mutation { createWidget(namespace: "a", input: { spec: { options: { known: "typed", raw: { known: "raw", other: [1] } } } }) { kind } }',
    );
    expect(body).toMatchObject({ spec: { options: { known: 'typed', other: [1] } } });
  });

  it('takes the values of an enum as text, and refuses others', async () => {
    const mutation = (color: string): string =>
      `mutation { createWidget(namespace: "a", input: { spec: { color: ${color}, tags: [NEW], mode: "read-write" } }) { kind } }`;
    expect((await send(mutation('red'))).body).toMatchObject({
      spec: { color: 'red', tags: ['NEW'], mode: 'read-write' },
    });
    const { run, stub } = await testEngine();
    expect(codesOf(await run(mutation('blue')))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(stub.calls).toEqual([]);
  });
});

describe('replace', () => {
  it('puts the whole object under its name', async () => {
    const sent = await send(
      'mutation { replaceConfigMap(namespace: "shop", name: "a", input: { metadata: { resourceVersion: "7" }, data: { k: "v" } }) { kind } }',
    );
    expect(head(sent)).toEqual(['PUT', '/api/v1/namespaces/shop/configmaps/a', STRICT, 'application/json']);
    expect(sent.body).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', resourceVersion: '7' },
      data: { k: 'v' },
    });
  });

  it("takes name and namespace of the object's own metadata", async () => {
    const { request } = await send(
      'mutation { replaceConfigMap(input: { metadata: { name: "a", namespace: "own" } }) { kind } }',
    );
    expect(request.path).toBe('/api/v1/namespaces/own/configmaps/a');
  });

  it('without a name is refused before anything is sent', async () => {
    const { run, stub } = await testEngine();
    expect(codesOf(await run('mutation { replaceConfigMap(namespace: "a", input: {}) { kind } }'))).toEqual([
      'BAD_USER_INPUT',
    ]);
    expect(stub.calls).toEqual([]);
  });
});

describe('patch', () => {
  it.each([
    ['', 'application/merge-patch+json', '{ data: { a: null, x: 1 } }', { data: { a: null, x: 1 } }],
    [', type: MERGE', 'application/merge-patch+json', '{ data: { a: null } }', { data: { a: null } }],
    [
      ', type: STRATEGIC',
      'application/strategic-merge-patch+json',
      '{ spec: { replicas: 2 } }',
      { spec: { replicas: 2 } },
    ],
    [
      ', type: JSON',
      'application/json-patch+json',
      '[{ op: "remove", path: "/data/a" }]',
      [{ op: 'remove', path: '/data/a' }],
    ],
  ])('%s is sent as it is, as %s', async (type, contentType, patch, body) => {
    const sent = await send(
      `mutation { patchConfigMap(namespace: "shop", name: "a", patch: ${patch}${type}) { kind } }`,
    );
    expect(head(sent)).toEqual(['PATCH', '/api/v1/namespaces/shop/configmaps/a', STRICT, contentType]);
    expect(sent.body).toEqual(body);
  });

  it('takes keys that no GraphQL literal has, in variables', async () => {
    const patch = { metadata: { annotations: { 'example.com/a': null, b: '1' } } };
    const { body } = await send('mutation ($patch: JSON!) { patchNode(name: "n", patch: $patch) { kind } }', {
      patch,
    });
    expect(body).toEqual(patch);
  });
});

describe('apply', () => {
  it('is a patch of its own kind under a field manager, with the name in the object too', async () => {
    const sent = await send(
      'mutation { applyConfigMap(namespace: "shop", name: "a", input: { data: { k: "v" } }) { kind } }',
    );
    expect(head(sent)).toEqual([
      'PATCH',
      '/api/v1/namespaces/shop/configmaps/a',
      { fieldManager: 'kubegraph' },
      'application/apply-patch+yaml',
    ]);
    expect(sent.body).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a' },
      data: { k: 'v' },
    });
  });

  it('takes over fields only when told so', async () => {
    const { request } = await send(
      'mutation { applyConfigMap(namespace: "shop", name: "a", force: true, fieldManager: "ci", dryRun: true, input: {}) { kind } }',
    );
    expect(request.query).toEqual({ fieldManager: 'ci', force: 'true', dryRun: 'All' });
  });
});

it('sends nothing at all in read-only mode', async () => {
  const { run, stub } = await testEngine({ readOnly: true });
  const answer = await run(
    'mutation { deletePod(namespace: "a", name: "b") { pending } createConfigMap(namespace: "a", input: {}) { kind } }',
  );
  expect(codesOf(answer)).toEqual(['READ_ONLY', 'READ_ONLY']);
  expect(stub.calls).toEqual([]);
});
