import { type GraphQLObjectType, isObjectType, validateSchema } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import { createWidgets } from './support/custom-kind.ts';
import { at, listAt, parseExact, textAt } from './support/exact-json.ts';
import { introspectedSchema } from './support/introspect.ts';
import { servedResources } from './support/resources.ts';
import { openSuite } from './support/suite.ts';

const { kubectl, gateway, namespace } = await openSuite();
const schema = await introspectedSchema(gateway);

/** A row of the table that `kubectl api-resources -o wide` prints. */
interface Row {
  readonly name: string;
  readonly shortNames: readonly string[];
  readonly apiVersion: string;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly verbs: readonly string[];
  readonly categories: readonly string[];
}

/** Cuts the table at its header's columns: cells may be empty. */
function readTable(text: string): readonly Row[] {
  const [header = '', ...lines] = text.trimEnd().split('\n');
  const starts = [...header.matchAll(/\S+/g)].map(({ index }) => index);
  return lines.map((line) => {
    const cell = (column: number) => line.slice(starts[column], starts[column + 1]).trim();
    const list = (column: number) => cell(column).split(',').filter(Boolean);
    return {
      name: cell(0),
      shortNames: list(1),
      apiVersion: cell(2),
      namespaced: cell(3) === 'true',
      kind: cell(4),
      verbs: list(5),
      categories: list(6),
    };
  });
}

const byName = (a: Row, b: Row) => (a.apiVersion + a.name < b.apiVersion + b.name ? -1 : 1);

/** kubectl prints these in an order of its own. */
function inOrder(row: Row): Row {
  return { ...row, verbs: row.verbs.toSorted(), categories: row.categories.toSorted() };
}

describe('introspection', () => {
  it('gives a schema in which graphql-js finds no fault', () => {
    expect(validateSchema(schema)).toEqual([]);
  });

  it('says at every root field which HTTP path it is', () => {
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const fields = roots.flatMap((type) => Object.values(type?.getFields() ?? {}));
    // Which path an id means, only its bearer can know.
    const without = fields.filter(
      ({ name, description }) => name !== 'object' && !/`[^`]*\/[^`]*`/.test(description ?? ''),
    );
    expect(fields.length).toBeGreaterThan(1_000);
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  it('has a list, and where there is one a get, for every served resource', async () => {
    const query = schema.getQueryType() as GraphQLObjectType;
    const resources = await servedResources(kubectl);
    const data = await gateway.data('{ apiResources { name apiVersion verbs fields { list get } } }');
    const rows = listAt(data, 'apiResources');
    expect(rows).toHaveLength(resources.length);
    for (const row of rows) {
      for (const verb of ['list', 'get'] as const) {
        const field = at(row, 'fields', verb);
        const has = listAt(row, 'verbs').includes(verb);
        expect(typeof field === 'string').toBe(has);
        if (typeof field === 'string') expect(query.getFields()[field]).toBeDefined();
      }
    }
  });

  it('describes types and fields in the words of Kubernetes', () => {
    const type = schema.getType('CoreV1PodSpec');
    if (!isObjectType(type)) throw new Error('there is no CoreV1PodSpec');
    expect(type.description).toBe('PodSpec is a description of a pod.');
    expect(type.getFields()['nodeName']?.description).toMatch(
      /^NodeName indicates in which node this pod is scheduled/,
    );
  });

  it('of one type is the same as in the whole', async () => {
    const data = await gateway.data(
      '{ __type(name: "AppsV1DeploymentSpec") { kind name fields { name description } } }',
    );
    const type = schema.getType('AppsV1DeploymentSpec') as GraphQLObjectType;
    const fields = Object.values(type.getFields()).map(({ name, description }) => ({ name, description }));
    expect(data).toEqual({ __type: { kind: 'OBJECT', name: 'AppsV1DeploymentSpec', fields } });
  });
});

describe('the tables of kubectl', () => {
  const selection = '{ name shortNames apiVersion namespaced kind verbs categories preferred }';

  it('api-resources, row for row', async () => {
    const expected = readTable(await kubectl.run(['api-resources', '-o', 'wide']));
    const data = await gateway.data(`{ apiResources ${selection} }`);
    const rows = listAt(data, 'apiResources')
      .filter((row) => at(row, 'preferred') === true)
      .map((row) => {
        const { preferred: _, ...columns } = row as unknown as Row & { readonly preferred: boolean };
        return columns;
      });
    expect(rows.map(inOrder).toSorted(byName)).toEqual(expected.map(inOrder).toSorted(byName));
  });

  it.each([
    [['--api-group=apps'], 'group: "apps"'],
    [['--api-group='], 'group: ""'],
    [['--namespaced=false'], 'namespaced: false'],
    [['--verbs=list,create'], 'verbs: ["list", "create"]'],
    [['--categories=cert-manager'], 'categories: ["cert-manager"]'],
  ])('api-resources %s', async (flags, args) => {
    const output = await kubectl.run(['api-resources', '-o', 'name', ...flags]);
    const data = await gateway.data(`{ apiResources(${args}) { name group preferred } }`);
    const names = listAt(data, 'apiResources')
      .filter((row) => at(row, 'preferred') === true)
      .map((row) => [textAt(row, 'name'), textAt(row, 'group')].filter(Boolean).join('.'));
    expect(names.toSorted()).toEqual(output.trimEnd().split('\n').toSorted());
  });

  it('api-versions', async () => {
    const output = await kubectl.run(['api-versions']);
    const data = await gateway.data('{ apiVersions { apiVersion stale } }');
    const versions = listAt(data, 'apiVersions').map((row) => textAt(row, 'apiVersion'));
    expect(versions.toSorted()).toEqual(output.trimEnd().split('\n').toSorted());
    expect(listAt(data, 'apiVersions').filter((row) => at(row, 'stale') !== false)).toEqual([]);
  });

  it('version', async () => {
    const output = parseExact(await kubectl.run(['version', '-o', 'json']));
    const fields = 'major minor gitVersion gitCommit gitTreeState buildDate goVersion compiler platform';
    const data = await gateway.data(`{ version { ${fields} } }`);
    expect(at(output, 'serverVersion')).toMatchObject(at(data, 'version') as object);
  });
});

describe('raw(path:) is kubectl get --raw', () => {
  const SETTLED = { timeout: 15_000, interval: 100 };

  it.each([
    '/version',
    '/api',
    '/apis/apps/v1',
    '/openapi/v3/apis/apps/v1',
    '/api/v1/namespaces/kube-system?pretty=false',
    '/apis/apiextensions.k8s.io/v1/customresourcedefinitions?limit=3',
    '/livez',
    '/livez/ping',
  ])('%s', async (path) => {
    // A list has the cluster's revision, which may grow between the two.
    await vi.waitFor(async () => {
      const output = await kubectl.run(['get', '--raw', path]);
      const data = await gateway.data('query ($path: String!) { raw(path: $path) }', { path });
      expect(at(data, 'raw')).toEqual(output.startsWith('{') ? parseExact(output) : output);
    }, SETTLED);
  });

  it.each([
    '/api/v1/pods?watch=1',
    'version',
    '//example.com/',
    '/api/v1/namespaces/default/services/a/proxy/',
  ])('but never for %s', async (path) => {
    const failure = await gateway.failure('query ($path: String!) { raw(path: $path) }', { path });
    expect(failure.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

describe('object(id:)', () => {
  it.each([
    ['a built-in, namespaced object', `namespace(name: "${namespace}")`],
    ['a cluster-wide object', 'clusterRole(name: "view")'],
    ['an object with a colon in its name', 'clusterRole(name: "system:node")'],
    ['a pod', 'pods(first: 1)'],
    ['a definition', 'customResourceDefinitions(first: 1)'],
  ])('is the same again for %s', async (_, field) => {
    const isList = field.includes('first');
    const data = await gateway.data(`{ it: ${field} { ${isList ? 'items { id raw }' : 'id raw'} } }`);
    const found = isList ? at(data, 'it', 'items', 0) : at(data, 'it');
    const id = textAt(found, 'id');
    const again = await gateway.data(
      'query ($id: ID!) { object(id: $id) { __typename id kind apiVersion metadata { name namespace uid } raw } }',
      { id },
    );
    expect(at(again, 'object', 'id')).toBe(id);
    expect(at(again, 'object', 'raw', 'metadata', 'uid')).toBe(at(found, 'raw', 'metadata', 'uid'));
    expect(at(again, 'object', 'kind')).toBe(at(found, 'raw', 'kind'));
  });

  it('shows the typed fields of what it turns out to be', async () => {
    const data = await gateway.data(`{ namespace(name: "${namespace}") { id } }`);
    const again = await gateway.data(
      'query ($id: ID!) { object(id: $id) { ... on CoreV1Namespace { status { phase } } ... on CoreV1Pod { spec { nodeName } } } }',
      { id: textAt(data, 'namespace', 'id') },
    );
    expect(again).toEqual({ object: { status: { phase: 'Active' } } });
  });
});

describe('a kind that is installed while the gateway runs', () => {
  it('is there at once, and gone when it is removed', async () => {
    const widgets = await createWidgets(kubectl);
    await kubectl.create(namespace, widgets.object('first', { text: 'here' }));
    const document = `{ ${widgets.list}(namespace: "${namespace}") { items { metadata { name } spec { text } } } }`;
    // The gateway looks again at most once a second.
    await expect
      .poll(async () => (await gateway.ask(document)).data, { timeout: 20_000 })
      .toEqual({ [widgets.list]: { items: [{ metadata: { name: 'first' }, spec: { text: 'here' } }] } });
    await kubectl.run(['delete', 'crd', `widgets.${widgets.group}`]);
    await expect
      .poll(async () => (await gateway.ask(document)).errors[0]?.extensions?.['code'], { timeout: 60_000 })
      .toMatch(/^(?:NOT_FOUND|GRAPHQL_VALIDATION_FAILED)$/);
  });
});
