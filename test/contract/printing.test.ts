import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { at, type Exact } from '../real/support/exact-json.ts';
import { ACCEPT } from './support/accept.ts';
import { admin } from './support/api.ts';
import { newNamespace } from './support/namespace.ts';
import { bodyOf, configMap, created, deployment } from './support/objects.ts';
import { DEFINITIONS, newWidgets } from './support/widgets.ts';

const widgets = await newWidgets();
const namespace = await newNamespace();
const MAPS = `/api/v1/namespaces/${namespace}/configmaps`;
const WIDGETS = widgets.path(namespace);
await created(MAPS, configMap('one', { k: 'v' }, { labels: { a: 'b' } }));
await created(`/apis/apps/v1/namespaces/${namespace}/deployments`, deployment('d'));
for (const name of ['w1', 'w2']) {
  await created(WIDGETS, widgets.object(name, { size: 3 }, { labels: { b: '1', a: '2' } }));
}

/** The names of an object's members, in the order in which they came. */
function keysOf(value: Exact | undefined): readonly string[] {
  return Object.keys(value as object);
}

describe('the order of members', () => {
  it.each([
    [
      'a list',
      MAPS,
      { limit: 1 },
      'application/json',
      ['kind', 'apiVersion', 'metadata', 'items'],
      ['resourceVersion', 'continue', 'remainingItemCount'],
    ],
    [
      'a list of definitions',
      DEFINITIONS,
      { limit: 1 },
      'application/json',
      ['kind', 'apiVersion', 'metadata', 'items'],
      undefined,
    ],
    [
      'a list of custom objects',
      WIDGETS,
      { limit: 1 },
      'application/json',
      ['apiVersion', 'items', 'kind', 'metadata'],
      ['continue', 'remainingItemCount', 'resourceVersion'],
    ],
    [
      'a list of the metadata of custom objects',
      WIDGETS,
      { limit: 1 },
      ACCEPT.metadataList,
      ['kind', 'apiVersion', 'metadata', 'items'],
      ['resourceVersion', 'continue', 'remainingItemCount'],
    ],
    [
      'a table of custom objects',
      WIDGETS,
      { limit: 1 },
      ACCEPT.table,
      ['kind', 'apiVersion', 'metadata', 'columnDefinitions', 'rows'],
      ['resourceVersion', 'continue', 'remainingItemCount'],
    ],
    [
      'an object',
      `/apis/apps/v1/namespaces/${namespace}/deployments/d`,
      {},
      'application/json',
      ['kind', 'apiVersion', 'metadata', 'spec', 'status'],
      undefined,
    ],
    [
      'a custom object',
      `${WIDGETS}/w1`,
      {},
      'application/json',
      ['apiVersion', 'kind', 'metadata', 'spec'],
      [
        'creationTimestamp',
        'generation',
        'labels',
        'managedFields',
        'name',
        'namespace',
        'resourceVersion',
        'uid',
      ],
    ],
  ])('of %s', async (_, path, query, accept, keys, metadata) => {
    const json = bodyOf(await admin.get(path, query, accept));
    expect(keysOf(json)).toEqual(keys);
    if (metadata !== undefined) expect(keysOf(at(json, 'metadata'))).toEqual(metadata);
  });

  it('follows the struct in built-in metadata', async () => {
    const { json } = await admin.get(`${MAPS}/one`);
    expect(keysOf(at(json, 'metadata'))).toEqual([
      'name',
      'namespace',
      'uid',
      'resourceVersion',
      'creationTimestamp',
      'labels',
      'managedFields',
    ]);
    expect(keysOf(json)).toEqual(['kind', 'apiVersion', 'metadata', 'data']);
  });

  it('puts kind and apiVersion into custom items and not into built-in ones', async () => {
    const [maps, custom, definitions] = await Promise.all(
      [MAPS, WIDGETS, DEFINITIONS].map((path) => admin.get(path, { limit: 1 })),
    );
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
    expect(JSON.parse(gunzipSync(bytes).toString('utf8'))).toMatchObject({
      data: { k: 'x'.repeat(140_000) },
    });
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
