import { isDeepStrictEqual } from 'node:util';
import { atEnd } from './support/at-end.ts';
import { describe, expect, it } from 'vitest';
import { createApiClient } from '../cluster/api.ts';
import { forEachConcurrently } from '../cluster/concurrency.ts';
import { layoutOf } from '../cluster/layout.ts';
import { requireState } from '../cluster/state.ts';
import { createWidgets } from './support/custom-kind.ts';
import { at, type Exact, listAt, textAt } from './support/exact-json.ts';
import { startGateway } from './support/gateway.ts';
import { createNamespace, openSuite } from './support/suite.ts';

const { cluster, kubectl, gateway, namespace } = await openSuite();
const widgets = await createWidgets(kubectl);

const numbered = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(3, '0')}`);
const secret = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, labels: { half: name < 'c005' ? 'first' : 'second' } },
});

const NAMES = { secrets: numbered('c', 10), [widgets.list]: numbered('w', 7) };
await kubectl.create(
  namespace,
  ...numbered('c', 10).map(secret),
  ...numbered('w', 7).map((name) =>
    widgets.object(name, { text: 'metadata of such a list comes behind its items' }),
  ),
);

const PAGE = `{
  edges { cursor node { metadata { name } } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor consistent }
  remainingItemCount
}`;

async function page(field: string, args: string): Promise<Exact> {
  const data = await gateway.data(`{ page: ${field}(namespace: "${namespace}"${args}) ${PAGE} }`);
  return at(data, 'page') ?? null;
}

function namesIn(list: Exact): readonly string[] {
  return listAt(list, 'edges').map((edge) => textAt(edge, 'node', 'metadata', 'name'));
}

function cursorsIn(list: Exact): readonly string[] {
  return listAt(list, 'edges').map((edge) => textAt(edge, 'cursor'));
}

describe.each(Object.entries(NAMES))('pages of %s', (field, names) => {
  it('are all objects, each once and in order, whatever their size', async () => {
    for (const first of [1, 3, names.length - 1, names.length, names.length + 1]) {
      const seen: string[] = [];
      let after = '';
      let hasNext = true;
      while (hasNext) {
        const current = await page(field, `, first: ${first}${after}`);
        expect(namesIn(current).length).toBeLessThanOrEqual(first);
        seen.push(...namesIn(current));
        hasNext = at(current, 'pageInfo', 'hasNextPage') === true;
        if (hasNext) after = `, after: "${textAt(current, 'pageInfo', 'endCursor')}"`;
      }
      expect(seen).toEqual(names);
    }
  });

  it('go on behind the cursor of any edge, also with another size', async () => {
    const start = await page(field, ', first: 5');
    const more = await page(field, `, first: 5, after: "${textAt(start, 'pageInfo', 'endCursor')}"`);
    const edges = [...cursorsIn(start), ...cursorsIn(more)];
    for (const [index, cursor] of edges.entries()) {
      expect(namesIn(await page(field, `, after: "${cursor}"`))).toEqual(names.slice(index + 1));
      const two = await page(field, `, first: 2, after: "${cursor}"`);
      expect(namesIn(two)).toEqual(names.slice(index + 1, index + 3));
      expect(at(two, 'pageInfo', 'hasNextPage')).toBe(names.length > index + 3);
    }
  });

  it('say how much follows and where they end', async () => {
    const start = await page(field, ', first: 3');
    expect(at(start, 'remainingItemCount')).toBe(names.length - 3);
    expect(at(start, 'pageInfo')).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: cursorsIn(start)[0],
      endCursor: cursorsIn(start)[2],
      consistent: true,
    });
  });

  it('of nothing are empty and the last', async () => {
    const empty = await page(field, ', first: 3, labelSelector: "nobody=has-this"');
    expect(namesIn(empty)).toEqual([]);
    expect(at(empty, 'pageInfo')).toMatchObject({ hasNextPage: false, startCursor: null, endCursor: null });
  });

  it('show one state, however long the reader takes', async () => {
    const start = await page(field, ', first: 2');
    const cursor = cursorsIn(start)[0];
    const kind = field === 'secrets' ? secret('a-late') : widgets.object('a-late');
    const type = field === 'secrets' ? 'secret' : `widgets.${widgets.group}`;
    await kubectl.create(namespace, kind);
    await kubectl.delete('-n', namespace, type, names[1] ?? '');
    try {
      expect(namesIn(await page(field, `, after: "${cursor}"`))).toEqual(names.slice(1));
    } finally {
      await kubectl.delete('-n', namespace, type, 'a-late');
      await kubectl.create(
        namespace,
        field === 'secrets' ? secret(names[1] ?? '') : widgets.object(names[1] ?? ''),
      );
    }
  });
});

describe('a cursor is refused', () => {
  it.each([
    ['in another namespace', 'secrets(namespace: "default", after: $after)'],
    ['in all namespaces', 'secrets(after: $after)'],
    [
      'with another selector',
      `secrets(namespace: "${namespace}", labelSelector: "half=first", after: $after)`,
    ],
    ['on another resource', `configMaps(namespace: "${namespace}", after: $after)`],
  ])('%s', async (_, field) => {
    const after = textAt(await page('secrets', ', first: 2'), 'pageInfo', 'endCursor');
    const failure = await gateway.failure(`query ($after: String) { ${field} { items { id } } }`, { after });
    expect(failure.extensions).toMatchObject({ code: 'INVALID_CURSOR' });
  });

  it.each(['', 'nonsense', 'WyJhIl0', '%00'])('when it is damaged: "%s"', async (after) => {
    const failure = await gateway.failure(
      'query ($after: String) { secrets(after: $after) { items { id } } }',
      {
        after,
      },
    );
    expect(failure.extensions).toMatchObject({ code: 'INVALID_CURSOR' });
  });

  it.each([0, -1])('and so is a page of %i', async (first) => {
    const failure = await gateway.failure(`{ secrets(first: ${first}) { items { id } } }`);
    expect(failure.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

describe('more objects than the gateway asks for at once', () => {
  const names = numbered('m', 600);
  const setup = (async () => {
    const many = await createNamespace(kubectl);
    const api = await createApiClient(layoutOf(cluster.dir), cluster.server);
    await forEachConcurrently(names, 16, (name) =>
      api.create(`/api/v1/namespaces/${many}/secrets`, secret(name)),
    );
    api.close();
    return many;
  })();

  it('come as one list, read in two pages', async () => {
    const many = await setup;
    gateway.calls.length = 0;
    const data = await gateway.data(
      `{ secrets(namespace: "${many}") { items { metadata { name } } remainingItemCount } }`,
    );
    expect(listAt(data, 'secrets', 'items').map((item) => textAt(item, 'metadata', 'name'))).toEqual(names);
    expect(at(data, 'secrets', 'remainingItemCount')).toBe(null);
    expect(gateway.calls.map(({ query }) => query?.['limit'])).toEqual(['500', '500']);
  });

  it('come in one page that is asked for as such', async () => {
    const many = await setup;
    const data = await gateway.data(
      `{ secrets(namespace: "${many}", first: 550) { edges { cursor } items { metadata { name } } pageInfo { endCursor hasNextPage } } }`,
    );
    expect(listAt(data, 'secrets', 'items').map((item) => textAt(item, 'metadata', 'name'))).toEqual(
      names.slice(0, 550),
    );
    const cursor = textAt(data, 'secrets', 'edges', 519, 'cursor');
    const rest = await gateway.data(
      `{ secrets(namespace: "${many}", after: "${cursor}") { items { metadata { name } } } }`,
    );
    expect(listAt(rest, 'secrets', 'items').map((item) => textAt(item, 'metadata', 'name'))).toEqual(
      names.slice(520),
    );
  });

  it('are an error with a cursor where they are more than one answer may hold', async () => {
    const many = await setup;
    const small = await startGateway({ kubeconfig: cluster.kubeconfig, maxListItems: 500 });
    atEnd(() => small.close());
    const failure = await small.failure(`{ secrets(namespace: "${many}") { items { id } } }`);
    expect(failure.extensions).toMatchObject({ code: 'LIST_TOO_LARGE' });
    const rest = await small.data(
      'query ($namespace: String, $after: String) { secrets(namespace: $namespace, after: $after) { items { metadata { name } } } }',
      { namespace: many, after: failure.extensions?.['cursor'] },
    );
    expect(listAt(rest, 'secrets', 'items').map((item) => textAt(item, 'metadata', 'name'))).toEqual(
      names.slice(500),
    );
  });
});

describe('a cursor whose state the API server has forgotten', () => {
  it('goes on with what is there now, and says so', async () => {
    const start = await page('secrets', ', first: 4');
    const old = await ageCursor(textAt(start, 'pageInfo', 'endCursor'));
    const rest = await page('secrets', `, after: "${old}"`);
    expect(namesIn(rest)).toEqual(numbered('c', 10).slice(4));
    expect(at(rest, 'pageInfo', 'consistent')).toBe(false);
  });

  /** The same cursor for a state that etcd has dropped: tokens expire after some 5 minutes, which no test waits for. */
  async function ageCursor(cursor: string): Promise<string> {
    const created = Number(textAt(await kubectl.get('namespace', namespace), 'metadata', 'resourceVersion'));
    const { ports } = requireState(layoutOf(cluster.dir));
    await fetch(`http://127.0.0.1:${ports.etcd}/v3/kv/compaction`, {
      method: 'POST',
      body: JSON.stringify({ revision: String(created) }),
    });
    const decode = (text: string) => Buffer.from(text, 'base64url').toString('utf8');
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const parts = JSON.parse(decode(cursor)) as string[];
    const token = JSON.parse(decode(parts[1] ?? '')) as object;
    return encode(parts.map((part, index) => (index === 1 ? encode({ ...token, rv: 1 }) : part)));
  }
});

it('a list that comes uncompressed is the one that comes compressed', async () => {
  const plain = await startGateway({ kubeconfig: cluster.kubeconfig, disableCompression: true });
  atEnd(() => plain.close());
  // Megabytes, which the streams on their way do not hold.
  const document =
    '{ customResourceDefinitions { items { metadata { name uid } spec { group names { kind } } } } }';
  expect(listAt(await plain.data(document), 'customResourceDefinitions', 'items').length).toBeGreaterThan(
    100,
  );
  // What other suites have left may still be going.
  await expect
    .poll(async () => [await plain.data(document), await gateway.data(document)], { timeout: 30_000 })
    .toSatisfy(([one, other]: readonly unknown[]) => isDeepStrictEqual(one, other));
});
