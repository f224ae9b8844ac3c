import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { at, type Exact, listAt } from '../real/support/exact-json.ts';
import { admin, PATCH } from './support/api.ts';
import { newNamespace } from './support/namespace.ts';
import { bodyOf, configMap, created, deployment, unscheduledPod } from './support/objects.ts';
import { DEFINITIONS, newWidgets } from './support/widgets.ts';

const META = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const META_LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const TABLE = 'application/json;as=Table;g=meta.k8s.io;v=v1';

const widgets = await newWidgets();
const namespace = await newNamespace();
const PATH = `/api/v1/namespaces/${namespace}`;
const MAPS = `${PATH}/configmaps`;
const WIDGETS = widgets.path(namespace);
await created(MAPS, configMap('one', { k: 'v' }, { labels: { a: 'b' } }));
await created(`${PATH}/pods`, unscheduledPod('p'));
await created(`/apis/apps/v1/namespaces/${namespace}/deployments`, deployment('d'));
for (const name of ['w1', 'w2']) {
  await created(WIDGETS, widgets.object(name, { size: 3, mode: 'Fast' }, { labels: { b: '1', a: '2' } }));
}

/** The names of an object's members, in the order in which they came. */
function keysOf(value: Exact | undefined): readonly string[] {
  return Object.keys(value as object);
}

describe('metadata alone', () => {
  it.each([
    ['one object', `${MAPS}/one`, META, 'PartialObjectMetadata'],
    ['one custom object', `${WIDGETS}/w1`, META, 'PartialObjectMetadata'],
    ['a list', MAPS, META_LIST, 'PartialObjectMetadataList'],
    ['a list of custom objects', WIDGETS, META_LIST, 'PartialObjectMetadataList'],
  ])('comes of %s', async (_, path, accept, kind) => {
    const { json, headers } = await admin.get(path, {}, `${accept},application/json`);
    expect(json).toMatchObject({ kind, apiVersion: 'meta.k8s.io/v1' });
    expect(headers['content-type']).toBe('application/json');
    const [object] = kind.endsWith('List') ? listAt(json, 'items') : [json];
    expect(object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: expect.any(String) as string, uid: expect.any(String) as string } });
    expect(object).not.toHaveProperty('data');
    expect(object).not.toHaveProperty('spec');
  });

  it.each([
    ['the single form of a list', MAPS, META],
    ['the list form of an object', `${MAPS}/one`, META_LIST],
  ])('is not %s, even with plain JSON behind it', async (_, path, accept) => {
    const { status, json } = await admin.get(path, {}, `${accept},application/json`);
    expect({ status, reason: at(json, 'reason') }).toEqual({ status: 406, reason: 'NotAcceptable' });
  });

  it('comes of what was written too, but a Status stays a Status', async () => {
    const written = await admin.send('POST', MAPS, { body: configMap('meta', { k: 'v' }), accept: META });
    expect(written).toMatchObject({ status: 201, json: { kind: 'PartialObjectMetadata' } });
    const patched = await admin.patch(`${MAPS}/meta`, PATCH.merge, { data: { k: 'w' } }, { accept: META });
    expect(patched).toMatchObject({ status: 200, json: { kind: 'PartialObjectMetadata' } });
    expect(await admin.delete(`${MAPS}/meta`, { accept: META })).toMatchObject({ status: 200, json: { kind: 'Status' } });
  });

  it('pages like the whole', async () => {
    const first = bodyOf(await admin.get(WIDGETS, { limit: 1 }, META_LIST));
    const rest = bodyOf(await admin.get(WIDGETS, { limit: 1, continue: String(at(first, 'metadata', 'continue')) }, META_LIST));
    expect([first, rest].map((list) => at(list, 'items', 0, 'metadata', 'name'))).toEqual(['w1', 'w2']);
  });
});

describe('a table', () => {
  it.each([
    ['pods', ['Name', 'Ready', 'Status', 'Restarts', 'Age', 'IP', 'Node', 'Nominated Node', 'Readiness Gates'], ['p', '0/1', 'Pending', '0']],
    ['configmaps', ['Name', 'Data', 'Age'], ['kube-root-ca.crt', 1]],
  ])('of %s has their columns', async (resource, columns, cells) => {
    const { json } = await admin.get(`${PATH}/${resource}`, {}, `${TABLE},application/json`);
    expect(json).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1' });
    expect(listAt(json, 'columnDefinitions').map((column) => at(column, 'name'))).toEqual(columns);
    expect(listAt(json, 'rows', 0, 'cells').slice(0, cells.length)).toEqual(cells);
  });

  it('of a deployment has its columns', async () => {
    const { json } = await admin.get(`/apis/apps/v1/namespaces/${namespace}/deployments/d`, {}, TABLE);
    expect(listAt(json, 'columnDefinitions').map((column) => at(column, 'name'))).toEqual(['Name', 'Ready', 'Up-to-date', 'Available', 'Age', 'Containers', 'Images', 'Selector']);
    expect(listAt(json, 'rows', 0, 'cells').filter((_, index) => index !== 4)).toEqual(['d', '0/0', 0, 0, 'main', 'example.com/none:1', 'app=d']);
  });

  it('of custom objects has the columns of their definition', async () => {
    const { json } = await admin.get(WIDGETS, {}, TABLE);
    expect(at(json, 'columnDefinitions')).toMatchObject([
      { name: 'Name', type: 'string', format: 'name', priority: 0 },
      { name: 'Size', type: 'integer', priority: 0 },
      { name: 'Mode', type: 'string', description: 'how', priority: 1 },
    ]);
    expect(at(json, 'rows', 0, 'cells')).toEqual(['w1', 3, 'Fast']);
  });

  it.each([
    ['Metadata', { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' }],
    ['Object', { kind: 'ConfigMap', apiVersion: 'v1', data: { k: 'v' } }],
    ['None', undefined],
  ])('carries of the objects what is asked for: %s', async (includeObject, expected) => {
    const { json } = await admin.get(`${MAPS}/one`, { includeObject }, TABLE);
    const object = at(json, 'rows', 0, 'object');
    if (expected === undefined) expect(object ?? undefined).toBeUndefined();
    else expect(object).toMatchObject(expected);
  });

  it('carries metadata unless told otherwise', async () => {
    const { json } = await admin.get(`${MAPS}/one`, {}, TABLE);
    expect(at(json, 'rows', 0, 'object', 'kind')).toBe('PartialObjectMetadata');
  });

  it('refuses any other wish', async () => {
    expect((await admin.get(`${MAPS}/one`, { includeObject: 'All' }, TABLE)).status).toBe(400);
  });
});

describe('what cannot be had', () => {
  it.each([
    ['HTML', MAPS, 'text/html'],
    ['CBOR', MAPS, 'application/cbor'],
    ['custom objects as protobuf', WIDGETS, 'application/vnd.kubernetes.protobuf'],
    ['another representation', MAPS, 'application/json;as=Nonsense;g=meta.k8s.io;v=v1'],
  ])('is 406: %s', async (_, path, accept) => {
    expect((await admin.get(path, {}, accept)).status).toBe(406);
  });

  it('is told in pretty JSON', async () => {
    const { text, json } = await admin.get(MAPS, {}, 'text/html');
    expect(text).toContain('\n  "kind": "Status",\n');
    expect(json).toMatchObject({ reason: 'NotAcceptable', code: 406, message: expect.stringMatching(/^406: Not Acceptable\n\nAvailable representations: application\/json, application\/yaml, /) as string });
  });

  it.each(['*/*', 'text/html, application/json', 'application/json;q=0.5'])('leaves JSON for %s', async (accept) => {
    const { status, headers } = await admin.get(MAPS, {}, accept);
    expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'application/json' });
  });
});

describe('the order of members', () => {
  it.each([
    ['a list', MAPS, { limit: 1 }, 'application/json', ['kind', 'apiVersion', 'metadata', 'items'], ['resourceVersion', 'continue', 'remainingItemCount']],
    ['a list of definitions', DEFINITIONS, { limit: 1 }, 'application/json', ['kind', 'apiVersion', 'metadata', 'items'], undefined],
    ['a list of custom objects', WIDGETS, { limit: 1 }, 'application/json', ['apiVersion', 'items', 'kind', 'metadata'], ['continue', 'remainingItemCount', 'resourceVersion']],
    ['a list of the metadata of custom objects', WIDGETS, { limit: 1 }, META_LIST, ['kind', 'apiVersion', 'metadata', 'items'], ['resourceVersion', 'continue', 'remainingItemCount']],
    ['a table of custom objects', WIDGETS, { limit: 1 }, TABLE, ['kind', 'apiVersion', 'metadata', 'columnDefinitions', 'rows'], ['resourceVersion', 'continue', 'remainingItemCount']],
    ['an object', `/apis/apps/v1/namespaces/${namespace}/deployments/d`, {}, 'application/json', ['kind', 'apiVersion', 'metadata', 'spec', 'status'], undefined],
    ['a custom object', `${WIDGETS}/w1`, {}, 'application/json', ['apiVersion', 'kind', 'metadata', 'spec'], ['creationTimestamp', 'generation', 'labels', 'managedFields', 'name', 'namespace', 'resourceVersion', 'uid']],
  ])('of %s', async (_, path, query, accept, keys, metadata) => {
    const json = bodyOf(await admin.get(path, query, accept));
    expect(keysOf(json)).toEqual(keys);
    if (metadata !== undefined) expect(keysOf(at(json, 'metadata'))).toEqual(metadata);
  });

  it('follows the struct in built-in metadata', async () => {
    const { json } = await admin.get(`${MAPS}/one`);
    expect(keysOf(at(json, 'metadata'))).toEqual(['name', 'namespace', 'uid', 'resourceVersion', 'creationTimestamp', 'labels', 'managedFields']);
    expect(keysOf(json)).toEqual(['kind', 'apiVersion', 'metadata', 'data']);
  });

  it('puts kind and apiVersion into custom items and not into built-in ones', async () => {
    const [maps, custom, definitions] = await Promise.all([MAPS, WIDGETS, DEFINITIONS].map((path) => admin.get(path, { limit: 1 })));
    expect(at(maps?.json, 'items', 0)).not.toHaveProperty('kind');
    expect(at(definitions?.json, 'items', 0)).not.toHaveProperty('kind');
    expect(at(custom?.json, 'items', 0)).toMatchObject({ kind: 'Widget', apiVersion: widgets.apiVersion });
  });
});

describe('printing', () => {
  it('is compact, with a line end', async () => {
    const { text } = await admin.get(`${MAPS}/one`);
    expect(text).toMatch(/^\{"kind":"ConfigMap","apiVersion":"v1",.*\}\n$/);
  });

  it.each([
    ['asked for', { pretty: true }, {}],
    ['a browser asks', {}, { 'user-agent': 'Mozilla/5.0 (X11)' }],
    ['curl asks', {}, { 'user-agent': 'curl/8.0' }],
  ])('is pretty when %s', async (_, query, headers) => {
    const { text } = await admin.send('GET', `${MAPS}/one`, { query, headers });
    expect(text).toMatch(/^\{\n {2}"kind": "ConfigMap",\n/);
  });

  it('answers YAML when asked', async () => {
    const { text, headers } = await admin.get(`${MAPS}/one`, {}, 'application/yaml');
    expect(headers['content-type']).toBe('application/yaml');
    expect(text).toMatch(/^apiVersion: v1\ndata:\n {2}k: v\nkind: ConfigMap\n/);
  });

  it('escapes what HTML would take for its own, in built-in objects', async () => {
    await created(MAPS, configMap('odd', { k: '<a> & \u2028' }));
    expect((await admin.get(`${MAPS}/odd`)).text).toContain(String.raw`"\u003ca\u003e \u0026 \u2028"`);
  });
});

describe('compression', () => {
  const zipped = { headers: { 'accept-encoding': 'gzip' } };

  it('begins above 128 KiB', async () => {
    await created(MAPS, configMap('big', { k: 'x'.repeat(140_000) }));
    const { headers, bytes } = await admin.send('GET', `${MAPS}/big`, zipped);
    expect(headers['content-encoding']).toBe('gzip');
    expect(headers.vary).toContain('Accept-Encoding');
    expect(JSON.parse(gunzipSync(bytes).toString('utf8'))).toMatchObject({ data: { k: 'x'.repeat(140_000) } });
  });

  it('leaves smaller bodies alone', async () => {
    await created(MAPS, configMap('less', { k: 'x'.repeat(120_000) }));
    expect((await admin.send('GET', `${MAPS}/less`, zipped)).headers['content-encoding']).toBeUndefined();
  });

  it('is not forced on anybody', async () => {
    expect((await admin.get(`${MAPS}/big`)).headers['content-encoding']).toBeUndefined();
  });

  it('of a list counts the whole list', async () => {
    const { headers } = await admin.send('GET', MAPS, zipped);
    expect(headers['content-encoding']).toBe('gzip');
  });
});

it('every answer can be traced and is not to be kept', async () => {
  const { headers } = await admin.get(MAPS);
  expect(headers['cache-control']).toBe('no-cache, private');
  expect(headers['audit-id']).toMatch(/^[0-9a-f-]{36}$/);
});
