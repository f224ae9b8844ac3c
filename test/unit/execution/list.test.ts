import { describe, expect, it } from 'vitest';
import { CONFIG_MAPS, PODS, WIDGETS } from '../support/standard-cluster.ts';
import { statusReply } from '../support/stub-reply.ts';
import type { StubResource } from '../support/stub-resources.ts';
import { codesOf, testEngine, type TestAnswer, type TestEngine } from '../support/test-engine.ts';

interface Connection {
  readonly items: readonly { readonly metadata: { readonly name: string } }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly endCursor: string | null;
    readonly consistent: boolean;
  };
  readonly resourceVersion: string;
  readonly remainingItemCount: number | null;
}

const PAGE =
  'items { metadata { name } } pageInfo { hasNextPage hasPreviousPage endCursor consistent } resourceVersion remainingItemCount';

/** Both orders of keys in which API servers write lists. */
const STYLES: readonly [string, string, StubResource][] = [
  ['built-in', 'pods', PODS],
  ['custom', 'widgets', WIDGETS],
];

async function withObjects(
  resource: StubResource,
  count: number,
  options: Parameters<typeof testEngine>[0] = {},
): Promise<TestEngine> {
  const engine = await testEngine(options);
  for (let i = 0; i < count; i++)
    engine.stub.collection(resource).put({ metadata: { name: nameAt(i), namespace: 'a' } });
  return engine;
}

function nameAt(index: number): string {
  return `o${String(index).padStart(4, '0')}`;
}

function connectionIn(answer: TestAnswer, field: string): Connection {
  expect(answer.errors).toEqual([]);
  return answer.data?.[field] as Connection;
}

function namesIn({ items }: Connection): readonly string[] {
  return items.map(({ metadata }) => metadata.name);
}

describe.each(STYLES)('a list of %s resources', (_, field, resource) => {
  const path = `${resource.isCustom ? '/apis/example.com/v1' : '/api/v1'}/${field}`;

  it('without `first` is read in pages, to its end', async () => {
    const { run, stub } = await withObjects(resource, 1_100);
    const list = connectionIn(await run(`{ ${field} { ${PAGE} } }`), field);
    expect(namesIn(list)).toEqual(Array.from({ length: 1_100 }, (_, i) => nameAt(i)));
    expect(list.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false, consistent: true });
    expect(stub.calls).toEqual([
      `GET ${path}?limit=500`,
      expect.stringMatching(/\?limit=500&continue=\S+$/),
      expect.stringMatching(/\?limit=2500&continue=\S+$/),
    ]);
  });

  it('with `first` and `after` is read page by page', async () => {
    const { run, stub } = await withObjects(resource, 5);
    const first = connectionIn(await run(`{ ${field}(first: 2) { ${PAGE} } }`), field);
    expect(namesIn(first)).toEqual(['o0000', 'o0001']);
    expect(first).toMatchObject({
      resourceVersion: '1000',
      remainingItemCount: 3,
      pageInfo: { hasNextPage: true, hasPreviousPage: false },
    });
    const next = `query ($after: String) { ${field}(first: 3, after: $after) { ${PAGE} } }`;
    const second = connectionIn(await run(next, { variables: { after: first.pageInfo.endCursor } }), field);
    expect(namesIn(second)).toEqual(['o0002', 'o0003', 'o0004']);
    expect(second).toMatchObject({
      remainingItemCount: null,
      pageInfo: { hasNextPage: false, consistent: true },
    });
    expect(stub.calls[0]).toBe(`GET ${path}?limit=2`);
  });

  it('continues at what the API server still has when its token has expired, and says so', async () => {
    const { run, stub } = await withObjects(resource, 5);
    const first = connectionIn(await run(`{ ${field}(first: 2) { ${PAGE} } }`), field);
    stub.collection(resource).isExpired = true;
    const next = `query ($after: String) { ${field}(after: $after) { ${PAGE} } }`;
    const rest = connectionIn(await run(next, { variables: { after: first.pageInfo.endCursor } }), field);
    expect(namesIn(rest)).toEqual(['o0002', 'o0003', 'o0004']);
    expect(rest.pageInfo.consistent).toBe(false);
  });

  it('that outgrows the cap is an error with a cursor that continues it', async () => {
    const { run, stub } = await withObjects(resource, 8, { maxListItems: 3 });
    const answer = await run(`{ ${field} { ${PAGE} } }`);
    expect([answer.data, codesOf(answer)]).toEqual([{ [field]: null }, ['LIST_TOO_LARGE']]);
    expect(answer.errors[0]?.message).toContain('more than 3 items');
    expect(stub.calls).toHaveLength(1);
    const next = `query ($after: String) { ${field}(first: 2, after: $after) { ${PAGE} } }`;
    const rest = await run(next, { variables: { after: answer.errors[0]?.extensions['cursor'] } });
    expect(namesIn(connectionIn(rest, field))).toEqual(['o0003', 'o0004']);
  });

  it('that fits the cap exactly is answered', async () => {
    const { run } = await withObjects(resource, 3, { maxListItems: 3 });
    expect(namesIn(connectionIn(await run(`{ ${field} { ${PAGE} } }`), field))).toHaveLength(3);
  });

  it('of nothing is an empty one', async () => {
    const { run } = await testEngine();
    const list = connectionIn(await run(`{ ${field} { ${PAGE} edges { cursor } } }`), field);
    expect(list).toEqual({
      items: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, endCursor: null, consistent: true },
      resourceVersion: '1000',
      remainingItemCount: null,
      edges: [],
    });
  });
});

describe('a list', () => {
  it('of a namespace and with selectors asks for just that', async () => {
    const { run, stub } = await testEngine();
    await run(
      '{ pods(namespace: "a", labelSelector: "app in (x,y)", fieldSelector: "status.phase=Running", first: 10) { items { kind } } }',
    );
    expect(stub.calls).toEqual([
      'GET /api/v1/namespaces/a/pods?labelSelector=app+in+(x,y)&fieldSelector=status.phase=Running&limit=10',
    ]);
  });

  it.each([
    ['resourceVersion: "0"', 'limit=500&resourceVersion=0&resourceVersionMatch=NotOlderThan'],
    [
      'resourceVersion: "7", resourceVersionMatch: Exact',
      'limit=500&resourceVersion=7&resourceVersionMatch=Exact',
    ],
    ['resourceVersion: "7", first: 5', 'limit=5&resourceVersion=7&resourceVersionMatch=NotOlderThan'],
    // At "0" the API server ignores the limit.
    ['resourceVersion: "0", first: 5', 'limit=5'],
  ])('with %s always says how it is meant', async (args, query) => {
    const { run, stub } = await testEngine();
    await run(`{ pods(${args}) { items { kind } } }`);
    expect(stub.calls).toEqual([`GET /api/v1/pods?${query}`]);
  });

  it('asks for gzip', async () => {
    const { run, stub } = await testEngine();
    await run('{ pods { items { kind } } }');
    expect(stub.requests.at(-1)?.headers['accept-encoding']).toBe('gzip');
  });

  it('goes on behind a page that selectors have emptied', async () => {
    const { run, stub } = await testEngine();
    const page = (metadata: object, items: object[]) => ({
      body: { kind: 'PodList', apiVersion: 'v1', metadata, items },
    });
    stub.on('GET', '/api/v1/pods', ({ query }) =>
      query['continue'] === undefined
        ? page({ resourceVersion: '5', continue: 'T' }, [])
        : page({ resourceVersion: '5' }, [{ metadata: { name: 'late' } }]),
    );
    const list = connectionIn(await run(`{ pods(first: 2, labelSelector: "a=b") { ${PAGE} } }`), 'pods');
    expect([namesIn(list), list.pageInfo.hasNextPage]).toEqual([['late'], false]);
  });

  it('is an error where the API server forgot the version that the caller asked for', async () => {
    const { run, stub } = await testEngine();
    stub.on('GET', '/api/v1/pods', statusReply(410, 'Expired', 'too old'));
    expect(
      codesOf(await run('{ pods(resourceVersion: "1", resourceVersionMatch: Exact) { items { kind } } }')),
    ).toEqual(['EXPIRED']);
  });

  it.each(['0', '-1'])('of `first: %s` is refused before anything is sent', async (first) => {
    const { run, stub } = await testEngine();
    expect(codesOf(await run(`{ pods(first: ${first}) { items { kind } } }`))).toEqual(['BAD_USER_INPUT']);
    expect(stub.calls).toEqual([]);
  });

  it('that is cut off in the middle is an error, and no shorter list', async () => {
    const { run, stub, defects } = await testEngine();
    stub.on('GET', '/api/v1/pods', {
      body: '{"kind":"PodList","metadata":{},"items":[{"metadata":{"name":"a"}},',
    });
    const answer = await run('{ pods { items { kind } } nodes { items { kind } } }');
    expect(answer.data).toEqual({ pods: null, nodes: { items: [] } });
    expect([codesOf(answer), defects]).toEqual([['UPSTREAM_ERROR'], []]);
  });

  it("brings each of the API server's warnings once, however many pages repeat it", async () => {
    const { run, stub } = await testEngine();
    for (let i = 0; i < 501; i++)
      stub.collection(CONFIG_MAPS).put({ metadata: { name: nameAt(i), namespace: 'a' } });
    const headers = { warning: '299 - "v1 ConfigMap is \\"deprecated\\""' };
    stub.on('GET', '/api/v1/configmaps', ({ query }) => ({
      ...stub.collection(CONFIG_MAPS).list(undefined, query),
      headers,
    }));
    const { extensions } = await run('{ cm: configMaps { items { kind } } }');
    expect(extensions).toEqual({ warnings: [{ path: ['cm'], text: 'v1 ConfigMap is "deprecated"' }] });
  });
});
