import { describe, expect, it } from 'vitest';
import { at, listAt, textAt } from '../real/support/exact-json.ts';
import { admin } from './support/api.ts';
import { newWidgets } from './support/widgets.ts';

const widgets = await newWidgets();

async function urlOf(document: string): Promise<string> {
  const { json } = await admin.get('/openapi/v3');
  return textAt(json, 'paths', document, 'serverRelativeURL');
}

async function schemaOf(document: string, name: string) {
  return at((await admin.get(`/openapi/v3/${document}`)).json, 'components', 'schemas', name);
}

describe('the index', () => {
  it('names a document with its hash for every group-version', async () => {
    const { json, headers } = await admin.get('/openapi/v3');
    const paths = Object.keys(at(json, 'paths') as object);
    expect(paths).toEqual(
      expect.arrayContaining(['api/v1', 'apis/apps/v1', 'apis/batch/v1', `apis/${widgets.apiVersion}`]),
    );
    expect(textAt(json, 'paths', 'apis/apps/v1', 'serverRelativeURL')).toMatch(
      /^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]{128}$/,
    );
    expect(headers.etag).toBeUndefined();
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
  });
});

describe('a document', () => {
  it('may be kept for ever under the address with its hash', async () => {
    const url = await urlOf('apis/apps/v1');
    const hash = new URL(url, 'https://host').searchParams.get('hash');
    const { status, headers } = await admin.get(url);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'cache-control': 'public, immutable',
      etag: `"${hash}"`,
      vary: 'Accept',
    });
    expect(headers.expires).toBeDefined();
  });

  it('is found under the right hash when asked for with a wrong one', async () => {
    const { status, headers, text } = await admin.get('/openapi/v3/apis/apps/v1', { hash: 'AB' });
    expect({ status, text, location: headers.location }).toEqual({
      status: 301,
      text: '',
      location: await urlOf('apis/apps/v1'),
    });
  });

  it('is the current one without a hash, and answers 304 for its ETag', async () => {
    const current = await admin.get('/openapi/v3/apis/apps/v1');
    expect(current.headers['cache-control']).toBe('no-cache, private');
    const again = await admin.send('GET', '/openapi/v3/apis/apps/v1', {
      headers: { 'if-none-match': current.headers.etag ?? '' },
    });
    expect({ status: again.status, text: again.text }).toEqual({ status: 304, text: '' });
  });

  it.each(['apis/no.such.group/v1', 'apis/apps/v9'])(
    'that does not exist is 404 without a body: %s',
    async (name) => {
      const { status, text } = await admin.get(`/openapi/v3/${name}`);
      expect({ status, text }).toEqual({ status: 404, text: '' });
    },
  );

  it('comes as JSON or protobuf only', async () => {
    const { status, text } = await admin.get('/openapi/v3/apis/apps/v1', {}, 'application/yaml');
    expect({ status, text }).toEqual({ status: 406, text: '' });
  });

  it('is never compressed', async () => {
    const { headers, bytes } = await admin.send('GET', '/openapi/v3/api/v1', {
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(bytes.length).toBeGreaterThan(128 * 1024);
    expect(headers['content-encoding']).toBeUndefined();
  });
});

describe('schemas', () => {
  it('name the kind that they stand for', async () => {
    expect(await schemaOf('apis/apps/v1', 'io.k8s.api.apps.v1.Deployment')).toMatchObject({
      type: 'object',
      'x-kubernetes-group-version-kind': [{ group: 'apps', version: 'v1', kind: 'Deployment' }],
    });
    const name = `com.example.${widgets.group.split('.')[0]}.v1.Widget`;
    expect(await schemaOf(`apis/${widgets.apiVersion}`, name)).toMatchObject({
      'x-kubernetes-group-version-kind': [{ group: widgets.group, version: 'v1', kind: 'Widget' }],
      'x-kubernetes-selectable-fields': [{ fieldPath: 'spec.mode' }],
    });
  });

  it('wrap references that have something beside them', async () => {
    const deployment = await schemaOf('apis/apps/v1', 'io.k8s.api.apps.v1.Deployment');
    expect(at(deployment, 'properties', 'spec', 'allOf')).toEqual([
      { $ref: '#/components/schemas/io.k8s.api.apps.v1.DeploymentSpec' },
    ]);
  });

  it.each([
    [
      'a list by key',
      'io.k8s.api.core.v1.PodSpec',
      'containers',
      {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        'x-kubernetes-patch-merge-key': 'name',
        'x-kubernetes-patch-strategy': 'merge',
      },
    ],
    [
      'a choice',
      'io.k8s.api.core.v1.Container',
      'imagePullPolicy',
      { type: 'string', enum: ['Always', 'IfNotPresent', 'Never'] },
    ],
    ['64 bits', 'io.k8s.api.core.v1.PodSpec', 'activeDeadlineSeconds', { type: 'integer', format: 'int64' }],
    [
      'bytes',
      'io.k8s.api.core.v1.Secret',
      'data',
      { type: 'object', additionalProperties: { type: 'string', format: 'byte' } },
    ],
  ])('say what a field is: %s', async (_, name, field, expected) => {
    expect(at(await schemaOf('api/v1', name), 'properties', field)).toMatchObject(expected);
  });

  it.each([
    [
      'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
      { oneOf: [{ type: 'integer' }, { type: 'string' }], format: 'int-or-string' },
    ],
    ['io.k8s.apimachinery.pkg.api.resource.Quantity', { oneOf: [{ type: 'string' }, { type: 'number' }] }],
    ['io.k8s.apimachinery.pkg.apis.meta.v1.Time', { type: 'string', format: 'date-time' }],
  ])('of a scalar: %s', async (name, expected) => {
    expect(await schemaOf('api/v1', name)).toMatchObject(expected);
  });

  it('of a custom kind carry what its definition says', async () => {
    const name = `com.example.${widgets.group.split('.')[0]}.v1.Widget`;
    const spec = at(await schemaOf(`apis/${widgets.apiVersion}`, name), 'properties', 'spec', 'properties');
    expect(spec).toMatchObject({
      size: { type: 'integer', format: 'int64' },
      port: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
      defaulted: { type: 'integer', default: 7 },
      nothing: { type: 'string', nullable: true },
      free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      mode: { type: 'string', enum: ['Fast', 'Slow'] },
    });
  });
});

describe('operations', () => {
  it.each([
    ['get', '/apis/apps/v1/namespaces/{namespace}/deployments/{name}', 'get'],
    ['get', '/apis/apps/v1/namespaces/{namespace}/deployments', 'list'],
    ['post', '/apis/apps/v1/namespaces/{namespace}/deployments', 'post'],
    ['put', '/apis/apps/v1/namespaces/{namespace}/deployments/{name}', 'put'],
    ['patch', '/apis/apps/v1/namespaces/{namespace}/deployments/{name}', 'patch'],
    ['delete', '/apis/apps/v1/namespaces/{namespace}/deployments/{name}', 'delete'],
    ['delete', '/apis/apps/v1/namespaces/{namespace}/deployments', 'deletecollection'],
  ])('name what %s on %s does: %s', async (method, path, action) => {
    const { json } = await admin.get('/openapi/v3/apis/apps/v1');
    expect(at(json, 'paths', path, method)).toMatchObject({
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': { group: 'apps', version: 'v1', kind: 'Deployment' },
    });
  });

  it('exist for a custom kind', async () => {
    const { json } = await admin.get(`/openapi/v3/apis/${widgets.apiVersion}`);
    const paths = Object.keys(at(json, 'paths') as object);
    expect(paths).toEqual(
      expect.arrayContaining([
        `/apis/${widgets.apiVersion}/namespaces/{namespace}/widgets/{name}/scale`,
        `/apis/${widgets.apiVersion}/widgets`,
      ]),
    );
    expect(
      listAt(json, 'paths', `/apis/${widgets.apiVersion}/namespaces/{namespace}/widgets`, 'get', 'tags')
        .length,
    ).toBe(1);
  });
});
