import { expect, it } from 'vitest';
import { NODES, PODS, WIDGETS } from '../support/standard-cluster.ts';
import { testEngine, type TestEngine } from '../support/test-engine.ts';

const POD = `{
  "metadata": { "name": "web", "namespace": "shop", "labels": { "app.kubernetes.io/name": "web", "b": "2", "a": "1" } },
  "spec": { "nodeName": "n1", "containers": [ { "name": "c", "ports": [ { "containerPort": 80 }, { "containerPort": 443 } ] } ],
            "tolerations": [ { "key": "k", "tolerationSeconds": 9223372036854775807 } ] },
  "status": { "phase": "Running", "startTime": "2026-01-01T00:00:00Z" }
}`;

async function shop(): Promise<TestEngine> {
  const engine = await testEngine();
  engine.stub.collection(PODS).put(POD);
  return engine;
}

/** The value of `pod` for a selection on it, as text. */
async function select(
  selection: string,
  more = '',
  variables: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const { run } = await shop();
  const declared = Object.keys(variables).map((name) => `$${name}: Boolean!`);
  const head = declared.length === 0 ? 'query' : `query (${declared.join(', ')})`;
  const { text } = await run(`${head} { pod(namespace: "shop", name: "web") { ${selection} } } ${more}`, {
    variables,
  });
  expect(text.startsWith('{"data":{"pod":')).toBe(true);
  return text.slice('{"data":{"pod":'.length, -2);
}

it.each([
  [
    'fields in the order of the selection',
    'status { phase } kind metadata { namespace name }',
    '{"status":{"phase":"Running"},"kind":"Pod","metadata":{"namespace":"shop","name":"web"}}',
  ],
  [
    'aliases, of one field more than once',
    'a: kind b: kind m: metadata { n: name }',
    '{"a":"Pod","b":"Pod","m":{"n":"web"}}',
  ],
  [
    'the type name at every level',
    '__typename metadata { __typename } spec { t: __typename }',
    '{"__typename":"CoreV1Pod","metadata":{"__typename":"ObjectMeta"},"spec":{"t":"CoreV1PodSpec"}}',
  ],
  [
    'null for what is absent',
    'spec { restartPolicy nodeSelector } status { conditions { type } }',
    '{"spec":{"restartPolicy":null,"nodeSelector":null},"status":{"conditions":null}}',
  ],
  [
    'lists of objects',
    'spec { containers { name ports { containerPort name } } }',
    '{"spec":{"containers":[{"name":"c","ports":[{"containerPort":80,"name":null},{"containerPort":443,"name":null}]}]}}',
  ],
  [
    'every digit of a number',
    'spec { tolerations { tolerationSeconds } }',
    '{"spec":{"tolerations":[{"tolerationSeconds":9223372036854775807}]}}',
  ],
  [
    'a map with its keys and their order',
    'metadata { labels }',
    '{"metadata":{"labels":{ "app.kubernetes.io/name": "web", "b": "2", "a": "1" }}}',
  ],
  [
    'one field selected twice as one, with both selections',
    'metadata { name } kind metadata { namespace name }',
    '{"metadata":{"name":"web","namespace":"shop"},"kind":"Pod"}',
  ],
])('answers %s', async (_, selection, json) => {
  expect(await select(selection)).toBe(json);
});

it.each([
  ['spread', '...F', 'fragment F on CoreV1Pod { kind metadata { name } }'],
  ['nested', '...F', 'fragment F on CoreV1Pod { kind ...G } fragment G on CoreV1Pod { metadata { name } }'],
  ['inline', '... on CoreV1Pod { kind } ... { metadata { name } }', ''],
  [
    'on the interface',
    '...F',
    'fragment F on KubernetesObject { kind metadata { ...M } } fragment M on ObjectMeta { name }',
  ],
  ['spread twice', '...F ...F', 'fragment F on CoreV1Pod { kind metadata { name } }'],
])('flattens fragments: %s', async (_, selection, more) => {
  expect(await select(selection, more)).toBe('{"kind":"Pod","metadata":{"name":"web"}}');
});

it.each([
  ['kind @skip(if: $yes) apiVersion', '{"apiVersion":"v1"}'],
  ['kind @include(if: $no) apiVersion', '{"apiVersion":"v1"}'],
  ['kind @skip(if: $no) @include(if: $yes)', '{"kind":"Pod"}'],
  ['kind @skip(if: $yes) @include(if: $yes) apiVersion', '{"apiVersion":"v1"}'],
  ['... @include(if: $no) { kind } apiVersion', '{"apiVersion":"v1"}'],
  ['...F @skip(if: $yes) apiVersion', '{"apiVersion":"v1"}'],
  ['metadata { name @skip(if: $yes) namespace }', '{"metadata":{"namespace":"shop"}}'],
  ['metadata @skip(if: $yes) { name } metadata { namespace }', '{"metadata":{"namespace":"shop"}}'],
])('decides @skip and @include by variables: %s', async (selection, json) => {
  const more = selection.includes('...F') ? 'fragment F on CoreV1Pod { kind }' : '';
  const used = { yes: true, no: false };
  expect(await select(selection, more, pick(used, selection))).toBe(json);
});

it('decides them anew for the same document with other variables', async () => {
  const { run } = await shop();
  const query =
    'query ($full: Boolean!) { pod(namespace: "shop", name: "web") { kind status @include(if: $full) { phase } } }';
  const texts = [];
  for (const full of [true, false, true]) texts.push((await run(query, { variables: { full } })).text);
  expect(texts).toEqual([
    '{"data":{"pod":{"kind":"Pod","status":{"phase":"Running"}}}}',
    '{"data":{"pod":{"kind":"Pod"}}}',
    '{"data":{"pod":{"kind":"Pod","status":{"phase":"Running"}}}}',
  ]);
});

it('answers root fields in the order of the document, under their aliases', async () => {
  const { run, stub } = await shop();
  stub.collection(NODES).put({ metadata: { name: 'n1' } });
  const { text } = await run(`{
    z: node(name: "n1") { metadata { name } }
    __typename
    a: pod(namespace: "shop", name: "web") { kind }
  }`);
  expect(text).toBe('{"data":{"z":{"metadata":{"name":"n1"}},"__typename":"Query","a":{"kind":"Pod"}}}');
});

it('says what built-in list items leave out, and keeps what custom ones say', async () => {
  const { run, stub } = await shop();
  stub.collection(WIDGETS).put({ metadata: { name: 'w', namespace: 'shop' } });
  const { text } = await run(
    '{ pods { items { apiVersion kind } } widgets { items { apiVersion kind raw } } }',
  );
  expect(text).toBe(
    '{"data":{"pods":{"items":[{"apiVersion":"v1","kind":"Pod"}]},"widgets":{"items":[{"apiVersion":"example.com/v1","kind":"Widget","raw":{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"w","namespace":"shop"}}}]}}}',
  );
});

it('answers the whole object as JSON and as YAML, digit for digit', async () => {
  const { run } = await shop();
  const { data, text } = await run('{ pods { items { raw yaml } } }');
  expect(text).toContain('"raw":{"kind":"Pod","apiVersion":"v1",');
  expect(text).toContain('"tolerationSeconds": 9223372036854775807');
  expect(data).toMatchObject({
    pods: { items: [{ yaml: expect.stringContaining('tolerationSeconds: 9223372036854775807\n') }] },
  });
});

it('answers keys that GraphQL has no name for', async () => {
  const { run, stub } = await shop();
  stub.collection(WIDGETS).put({
    metadata: { name: 'w', namespace: 'shop' },
    spec: {
      $ref: 'r',
      'x-kubernetes-foo': true,
      'some-key': 'dash',
      some_key: 1,
      options: { known: 'k', other: [1] },
    },
  });
  const { text } = await run(
    '{ widget(namespace: "shop", name: "w") { spec { _ref x_kubernetes_foo some_key_ some_key options { known raw } } } }',
  );
  expect(text).toBe(
    '{"data":{"widget":{"spec":{"_ref":"r","x_kubernetes_foo":true,"some_key_":"dash","some_key":1,"options":{"known":"k","raw":{"known":"k","other":[1]}}}}}}',
  );
});

it('refuses fragments that multiply into more fields than any answer could hold', async () => {
  const { run, stub } = await shop();
  const levels = Array.from(
    { length: 20 },
    (_, i) =>
      `fragment F${i} on CoreV1Pod { a${i}: metadata { name } ...F${i + 1} x${i}: metadata { ...M } }`,
  );
  const wide = Array.from({ length: 300 }, (_, i) => `m${i}: name`).join(' ');
  const answer = await run(
    `{ pod(namespace: "shop", name: "web") { ...F0 } } ${levels.join(' ')} fragment F20 on CoreV1Pod { kind } fragment M on ObjectMeta { ${wide} }`,
  );
  expect(answer.errors[0]?.message).toMatch(/selects more than \d+ fields/);
  expect(stub.calls).toEqual([]);
});

function pick(
  values: Readonly<Record<string, boolean>>,
  selection: string,
): Readonly<Record<string, boolean>> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => selection.includes(`$${name}`)));
}
