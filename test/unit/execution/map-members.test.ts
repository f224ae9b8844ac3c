import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PODS } from '../support/standard-cluster.ts';
import { stubResource } from '../support/stub-resources.ts';
import { codesOf, testEngine, type TestEngine } from '../support/test-engine.ts';
import { subscribe } from './support/subscriber.ts';

const DEPLOYMENTS = stubResource({ group: 'apps', kind: 'Deployment', plural: 'deployments' });

type Variables = Readonly<Record<string, unknown>>;

interface Web {
  readonly engine: TestEngine;
  /** The JSON text of a selection on the metadata of the pod `web`. */
  readonly select: (selection: string, variables?: Variables, declared?: string) => Promise<string>;
}

/** A cluster with one pod `web`, whose metadata has these members. */
async function web(metadataJson: string): Promise<Web> {
  const engine = await testEngine();
  engine.stub
    .collection(PODS)
    .put(`{"metadata":{"name":"web","namespace":"shop","resourceVersion":"5",${metadataJson}}}`);
  const select: Web['select'] = async (selection, variables = {}, declared = '') => {
    const query = `query Q ${declared} { pod(namespace: "shop", name: "web") { metadata { ${selection} } } }`;
    const { text } = await engine.run(query, { variables });
    const before = '{"data":{"pod":{"metadata":';
    expect(text.slice(0, before.length)).toBe(before);
    return text.slice(before.length, -3);
  };
  return { engine, select };
}

const LABELS = '"labels":{"app.kubernetes.io/name":"web","tier":"","pod-template-hash":"7d8"}';

describe('of the labels of an object', () => {
  it.each([
    ['all are answered without keys', 'labels', `{${LABELS}}`],
    ['all are answered where keys are null', 'labels(keys: null)', `{${LABELS}}`],
    [
      'those with a key are answered, in their own order, once',
      'labels(keys: ["tier", "none", "app.kubernetes.io/name", "tier"])',
      '{"labels":{"app.kubernetes.io/name":"web","tier":""}}',
    ],
    ['a single key is a list of one', 'labels(keys: "tier")', '{"labels":{"tier":""}}'],
    ['none are answered for no keys', 'labels(keys: [])', '{"labels":{}}'],
    [
      'one is answered as text, also when it is empty',
      'label(key: "app.kubernetes.io/name") t: label(key: "tier")',
      '{"label":"web","t":""}',
    ],
    ['one that is not there is null', 'label(key: "none")', '{"label":null}'],
    [
      'several selections stand beside each other',
      'a: labels(keys: ["tier"]) name b: labels(keys: ["none"]) c: label(key: "tier")',
      '{"a":{"tier":""},"name":"web","b":{},"c":""}',
    ],
    [
      'equal selections of one name are one',
      'labels(keys: ["tier"]) ...{ labels(keys: ["tier"]) }',
      '{"labels":{"tier":""}}',
    ],
    [
      'annotations are told apart',
      'annotations(keys: ["tier"]) annotation(key: "tier") label(key: "tier")',
      '{"annotations":null,"annotation":null,"label":""}',
    ],
  ])('%s', async (_, selection, json) => {
    const { select } = await web(LABELS);
    expect(await select(selection)).toBe(json);
  });

  it('none are answered as null where there are none', async () => {
    const { select } = await web('"labels":null');
    expect(
      await select('labels(keys: ["a"]) label(key: "a") annotations(keys: []) annotation(key: "")'),
    ).toBe('{"labels":null,"label":null,"annotations":null,"annotation":null}');
  });

  it('two different selections cannot have one name', async () => {
    const { engine } = await web(LABELS);
    const answer = await engine.run(
      '{ pod(namespace: "shop", name: "web") { metadata { labels(keys: ["a"]) labels(keys: ["b"]) } } }',
    );
    expect(codesOf(answer)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(engine.stub.calls.filter((call) => call.includes('/pods'))).toEqual([]);
  });

  it('so many cannot be named that looking for them would take long', async () => {
    const { engine } = await web(LABELS);
    const keys = Array.from({ length: 5_001 }, (_, i) => `k${i}`);
    const answer = await engine.run(
      'query ($keys: [String!]) { pod(namespace: "shop", name: "web") { metadata { labels(keys: $keys) } } }',
      { variables: { keys } },
    );
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
  });
});

describe('variables', () => {
  const DECLARED = '($keys: [String!], $key: String! = "tier")';

  it('say anew for each operation with the same document what is answered', async () => {
    const { select } = await web(LABELS);
    const selection = 'labels(keys: $keys) label(key: $key)';
    const answers = [];
    for (const variables of [{ keys: ['tier'] }, { key: 'pod-template-hash', keys: [] }, { keys: null }, {}])
      answers.push(await select(selection, variables, DECLARED));
    expect(answers).toEqual([
      '{"labels":{"tier":""},"label":""}',
      '{"labels":{},"label":"7d8"}',
      `{${LABELS},"label":""}`,
      `{${LABELS},"label":""}`,
    ]);
  });

  it('do so inside lists and fragments', async () => {
    const { engine } = await web(LABELS);
    const query = `query ($key: String!) { pod(namespace: "shop", name: "web") { ...P } }
      fragment P on CoreV1Pod { metadata { ...M } }
      fragment M on ObjectMeta { labels(keys: ["none", $key]) }`;
    const answers = [];
    for (const key of ['tier', 'pod-template-hash']) {
      answers.push((await engine.run(query, { variables: { key } })).data);
    }
    expect(answers).toEqual([
      { pod: { metadata: { labels: { tier: '' } } } },
      { pod: { metadata: { labels: { 'pod-template-hash': '7d8' } } } },
    ]);
  });

  it('that are null where a key must be are refused', async () => {
    const { engine } = await web(LABELS);
    const answer = await engine.run(
      'query ($key: String = "a") { pod(namespace: "shop", name: "web") { metadata { label(key: $key) } } }',
      { variables: { key: null } },
    );
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
    expect(engine.defects).toEqual([]);
  });
});

describe('chosen labels are answered', () => {
  const SELECTION = 'metadata { label(key: "tier") labels(keys: ["tier"]) }';
  const EXPECTED = { metadata: { label: '', labels: { tier: '' } } };

  it('in lists, of items and of nodes', async () => {
    const { engine } = await web(LABELS);
    const { data } = await engine.run(`{ pods { items { ${SELECTION} } edges { node { ${SELECTION} } } } }`);
    expect(data).toEqual({ pods: { items: [EXPECTED], edges: [{ node: EXPECTED }] } });
  });

  it('of templates inside objects', async () => {
    const engine = await testEngine();
    const template = `{"metadata":{${LABELS}}}`;
    engine.stub
      .collection(DEPLOYMENTS)
      .put(`{"metadata":{"name":"web","namespace":"shop"},"spec":{"template":${template}}}`);
    const { data } = await engine.run(
      `{ deployment(namespace: "shop", name: "web") { ${SELECTION} spec { template { ${SELECTION} } } } }`,
    );
    expect(data).toEqual({
      deployment: { metadata: { label: null, labels: null }, spec: { template: EXPECTED } },
    });
  });

  it('in the events of a subscription', async () => {
    const engine = await testEngine();
    const subscriber = await subscribe(
      engine,
      `subscription { pods(namespace: "shop") { object { ${SELECTION} } } }`,
    );
    const watch = await engine.stub.watches.next();
    watch.send('ADDED', `{"metadata":{"name":"web","namespace":"shop","resourceVersion":"5",${LABELS}}}`);
    watch.synced('6');
    expect((await subscriber.next())?.data).toEqual({ pods: { object: EXPECTED } });
  });
});

/** Keys that JSON, UTF-8 and GraphQL each write in their own way. */
const KEY = fc.oneof(
  fc.constantFrom('a', 'app.kubernetes.io/name', 'é', '😀', 'q"\\', '\n', '', '__proto__'),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);
const VALUE = fc.oneof(fc.constant(''), fc.string({ unit: 'grapheme', maxLength: 12 }));
const MAP = fc.option(
  fc.array(fc.tuple(KEY, VALUE), { maxLength: 6 }).map((all) => new Map(all)),
  { freq: 6 },
);

/** What a plain implementation answers. */
function plainly(map: ReadonlyMap<string, string> | null, keys: readonly string[], key: string): string {
  const chosen = map === null ? null : Object.fromEntries([...map].filter(([each]) => keys.includes(each)));
  return JSON.stringify({ annotations: chosen, annotation: map?.get(key) ?? null });
}

it('answers what a plain implementation does, byte for byte, for keys in the document and in variables', async () => {
  const { engine, select } = await web(LABELS);
  await fc.assert(
    fc.asyncProperty(MAP, fc.array(KEY, { maxLength: 5 }), KEY, async (map, keys, key) => {
      const annotations = JSON.stringify(map === null ? null : Object.fromEntries(map));
      engine.stub
        .collection(PODS)
        .put(`{"metadata":{"name":"web","namespace":"shop","annotations":${annotations}}}`);
      const inOrder =
        map === null ? null : new Map(Object.entries(JSON.parse(annotations) as Record<string, string>));
      const expected = plainly(inOrder, keys, key);
      // A JSON string is a GraphQL string too.
      const literals = `annotations(keys: ${JSON.stringify(keys)}) annotation(key: ${JSON.stringify(key)})`;
      expect(await select(literals)).toBe(expected);
      const variables = 'annotations(keys: $keys) annotation(key: $key)';
      expect(await select(variables, { keys, key }, '($keys: [String!], $key: String!)')).toBe(expected);
    }),
    { numRuns: 100 },
  );
});
