import { describe, expect, test } from 'vitest';
import type { HandleResource, Reply } from '../../../../demo/verbs/request.ts';
import { registry, startServer, type TestAnswer } from './support.ts';

const POD = {
  status: { phase: 'Running' },
  spec: { nodeName: 'n', containers: [{ name: 'c' }] },
  metadata: { uid: 'u', namespace: 'a', name: 'p', resourceVersion: '7' },
  kind: 'Pod',
  apiVersion: 'v1',
};

const WIDGET = {
  kind: 'Widget',
  apiVersion: 'example.com/v1',
  metadata: { name: 'w', namespace: 'a', creationTimestamp: '2025-12-31T23:59:00Z', resourceVersion: '9' },
  spec: { size: 3, color: 'red' },
};

const PODS = '/api/v1/namespaces/a/pods';
const WIDGETS = '/apis/example.com/v1/namespaces/a/widgets';
const TABLE = 'application/json;as=Table;g=meta.k8s.io;v=v1';
const METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

function objects(
  objects: readonly Readonly<Record<string, unknown>>[],
  remainingItemCount?: number,
): HandleResource {
  return async (_, { resource, verb }): Promise<Reply> => {
    if (verb === 'get') return { kind: 'object', status: 200, object: objects[0] ?? {} };
    const more = remainingItemCount === undefined ? {} : { remainingItemCount, continueToken: 'tok' };
    return { kind: 'list', resource, objects, metadata: { resourceVersion: '12', ...more } };
  };
}

async function ask(
  handle: HandleResource,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<TestAnswer> {
  const { send } = await startServer(handle);
  return send(path, { headers });
}

describe('the order of keys', () => {
  test('of a built-in object is that of its type', async () => {
    const { body } = await ask(objects([POD]), `${PODS}/p`);
    expect(body).toBe(
      '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p","namespace":"a","uid":"u","resourceVersion":"7"},"spec":{"nodeName":"n","containers":[{"name":"c"}]},"status":{"phase":"Running"}}\n',
    );
  });

  test('of a built-in list has the metadata first, and items without kind and version', async () => {
    const { body } = await ask(objects([POD], 5), PODS);
    expect(body).toMatch(
      /^\{"kind":"PodList","apiVersion":"v1","metadata":\{"resourceVersion":"12","continue":"tok","remainingItemCount":5\},"items":\[\{"metadata":\{"name":"p"/,
    );
  });

  test('of a custom object is alphabetical at every level', async () => {
    const { body } = await ask(objects([WIDGET]), `${WIDGETS}/w`);
    expect(body).toBe(
      '{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"creationTimestamp":"2025-12-31T23:59:00Z","name":"w","namespace":"a","resourceVersion":"9"},"spec":{"color":"red","size":3}}\n',
    );
  });

  test('of a custom list puts the metadata behind the items, with an empty continue', async () => {
    const { body } = await ask(objects([WIDGET]), WIDGETS);
    expect(body).toMatch(
      /^\{"apiVersion":"example.com\/v1","items":\[\{"apiVersion":"example.com\/v1","kind":"Widget"/,
    );
    expect(body).toMatch(/\],"kind":"WidgetList","metadata":\{"continue":"","resourceVersion":"12"\}\}\n$/);
  });
});

describe('lists without items', () => {
  test.each([
    [PODS, 'application/json', []],
    [WIDGETS, 'application/json', []],
    [PODS, METADATA_LIST, null],
  ])('%s as %s', async (path, accept, items) => {
    expect((await ask(objects([]), path, { accept })).json()['items']).toEqual(items);
  });
});

test('integers beyond 2^53 keep every digit', async () => {
  const big = { kind: 'Widget', spec: { size: 9_223_372_036_854_775_807n } };
  expect((await ask(objects([big]), `${WIDGETS}/w`)).body).toContain('"size":9223372036854775807');
  expect((await ask(objects([big]), `${WIDGETS}/w?pretty=1`)).body).toContain('"size": 9223372036854775807');
  expect((await ask(objects([big]), `${WIDGETS}?pretty=1`)).body).toContain('"size": 9223372036854775807');
});

test('what HTML could take for its own is escaped, as Go does', async () => {
  const { body } = await ask(objects([{ kind: 'Pod', text: '<a & b>' }]), `${PODS}/p`);
  expect(body).toContain(String.raw`"\u003ca \u0026 b\u003e"`);
});

describe('indentation', () => {
  test.each(['curl/8.0', 'Wget/1.2', 'Mozilla/5.0 (X11)'])(
    'is for people, who come with %s',
    async (agent) => {
      expect((await ask(objects([POD]), `${PODS}/p`, { 'user-agent': agent })).body).toContain(
        '{\n  "kind": "Pod"',
      );
    },
  );

  test.each([
    ['?pretty=true', true],
    ['?pretty=1', true],
    ['?pretty=false', false],
    ['', false],
  ])('with %s: %s', async (query, expected) => {
    expect((await ask(objects([POD]), PODS + query)).body.includes('\n  ')).toBe(expected);
  });
});

test('YAML is written for whoever accepts nothing else', async () => {
  const { body, headers } = await ask(objects([POD]), `${PODS}/p`, { accept: 'application/yaml' });
  expect(headers['content-type']).toBe('application/yaml');
  expect(body).toMatch(/^apiVersion: v1\nkind: Pod\nmetadata:\n {2}name: p\n/);
});

describe('what is accepted', () => {
  test.each([
    ['*/*', 'application/json'],
    ['application/*', 'application/json'],
    ['application/vnd.kubernetes.protobuf,application/json', 'application/json'],
    ['application/json;q=0.1,application/yaml', 'application/yaml'],
    ['application/json;as=Foo;g=meta.k8s.io;v=v1,application/yaml', 'application/yaml'],
  ])('%s becomes %s', async (accept, type) => {
    expect((await ask(objects([POD]), `${PODS}/p`, { accept })).headers['content-type']).toBe(type);
  });

  test.each([
    'text/html',
    'application/cbor',
    'application/vnd.kubernetes.protobuf',
    `${TABLE.slice(0, -1)}2`,
  ])('%s alone is refused, in indented JSON', async (accept) => {
    const answer = await ask(objects([POD]), `${PODS}/p`, { accept });
    expect(answer.status).toBe(406);
    expect(answer.body).toContain('\n  "reason": "NotAcceptable"');
  });

  test('an error is written in the fallback of a client that asks for a table', async () => {
    const { body } = await ask(objects([POD]), '/api/v1/foos', { accept: `${TABLE},application/json` });
    expect(body).toMatch(/^\{"kind":"Status"/);
  });
});

describe('metadata alone', () => {
  test('of an object', async () => {
    expect((await ask(objects([WIDGET]), `${WIDGETS}/w`, { accept: METADATA })).body).toBe(
      '{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"w","namespace":"a","resourceVersion":"9","creationTimestamp":"2025-12-31T23:59:00Z"}}\n',
    );
  });

  test('of a list, also of a custom resource, comes like a built-in list whose items say what they are', async () => {
    const { body } = await ask(objects([WIDGET]), WIDGETS, { accept: `${METADATA_LIST},application/json` });
    expect(body).toMatch(
      /^\{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io\/v1","metadata":\{"resourceVersion":"12"\},"items":\[\{"kind":"PartialObjectMetadata"/,
    );
  });

  test.each([
    [PODS, METADATA, 'you requested PartialObjectMetadata, but the requested object is a list (*'],
    [
      `${PODS}/p`,
      METADATA_LIST,
      'you requested PartialObjectMetadataList, but the requested object is not a list (*',
    ],
  ])('in the wrong form for %s is refused even with a fallback', async (path, accept, message) => {
    const answer = await ask(objects([POD]), path, { accept: `${accept},application/json` });
    expect(answer.status).toBe(406);
    expect(answer.json()['message']).toContain(message);
  });
});

describe('tables', () => {
  test('of a custom resource have the columns of its definition', async () => {
    const table = (await ask(objects([WIDGET], 5), WIDGETS, { accept: TABLE })).json();
    expect(table).toMatchObject({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: '12', continue: 'tok', remainingItemCount: 5 },
      rows: [{ cells: ['w', 'red', null, 3, '60s'], object: { kind: 'PartialObjectMetadata' } }],
    });
    expect(Object.keys(table)).toEqual(['kind', 'apiVersion', 'metadata', 'columnDefinitions', 'rows']);
  });

  test('of one object have that object’s version', async () => {
    expect((await ask(objects([WIDGET]), `${WIDGETS}/w`, { accept: TABLE })).json()['metadata']).toEqual({
      resourceVersion: '9',
    });
  });

  test.each([
    ['None', null],
    ['Object', WIDGET],
  ])('include %s of the objects on demand', async (include, object) => {
    const { rows } = (
      await ask(objects([WIDGET]), `${WIDGETS}?includeObject=${include}`, { accept: TABLE })
    ).json();
    expect(rows).toMatchObject([{ object }]);
  });

  test('refuse to include anything else', async () => {
    const answer = await ask(objects([WIDGET]), `${WIDGETS}?includeObject=Foo`, { accept: TABLE });
    expect(answer.status).toBe(400);
    expect(answer.json()['message']).toBe(
      `Unable to convert to Table as requested: includeObject: Invalid value: "Foo": must be 'Metadata', 'Object', 'None', or empty`,
    );
  });

  test('are not made of a Status', async () => {
    const deleted: HandleResource = async () => ({
      kind: 'status',
      status: 200,
      object: { kind: 'Status', status: 'Success' },
    });
    const { send } = await startServer(deleted);
    const answer = await send(`${PODS}/p`, {
      method: 'DELETE',
      headers: { accept: `${TABLE},application/json` },
    });
    expect(answer.json()).toEqual({ kind: 'Status', status: 'Success' });
  });
});

describe('compression', () => {
  const item = (index: number) => ({ kind: 'Pod', metadata: { name: `p${index}`, note: 'x'.repeat(1000) } });
  const pods = (count: number) => objects(Array.from({ length: count }, (_, index) => item(index)));

  test.each([
    ['a list of 50 KB', 50, undefined],
    ['a list of 200 KB', 200, 'gzip'],
  ])('of %s', async (_, count, encoding) => {
    const { headers } = await ask(pods(count), PODS, { 'accept-encoding': 'gzip' });
    expect(headers['content-encoding']).toBe(encoding);
    expect(headers['vary']).toBe(encoding === undefined ? undefined : 'Accept-Encoding');
  });

  test('is left away where it is not asked for, and the list is whole', async () => {
    const answer = await ask(pods(500), PODS);
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(answer.json()['items']).toHaveLength(500);
  });
});

test('a deprecated resource warns, and each warning comes once', async () => {
  const { send } = await startServer(async (_, { warn }) => {
    warn('unknown field "spec.a"');
    warn('unknown field "spec.a"');
    return { kind: 'object', status: 200, object: {} };
  });
  const { headers } = await send('/api/v1/namespaces/a/endpoints/e');
  expect(headers['warning']).toEqual([
    `299 - "${registry.find('', 'v1', 'endpoints')?.deprecationWarning}"`,
    String.raw`299 - "unknown field \"spec.a\""`,
  ]);
});
