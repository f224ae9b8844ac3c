import { describe, expect, it } from 'vitest';
import type { StreamedAnswer } from '../../../src/execution/answer.ts';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { PODS } from '../support/standard-cluster.ts';
import { statusReply } from '../support/stub-reply.ts';
import { holdSecondPage } from '../support/held-page.ts';
import { serveManyPods } from '../support/many-pods.ts';
import {
  codesOf,
  parseAnswer,
  type TestAnswer,
  testEngine,
  type TestEngine,
  valueOf,
} from '../support/test-engine.ts';

const NAMES = '{ pods { items { metadata { name } } } }';

/** More than one page, and more bytes than are sent as one. */
const MANY = 1_200;

async function withPods(count: number, options: Parameters<typeof testEngine>[0] = {}): Promise<TestEngine> {
  const engine = await testEngine(options);
  for (let i = 0; i < count; i++) engine.stub.collection(PODS).put(podAt(i));
  return engine;
}

function podAt(index: number): object {
  const name = `pod-${String(index).padStart(5, '0')}`;
  return { metadata: { name, namespace: 'a', labels: { app: name, long: 'x'.repeat(40) } } };
}

/** What a way in gets that takes answers in pieces. */
async function stream(
  { engine }: TestEngine,
  query: string,
  signal = new AbortController().signal,
): Promise<StreamedAnswer> {
  const answer = await engine.execute({
    query,
    identity: KUBECONFIG_IDENTITY,
    signal,
    takesCompressed: false,
    takesStreamed: true,
  });
  if (!('pieces' in answer)) throw new Error('expected an answer in pieces');
  return answer;
}

async function textOf({ pieces }: StreamedAnswer): Promise<string> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all).toString('utf8');
}

async function streamed(engine: TestEngine, query: string): Promise<TestAnswer> {
  const text = await textOf(await stream(engine, query));
  const parsed = JSON.parse(text) as Partial<TestAnswer>;
  return { text, data: parsed.data, errors: parsed.errors ?? [], extensions: parsed.extensions ?? {} };
}

describe('a long list', () => {
  it.each([
    NAMES,
    '{ pods { __typename items { id kind metadata { labels name } } pageInfo { hasNextPage endCursor } } }',
    '{ all: pods { edges { cursor node { metadata { name labels } } } resourceVersion } nodes { items { kind } } }',
    // What stands in front of the items is known at the end only.
    '{ pods { resourceVersion pageInfo { startCursor } items { metadata { name labels } } } __typename }',
    '{ pods { items { metadata { name } } edges { node { metadata { labels } } } items { kind } } }',
    '{ pods { edges { node { id metadata { labels } } __typename } } }',
    // Two lists that are one reading.
    '{ a: pods { items { metadata { name labels } } } b: pods { items { kind id } } c: pod(namespace: "a", name: "pod-00001") { id } }',
  ])('is the same in pieces as it is as a whole: %s', async (query) => {
    const engine = await withPods(MANY);
    expect(await textOf(await stream(engine, query))).toBe((await engine.run(query)).text);
  });

  it('is sent while it still arrives', async () => {
    const engine = await withPods(MANY);
    const { release } = holdSecondPage(engine.stub);
    const answer = await stream(engine, NAMES);
    const first = await answer.pieces.next();
    expect(String(first.value)).toMatch(/^\{"data":\{"pods":\{"items":\[\{"metadata":\{"name":"pod-00000"/);
    release();
    expect(await textOf(answer)).toMatch(/pod-01199"\}\}\]\}\}\}$/);
  });

  it('that is short, or fails at once, is one answer with a status of its own', async () => {
    const engine = await withPods(3);
    await expect(stream(engine, NAMES)).rejects.toThrow('expected an answer in pieces');
    engine.stub.on('GET', '/api/v1/pods', statusReply(403, 'Forbidden', 'no'));
    await expect(stream(engine, NAMES)).rejects.toThrow('expected an answer in pieces');
  });

  it('that fails later is null after all, with the error, and its siblings stand', async () => {
    const engine = await withPods(MANY);
    const { release } = holdSecondPage(engine.stub);
    release(statusReply(500, 'InternalError', 'etcd is gone'));
    const answer = await streamed(
      engine,
      '{ pods { items { metadata { name } } } nodes { items { kind } } }',
    );
    expect(answer.text).toContain('pod-00499');
    expect(answer.data).toEqual({ pods: null, nodes: { items: [] } });
    expect(answer.errors).toMatchObject([{ message: 'etcd is gone', path: ['pods'] }]);
  });

  it.each([
    '{ p: pods { __typename items { kind metadata { name } } } }',
    '{ p: pods { edges { node { metadata { name } } } pageInfo { hasNextPage } } }',
  ])('that breaks off in the middle of an object is JSON all the same: %s', async (query) => {
    const engine = await withPods(MANY);
    const { release } = holdSecondPage(engine.stub);
    release({ body: '{"kind":"PodList","metadata":{},"items":[{"metadata":{"name":"a","labels":{"x":' });
    const answer = await streamed(engine, query);
    expect([answer.data, codesOf(answer)]).toEqual([{ p: null }, ['UPSTREAM_ERROR']]);
  });

  it('that outgrows a configured cap is null, with a cursor that continues it', async () => {
    const engine = await withPods(MANY, { maxListItems: 600 });
    const answer = await streamed(engine, NAMES);
    expect([answer.data, codesOf(answer)]).toEqual([{ pods: null }, ['LIST_TOO_LARGE']]);
    expect(answer.errors[0]?.extensions).toHaveProperty('cursor');
  });

  it("brings the API server's warnings at its end", async () => {
    const engine = await withPods(MANY);
    const headers = { warning: '299 - "pods are old"' };
    engine.stub.on('GET', '/api/v1/pods', ({ query }) => ({
      ...engine.stub.collection(PODS).list(undefined, query),
      headers,
    }));
    const { extensions } = await streamed(engine, NAMES);
    expect(extensions).toEqual({ warnings: [{ path: ['pods'], text: 'pods are old' }] });
  });

  it('is given up upstream when its reader returns early', async () => {
    const engine = await withPods(MANY);
    const { asked } = holdSecondPage(engine.stub);
    const { pieces } = await stream(engine, NAMES);
    await pieces.next();
    const { closed } = await asked;
    await pieces.return();
    await expect(closed).resolves.toBeUndefined();
  });

  it('is given up upstream when its client leaves before anything of it was read', async () => {
    const engine = await withPods(MANY);
    const { asked } = holdSecondPage(engine.stub);
    const leaving = new AbortController();
    await stream(engine, NAMES, leaving.signal);
    const { closed } = await asked;
    leaving.abort();
    await expect(closed).resolves.toBeUndefined();
  });
});

describe('a list of more objects than fit into memory', () => {
  const COUNT = 50_600;

  it('is sent on as a whole', async () => {
    const engine = await testEngine();
    serveManyPods(engine.stub, { count: COUNT, labelLength: 0 });
    const text = await textOf(await stream(engine, NAMES));
    expect(text.split('"name":')).toHaveLength(COUNT + 1);
  });

  it.each([
    ['behind another field', '{ version { major } pods { items { metadata { name } } } }'],
    ['that is wanted as a whole', NAMES],
    ['behind what is known at the end only', '{ pods { resourceVersion items { metadata { name } } } }'],
  ])('is refused where it has to be kept: %s', async (_, query) => {
    const engine = await testEngine();
    serveManyPods(engine.stub, { count: COUNT, labelLength: 0 });
    expect(codesOf(await engine.run(query))).toEqual(['LIST_TOO_LARGE']);
  });
});

describe('the memory of an operation', () => {
  // Some 45 KB.
  const LABELS = 'items { metadata { labels } }';

  it.each([
    LABELS,
    `resourceVersion ${LABELS}`,
    `${LABELS} resourceVersion`,
    'edges { node { metadata { labels } } }',
  ])('holds a list once: %s', async (selection) => {
    const query = `{ pods { ${selection} } }`;
    const enough = await testEngine({ maxBytes: 80_000 });
    serveManyPods(enough.stub, { count: 600 });
    expect((await enough.run(query)).errors).toEqual([]);
    const less = await testEngine({ maxBytes: 30_000 });
    serveManyPods(less.stub, { count: 600 });
    expect(codesOf(await less.run(query))).toEqual(['RESULT_TOO_LARGE']);
  });

  it('does not hold what is sent on', async () => {
    const engine = await testEngine({ maxBytes: 30_000 });
    serveManyPods(engine.stub, { count: 600 });
    const answer = await streamed(engine, `{ pods { ${LABELS} } }`);
    expect(answer.errors).toEqual([]);
    expect(valueOf(answer, 'pods')).toMatchObject({ items: { length: 600 } });
  });

  it('holds what is made of one object for each field', async () => {
    const engine = await testEngine({ maxBytes: 100_000 });
    const labels = { long: 'x'.repeat(20_000) };
    engine.stub.collection(PODS).put({ metadata: { name: 'p', namespace: 'a', labels } });
    const pod = 'pod(namespace: "a", name: "p") { raw }';
    expect((await engine.run(`{ a: ${pod} b: ${pod} }`)).errors).toEqual([]);
    const many = Array.from({ length: 40 }, (_, index) => `p${index}: ${pod}`);
    expect(codesOf(await engine.run(`{ ${many.join(' ')} }`))).toContain('RESULT_TOO_LARGE');
  });
});

describe('a list whose first state the API server has forgotten', () => {
  async function forgetful(): Promise<TestEngine> {
    const engine = await testEngine();
    const forgotten = statusReply(410, 'Expired', 'too old', { continueToken: '600' });
    serveManyPods(engine.stub, {
      count: 700,
      onPage: ({ query }) => (query['continue'] === '500' ? forgotten : undefined),
    });
    return engine;
  }

  it('says so, also where nothing is selected that could', async () => {
    const answer = await streamed(await forgetful(), NAMES);
    expect(valueOf(answer, 'pods')).toMatchObject({ items: { length: 600 } });
    expect(answer.extensions).toMatchObject({ warnings: [{ path: ['pods'] }] });
  });

  it('says it once', async () => {
    const query = '{ pods { items { metadata { labels } } pageInfo { consistent } } }';
    const { data, extensions } = await streamed(await forgetful(), query);
    expect(data).toMatchObject({ pods: { pageInfo: { consistent: false } } });
    expect(extensions).toEqual({});
  });
});

describe('the way in', () => {
  it('that takes whole answers only gets one', async () => {
    const engine = await withPods(MANY);
    const answer = await engine.engine.execute({
      query: NAMES,
      identity: KUBECONFIG_IDENTITY,
      signal: new AbortController().signal,
    });
    if (!('stringify' in answer)) throw new Error('expected one answer');
    expect(parseAnswer(answer).text).toMatch(/pod-01199"\}\}\]\}\}\}$/);
  });
});
