import { describe, expect, it } from 'vitest';
import { PODS, WIDGETS } from '../support/standard-cluster.ts';
import { statusReply } from '../support/stub-reply.ts';
import { serveManyPods } from '../support/many-pods.ts';
import { codesOf, testEngine, type TestEngine, valueOf } from '../support/test-engine.ts';

const METADATA_ONLY =
  /^application\/vnd\.kubernetes\.protobuf;as=PartialObjectMetadataList;g=meta\.k8s\.io;v=v1,application\/json;as=PartialObjectMetadataList;g=meta\.k8s\.io;v=v1,application\/json$/;

async function withPods(count: number): Promise<TestEngine> {
  const engine = await testEngine();
  for (let i = 0; i < count; i++) put(engine, `p${i}`);
  return engine;
}

function put({ stub }: TestEngine, name: string): void {
  stub.collection(PODS).put({ metadata: { name, namespace: 'a' } });
}

function lastAccept({ stub }: TestEngine): unknown {
  return stub.requests.at(-1)?.headers['accept'];
}

describe('a list', () => {
  it.each([
    '{ pods { items { metadata { name labels } } } }',
    '{ pods { items { __typename id apiVersion kind metadata { uid } } resourceVersion } }',
    '{ pods { edges { cursor node { metadata { label(key: "app") } } } } }',
    '{ pods { pageInfo { endCursor } } }',
  ])('of which only metadata is selected asks for no more: %s', async (query) => {
    const engine = await testEngine();
    expect((await engine.run(query)).errors).toEqual([]);
    expect(lastAccept(engine)).toMatch(METADATA_ONLY);
  });

  it.each([
    '{ pods { items { metadata { name } spec { nodeName } } } }',
    '{ pods { items { metadata { name } raw } } }',
    '{ pods { items { yaml } } }',
    // The API server makes some of them from other fields, where it has these.
    '{ pods { items { metadata { annotations } } } }',
    '{ pods { items { metadata { name annotation(key: "a") } } } }',
    '{ pods { edges { node { status { phase } } } } }',
  ])('of which more is selected asks for whole objects: %s', async (query) => {
    const engine = await testEngine();
    await engine.run(query);
    expect(lastAccept(engine)).toBe('application/json');
  });

  it('says the same where the API server answers with whole objects all the same', async () => {
    const engine = await withPods(1);
    const { data } = await engine.run('{ pods { items { kind apiVersion metadata { name } } } }');
    expect(data).toEqual({ pods: { items: [{ kind: 'Pod', apiVersion: 'v1', metadata: { name: 'p0' } }] } });
  });

  it('asks for the next page while it reads one, and never further than it is asked', async () => {
    const engine = await withPods(1_300);
    const firstPage = engine.stub.collection(PODS).list(undefined, { limit: '500' });
    expect((await engine.run('{ pods { items { kind } } }')).errors).toEqual([]);
    expect(engine.stub.calls).toHaveLength(3);
    const { body } = firstPage as { body: string };
    let asked = 0;
    engine.stub.on('GET', '/api/v1/pods', ({ query }) => {
      asked += 1;
      return query['continue'] === undefined ? { body } : undefined;
    });
    expect((await engine.run('{ pods(first: 500) { items { kind } } }')).errors).toEqual([]);
    expect(asked).toBe(1);
  });
});

describe('pages', () => {
  /** The limits that the pages of a list of so many pods are asked for with. */
  async function limitsOf(query: string, count: number, labelLength?: number): Promise<readonly unknown[]> {
    const engine = await testEngine();
    const limits: unknown[] = [];
    serveManyPods(engine.stub, {
      count,
      ...(labelLength === undefined ? {} : { labelLength }),
      onPage: ({ query: { limit } }) => void limits.push(Number(limit)),
    });
    expect((await engine.run(query)).errors).toEqual([]);
    return limits;
  }

  it('grow when the objects are small: the second is asked for before that is known', async () => {
    const query = '{ pods { items { metadata { name } spec { nodeName } } } }';
    expect(await limitsOf(query, 5_000)).toEqual([500, 500, 2_500, 2_500]);
  });

  it('have no more than is asked for', async () => {
    expect(await limitsOf('{ pods(first: 1200) { items { kind spec { nodeName } } } }', 5_000)).toEqual([
      500, 500, 200,
    ]);
  });

  it('stay as they are when the objects are large', async () => {
    const query = '{ pods { items { metadata { name } spec { nodeName } } } }';
    expect(await limitsOf(query, 1_600, 40_000)).toEqual([500, 500, 500, 500]);
  });

  it('stay as they are when each is in memory for its cursors', async () => {
    expect(await limitsOf('{ pods { edges { cursor } } }', 1_600)).toEqual([500, 500, 500, 500]);
  });
});

describe('how many objects there are', () => {
  const COUNT = '{ pods { remainingItemCount } }';

  it.each([
    ['none', 0],
    ['one', 1],
    ['many', 1_700],
  ])('is asked with a limit of 1: %s', async (_, count) => {
    const engine = await withPods(count);
    expect((await engine.run(COUNT)).data).toEqual({ pods: { remainingItemCount: count } });
    expect(engine.stub.calls).toEqual(['GET /api/v1/pods?limit=1']);
    expect(lastAccept(engine)).toMatch(METADATA_ONLY);
  });

  it('is counted where the API server does not: beside selectors', async () => {
    const engine = await withPods(1_203);
    const { data } = await engine.run(
      '{ pods(labelSelector: "app=x") { __typename remainingItemCount resourceVersion } }',
    );
    expect(data).toEqual({
      pods: { __typename: 'CoreV1PodConnection', remainingItemCount: 1_203, resourceVersion: '1000' },
    });
  });

  it('of custom resources, which say it behind their items, is the same', async () => {
    const engine = await testEngine();
    for (const name of ['a', 'b', 'c'])
      engine.stub.collection(WIDGETS).put({ metadata: { name, namespace: 'a' } });
    expect((await engine.run('{ widgets { remainingItemCount } }')).data).toEqual({
      widgets: { remainingItemCount: 3 },
    });
  });

  it.each(['{ pods(labelSelector: "app=x") { resourceVersion } }', '{ pods { __typename } }'])(
    'is not counted where nobody asks: %s',
    async (query) => {
      const engine = await withPods(30);
      expect((await engine.run(query)).errors).toEqual([]);
      expect(engine.stub.calls).toEqual([expect.stringMatching(/limit=1$/)]);
    },
  );

  it('is counted beyond a configured cap, which is for what is shown', async () => {
    const engine = await testEngine({ maxListItems: 600 });
    serveManyPods(engine.stub, { count: 1_300 });
    expect((await engine.run('{ pods { remainingItemCount } }')).data).toEqual({
      pods: { remainingItemCount: 1_300 },
    });
  });

  it('behind a page stays what it is', async () => {
    const engine = await withPods(5);
    const { data } = await engine.run('{ pods(first: 2) { remainingItemCount } }');
    expect(data).toEqual({ pods: { remainingItemCount: 3 } });
  });
});

describe('reads of one object', () => {
  it.each([
    [
      'metadata { name } kind',
      /^application\/json;as=PartialObjectMetadata;g=meta\.k8s\.io;v=v1,application\/json$/,
    ],
    ['metadata { name } spec { nodeName }', /^application\/json$/],
    ['yaml', /^application\/json$/],
  ])('ask for what is selected: %s', async (selection, accept) => {
    const engine = await withPods(1);
    expect((await engine.run(`{ pod(namespace: "a", name: "p0") { ${selection} } }`)).errors).toEqual([]);
    expect(lastAccept(engine)).toMatch(accept);
  });

  it('that are the same are one call, whatever each selects', async () => {
    const engine = await withPods(1);
    const aliases = Array.from(
      { length: 100 },
      (_, i) =>
        `p${i}: pod(namespace: "a", name: "p0") { ${i % 2 === 0 ? 'kind spec { nodeName }' : 'spec { nodeName }'} }`,
    );
    const { data, errors } = await engine.run(`{ ${aliases.join('\n')} }`);
    expect([errors, data?.['p98'], data?.['p99']]).toEqual([[], { kind: 'Pod', spec: null }, { spec: null }]);
    expect(engine.stub.calls).toEqual(['GET /api/v1/namespaces/a/pods/p0']);
  });

  it('that differ in name, namespace or version are several', async () => {
    const engine = await withPods(2);
    await engine.run(`{
      a: pod(namespace: "a", name: "p0") { kind }
      b: pod(namespace: "a", name: "p1") { kind }
      c: pod(namespace: "b", name: "p0") { kind }
      d: pod(namespace: "a", name: "p0", resourceVersion: "0") { kind }
    }`);
    expect(engine.stub.calls.toSorted()).toEqual([
      'GET /api/v1/namespaces/a/pods/p0',
      'GET /api/v1/namespaces/a/pods/p0?resourceVersion=0',
      'GET /api/v1/namespaces/a/pods/p1',
      'GET /api/v1/namespaces/b/pods/p0',
    ]);
  });

  it('that fail do so for each of them, and warn each of them', async () => {
    const engine = await withPods(0);
    const path = '/api/v1/namespaces/a/pods/p0';
    const query =
      '{ a: pod(namespace: "a", name: "p0") { kind } b: pod(namespace: "a", name: "p0") { kind } }';
    const failed = await engine.run(query);
    expect(failed.errors.map((error) => error.path)).toEqual([['a'], ['b']]);
    expect(codesOf(failed)).toEqual(['NOT_FOUND', 'NOT_FOUND']);
    engine.stub.on('GET', path, { body: { metadata: {} }, headers: { warning: '299 - "old"' } });
    expect((await engine.run(query)).extensions).toEqual({
      warnings: [
        { path: ['a'], text: 'old' },
        { path: ['b'], text: 'old' },
      ],
    });
  });

  it('of another operation are made again', async () => {
    const engine = await withPods(1);
    const query = '{ pod(namespace: "a", name: "p0") { kind } }';
    await Promise.all([engine.run(query), engine.run(query)]);
    expect(engine.stub.calls).toHaveLength(2);
    engine.stub.on('GET', '/api/v1/namespaces/a/pods/p0', statusReply(403, 'Forbidden', 'no longer'));
    expect(codesOf(await engine.run(query))).toEqual(['FORBIDDEN']);
  });
});

describe('lists that are the same', () => {
  it('are one reading, page by page, whatever each shows of it', async () => {
    const engine = await withPods(700);
    const { data, errors } = await engine.run(`{
      names: pods { items { metadata { name } } }
      again: pods { resourceVersion items { metadata { name } } }
      kinds: pods { items { kind spec { nodeName } } remainingItemCount }
      edges: pods { edges { cursor node { id } } pageInfo { hasNextPage consistent } }
    }`);
    expect(errors).toEqual([]);
    expect(engine.stub.calls).toEqual(['GET /api/v1/pods?limit=500', expect.stringContaining('continue=')]);
    const alone = async (selection: string): Promise<unknown> => {
      return (await engine.run(`{ pods ${selection} }`)).data?.['pods'];
    };
    expect(data).toEqual({
      names: await alone('{ items { metadata { name } } }'),
      again: await alone('{ resourceVersion items { metadata { name } } }'),
      kinds: await alone('{ items { kind spec { nodeName } } remainingItemCount }'),
      edges: await alone('{ edges { cursor node { id } } pageInfo { hasNextPage consistent } }'),
    });
  });

  it('ask for whole objects when one of them needs these, and for metadata when none does', async () => {
    const engine = await withPods(1);
    await engine.run('{ a: pods { items { id } } b: pods { items { metadata { name } } } }');
    expect(lastAccept(engine)).toMatch(METADATA_ONLY);
    await engine.run('{ a: pods { items { id } } b: pods { items { spec { nodeName } } } }');
    expect(lastAccept(engine)).toBe('application/json');
    expect(engine.stub.calls).toHaveLength(2);
  });

  it('are counted once, also beside one that asks only where the list is', async () => {
    const engine = await withPods(7);
    const query =
      '{ a: pods { resourceVersion } b: pods { remainingItemCount } c: pods { remainingItemCount } }';
    const { data } = await engine.run(query);
    expect(data).toMatchObject({ b: { remainingItemCount: 7 }, c: { remainingItemCount: 7 } });
    expect(engine.stub.calls).toEqual(['GET /api/v1/pods?limit=1']);
  });

  it('differ by namespace, selectors, first, after and version', async () => {
    const engine = await withPods(3);
    const first = '(first: 1) { items { kind } pageInfo { endCursor } }';
    const page = valueOf(await engine.run(`{ pods${first} }`), 'pods');
    const { endCursor } = (page as { pageInfo: { endCursor: string } }).pageInfo;
    const before = engine.stub.calls.length;
    await engine.run(`{
      a: pods { items { kind } }
      b: pods(namespace: "a") { items { kind } }
      c: pods(labelSelector: "x") { items { kind } }
      d: pods(fieldSelector: "metadata.name=p1") { items { kind } }
      e: pods${first}
      f: pods(first: 1, after: "${endCursor}") { items { kind } }
      g: pods(resourceVersion: "1") { items { kind } }
      h: pods(resourceVersion: "1", resourceVersionMatch: NotOlderThan) { items { kind } }
    }`);
    // The last two ask for the same: the match is what it would be if it were not said.
    expect(engine.stub.calls.length - before).toBe(7);
  });

  it('fail for each of them, and warn each of them', async () => {
    const engine = await withPods(1);
    engine.stub.on('GET', '/api/v1/pods', () => ({
      ...statusReply(403, 'Forbidden', 'pods is forbidden'),
      headers: { warning: '299 - "old"' },
    }));
    const answer = await engine.run('{ a: pods { items { kind } } b: pods { items { id } } }');
    expect(answer.data).toEqual({ a: null, b: null });
    expect(answer.errors.map(({ path }) => path)).toEqual([['a'], ['b']]);
    expect(codesOf(answer)).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    const warnings = answer.extensions['warnings'] as readonly { readonly path: readonly string[] }[];
    expect(warnings.map(({ path }) => path)).toEqual([['a'], ['b']]);
    expect(engine.stub.calls).toHaveLength(1);
  });

  it('count for the memory that all of them take', async () => {
    const engine = await testEngine({ maxBytes: 100_000 });
    serveManyPods(engine.stub, { count: 600 });
    const fields = (count: number): string =>
      Array.from({ length: count }, (_, i) => `p${i}: pods { items { metadata { name labels } } }`).join(' ');
    expect((await engine.run(`{ ${fields(1)} }`)).errors).toEqual([]);
    expect(codesOf(await engine.run(`{ ${fields(2)} }`))).toEqual(['RESULT_TOO_LARGE', 'RESULT_TOO_LARGE']);
  });

  it('do not let a field with arguments that mean no list fail the others', async () => {
    const engine = await withPods(1);
    const answer = await engine.run('{ a: pods(first: 0) { items { kind } } b: pods { items { kind } } }');
    expect(answer.data).toEqual({ a: null, b: { items: [{ kind: 'Pod' }] } });
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
  });
});
