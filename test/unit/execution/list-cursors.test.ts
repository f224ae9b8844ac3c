import { describe, expect, it } from 'vitest';
import { PODS, WIDGETS } from '../support/standard-cluster.ts';
import type { StubResource } from '../support/stub-resources.ts';
import { codesOf, testEngine, type TestEngine, valueOf } from '../support/test-engine.ts';

interface Edge {
  readonly name: string;
  readonly cursor: string;
}

interface Page {
  readonly edges: readonly Edge[];
  readonly startCursor: string | null;
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
  readonly consistent: boolean;
}

const STYLES: readonly [string, string, StubResource][] = [
  ['built-in', 'pods', PODS],
  ['custom', 'widgets', WIDGETS],
];

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

async function alphabet(resource: StubResource): Promise<TestEngine> {
  const engine = await testEngine();
  for (const name of NAMES) engine.stub.collection(resource).put({ metadata: { name, namespace: 'x' } });
  return engine;
}

/** One page, by its edges. */
async function readPage(
  engine: TestEngine,
  field: string,
  first: number | null,
  after: string | null,
): Promise<Page> {
  const query = `query ($first: Int, $after: String) { page: ${field}(first: $first, after: $after) {
    edges { cursor node { metadata { name } } } pageInfo { startCursor endCursor hasNextPage consistent }
  } }`;
  const answer = await engine.run(query, { variables: { first, after } });
  expect(answer.errors).toEqual([]);
  const { edges, pageInfo } = valueOf(answer, 'page') as {
    edges: { cursor: string; node: { metadata: { name: string } } }[];
    pageInfo: Omit<Page, 'edges'>;
  };
  return { ...pageInfo, edges: edges.map(({ cursor, node }) => ({ cursor, name: node.metadata.name })) };
}

/** All edges, read in pages of so many. */
async function walk(engine: TestEngine, field: string, size: number): Promise<readonly Edge[]> {
  const edges: Edge[] = [];
  for (let after: string | null = null; ;) {
    const page: Page = await readPage(engine, field, size, after);
    edges.push(...page.edges);
    if (!page.hasNextPage) return edges;
    after = page.endCursor;
  }
}

describe.each(STYLES)('the cursors of %s resources', (_, field, resource) => {
  it.each([1, 2, 3, 7])('continue behind their own edge, in pages of %d', async (size) => {
    const engine = await alphabet(resource);
    const edges = await walk(engine, field, size);
    expect(edges.map(({ name }) => name)).toEqual(NAMES);
    for (const [index, { cursor }] of edges.entries()) {
      const rest = await readPage(engine, field, null, cursor);
      expect(rest.edges.map(({ name }) => name)).toEqual(NAMES.slice(index + 1));
      expect(rest.consistent).toBe(true);
      const next = await readPage(engine, field, 2, cursor);
      expect(next.edges.map(({ name }) => name)).toEqual(NAMES.slice(index + 1, index + 3));
      expect(next.hasNextPage).toBe(index + 3 < NAMES.length);
    }
  });

  it('at both ends of a page are those of its edges', async () => {
    const engine = await alphabet(resource);
    const first = await readPage(engine, field, 3, null);
    const middle = await readPage(engine, field, 2, first.edges[1]?.cursor ?? null);
    for (const page of [first, middle]) {
      expect([page.startCursor, page.endCursor]).toEqual([page.edges[0]?.cursor, page.edges.at(-1)?.cursor]);
    }
    expect(middle.edges.map(({ name }) => name)).toEqual(['c', 'd']);
  });

  it('in the middle of a page that has expired go on there, and say that the state is newer', async () => {
    const engine = await alphabet(resource);
    const first = await readPage(engine, field, 3, null);
    const second = await readPage(engine, field, 3, first.endCursor);
    engine.stub.collection(resource).isExpired = true;
    for (const [edge, names] of [
      [first.edges[0], NAMES.slice(1)],
      [second.edges[1], NAMES.slice(5)],
    ] as const) {
      const rest = await readPage(engine, field, null, edge?.cursor ?? null);
      expect([rest.edges.map(({ name }) => name), rest.consistent]).toEqual([names, false]);
    }
  });
});

describe('a cursor is refused before anything is sent', () => {
  it.each([
    ['another namespace', 'pods(namespace: "y", after: $after)'],
    ['all namespaces', 'pods(after: $after)'],
    ['a label selector', 'pods(namespace: "x", labelSelector: "a=b", after: $after)'],
    ['a field selector', 'pods(namespace: "x", fieldSelector: "a=b", after: $after)'],
    ['another resource', 'configMaps(namespace: "x", after: $after)'],
  ])('on %s', async (_, field) => {
    const engine = await alphabet(PODS);
    const page = await engine.run('{ pods(namespace: "x", first: 2) { pageInfo { endCursor } } }');
    const { pageInfo } = valueOf(page, 'pods') as { pageInfo: { endCursor: string } };
    const before = engine.stub.calls.length;
    const answer = await engine.run(`query ($after: String) { ${field} { items { kind } } }`, {
      variables: { after: pageInfo.endCursor },
    });
    expect([codesOf(answer), engine.stub.calls.length]).toEqual([['INVALID_CURSOR'], before]);
  });

  it.each([
    '',
    'x',
    'bm90IGpzb24',
    Buffer.from('["a","b","c",-1]').toString('base64url'),
    Buffer.from('[1,2]').toString('base64url'),
  ])('when it is none: %j', async (after) => {
    const engine = await testEngine();
    const answer = await engine.run('query ($after: String) { pods(after: $after) { items { kind } } }', {
      variables: { after },
    });
    expect([codesOf(answer), engine.stub.calls]).toEqual([['INVALID_CURSOR'], []]);
  });
});
