import { describe, expect, it } from 'vitest';
import { at, listAt, textAt } from '../real/support/exact-json.ts';
import { ACCEPT } from './support/accept.ts';
import { admin, PATCH } from './support/api.ts';
import { newNamespace } from './support/namespace.ts';
import { bodyOf, configMap, created, deployment, unscheduledPod } from './support/objects.ts';
import { newWidgets } from './support/widgets.ts';

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

describe('metadata alone', () => {
  it.each([
    ['one object', `${MAPS}/one`, ACCEPT.metadata, 'PartialObjectMetadata'],
    ['one custom object', `${WIDGETS}/w1`, ACCEPT.metadata, 'PartialObjectMetadata'],
    ['a list', MAPS, ACCEPT.metadataList, 'PartialObjectMetadataList'],
    ['a list of custom objects', WIDGETS, ACCEPT.metadataList, 'PartialObjectMetadataList'],
  ])('comes of %s', async (_, path, accept, kind) => {
    const { json, headers } = await admin.get(path, {}, `${accept},application/json`);
    expect(json).toMatchObject({ kind, apiVersion: 'meta.k8s.io/v1' });
    expect(headers['content-type']).toBe('application/json');
    const [object] = kind.endsWith('List') ? listAt(json, 'items') : [json];
    expect(object).toMatchObject({
      kind: 'PartialObjectMetadata',
      metadata: { name: expect.any(String) as string, uid: expect.any(String) as string },
    });
    expect(object).not.toHaveProperty('data');
    expect(object).not.toHaveProperty('spec');
  });

  it.each([
    ['the single form of a list', MAPS, ACCEPT.metadata],
    ['the list form of an object', `${MAPS}/one`, ACCEPT.metadataList],
  ])('is not %s, even with plain JSON behind it', async (_, path, accept) => {
    const { status, json } = await admin.get(path, {}, `${accept},application/json`);
    expect({ status, reason: at(json, 'reason') }).toEqual({ status: 406, reason: 'NotAcceptable' });
  });

  it('comes of what was written too, but a Status stays a Status', async () => {
    const written = await admin.send('POST', MAPS, {
      body: configMap('meta', { k: 'v' }),
      accept: ACCEPT.metadata,
    });
    expect(written).toMatchObject({ status: 201, json: { kind: 'PartialObjectMetadata' } });
    const patched = await admin.patch(
      `${MAPS}/meta`,
      PATCH.merge,
      { data: { k: 'w' } },
      { accept: ACCEPT.metadata },
    );
    expect(patched).toMatchObject({ status: 200, json: { kind: 'PartialObjectMetadata' } });
    expect(await admin.delete(`${MAPS}/meta`, { accept: ACCEPT.metadata })).toMatchObject({
      status: 200,
      json: { kind: 'Status' },
    });
  });

  it('pages like the whole', async () => {
    const first = bodyOf(await admin.get(WIDGETS, { limit: 1 }, ACCEPT.metadataList));
    const rest = bodyOf(
      await admin.get(
        WIDGETS,
        { limit: 1, continue: textAt(first, 'metadata', 'continue') },
        ACCEPT.metadataList,
      ),
    );
    expect([first, rest].map((list) => at(list, 'items', 0, 'metadata', 'name'))).toEqual(['w1', 'w2']);
  });
});

describe('a table', () => {
  it.each([
    [
      'pods',
      ['Name', 'Ready', 'Status', 'Restarts', 'Age', 'IP', 'Node', 'Nominated Node', 'Readiness Gates'],
      ['p', '0/1', 'Pending', '0'],
    ],
    ['configmaps', ['Name', 'Data', 'Age'], ['kube-root-ca.crt', 1]],
  ])('of %s has their columns', async (resource, columns, cells) => {
    const { json } = await admin.get(`${PATH}/${resource}`, {}, `${ACCEPT.table},application/json`);
    expect(json).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1' });
    expect(listAt(json, 'columnDefinitions').map((column) => at(column, 'name'))).toEqual(columns);
    expect(listAt(json, 'rows', 0, 'cells').slice(0, cells.length)).toEqual(cells);
  });

  it('of a deployment has its columns', async () => {
    const { json } = await admin.get(`/apis/apps/v1/namespaces/${namespace}/deployments/d`, {}, ACCEPT.table);
    expect(listAt(json, 'columnDefinitions').map((column) => at(column, 'name'))).toEqual([
      'Name',
      'Ready',
      'Up-to-date',
      'Available',
      'Age',
      'Containers',
      'Images',
      'Selector',
    ]);
    expect(listAt(json, 'rows', 0, 'cells').filter((_, index) => index !== 4)).toEqual([
      'd',
      '0/0',
      0,
      0,
      'main',
      'example.com/none:1',
      'app=d',
    ]);
  });

  it('of custom objects has the columns of their definition', async () => {
    const { json } = await admin.get(WIDGETS, {}, ACCEPT.table);
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
    const { json } = await admin.get(`${MAPS}/one`, { includeObject }, ACCEPT.table);
    const object = at(json, 'rows', 0, 'object');
    if (expected === undefined) expect(object ?? undefined).toBeUndefined();
    else expect(object).toMatchObject(expected);
  });

  it('carries metadata unless told otherwise', async () => {
    const { json } = await admin.get(`${MAPS}/one`, {}, ACCEPT.table);
    expect(at(json, 'rows', 0, 'object', 'kind')).toBe('PartialObjectMetadata');
  });

  it('refuses any other wish', async () => {
    expect((await admin.get(`${MAPS}/one`, { includeObject: 'All' }, ACCEPT.table)).status).toBe(400);
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
    expect(json).toMatchObject({
      reason: 'NotAcceptable',
      code: 406,
      message: expect.stringMatching(
        /^406: Not Acceptable\n\nAvailable representations: application\/json, application\/yaml, /,
      ) as string,
    });
  });

  it.each(['*/*', 'text/html, application/json', 'application/json;q=0.5'])(
    'leaves JSON for %s',
    async (accept) => {
      const { status, headers } = await admin.get(MAPS, {}, accept);
      expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'application/json' });
    },
  );
});
