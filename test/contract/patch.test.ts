import { describe, expect, it } from 'vitest';
import { at, type Exact, listAt, textAt } from '../real/support/exact-json.ts';
import { admin, PATCH } from './support/api.ts';
import { newNamespace, uniqueName } from './support/namespace.ts';
import { bodyOf, configMap, container, created, deployment } from './support/objects.ts';
import { newWidgets } from './support/widgets.ts';

const widgets = await newWidgets();
const namespace = await newNamespace();
const MAPS = `/api/v1/namespaces/${namespace}/configmaps`;
const DEPLOYMENTS = `/apis/apps/v1/namespaces/${namespace}/deployments`;
const WIDGETS = widgets.path(namespace);
const OPAQUE = 'the server rejected our request due to an error in our request';

async function newMap(data: Record<string, unknown> = { a: '1', b: '2' }): Promise<string> {
  const name = uniqueName();
  await created(MAPS, configMap(name, data, { labels: { l: 'x' } }));
  return `${MAPS}/${name}`;
}

async function newDeployment(spec: object = {}): Promise<string> {
  const name = uniqueName();
  await created(DEPLOYMENTS, deployment(name, spec));
  return `${DEPLOYMENTS}/${name}`;
}

async function newWidget(spec: object = {}): Promise<string> {
  const name = uniqueName();
  await created(WIDGETS, widgets.object(name, spec));
  return `${WIDGETS}/${name}`;
}

function containersOf(body: Exact | undefined): readonly string[] {
  return listAt(body, 'spec', 'template', 'spec', 'containers').map((item) => textAt(item, 'name'));
}

describe('a JSON patch', () => {
  it.each([
    ['add', { op: 'add', path: '/data/c', value: '3' }, { a: '1', b: '2', c: '3' }],
    ['remove', { op: 'remove', path: '/data/a' }, { b: '2' }],
    ['replace', { op: 'replace', path: '/data/a', value: '9' }, { a: '9', b: '2' }],
    ['copy', { op: 'copy', from: '/data/a', path: '/data/c' }, { a: '1', b: '2', c: '1' }],
    ['move', { op: 'move', from: '/data/a', path: '/data/c' }, { b: '2', c: '1' }],
    ['test', { op: 'test', path: '/data/a', value: '1' }, { a: '1', b: '2' }],
  ])('can %s', async (_, operation, data) => {
    const answer = await admin.patch(await newMap(), PATCH.json, [operation]);
    expect(answer.status).toBe(200);
    expect(at(answer.json, 'data')).toEqual(data);
  });

  it.each([
    ['a test that fails', { op: 'test', path: '/data/a', value: '2' }],
    ['a path that does not exist', { op: 'remove', path: '/data/none' }],
    ['an operation that does not exist', { op: 'increase', path: '/data/a' }],
  ])('does not tell the client what is wrong: %s', async (_, operation) => {
    expect((await admin.patch(await newMap(), PATCH.json, [operation])).json).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: OPAQUE,
      reason: 'Invalid',
      details: {},
      code: 422,
    });
  });

  it('is a list', async () => {
    expect(await admin.patch(await newMap(), PATCH.json, {})).toMatchObject({
      status: 400,
      json: { reason: 'BadRequest' },
    });
  });

  it('has at most 10,000 operations', async () => {
    const operations = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/data/a', value: '1' }));
    expect(await admin.patch(await newMap(), PATCH.json, operations)).toMatchObject({
      status: 413,
      json: {
        reason: 'RequestEntityTooLarge',
        message:
          'Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001',
      },
    });
  });
});

describe('a merge patch', () => {
  it('merges maps, removes with null and replaces lists', async () => {
    const answer = await admin.patch(await newMap(), PATCH.merge, { data: { a: null, c: '3' } });
    expect(at(answer.json, 'data')).toEqual({ b: '2', c: '3' });
    const path = await newDeployment();
    const replaced = await admin.patch(path, PATCH.merge, {
      spec: { template: { spec: { containers: [container('other')] } } },
    });
    expect(containersOf(replaced.json)).toEqual(['other']);
  });

  it('with a resource version is a precondition', async () => {
    const path = await newMap();
    const resourceVersion = textAt((await admin.get(path)).json, 'metadata', 'resourceVersion');
    await admin.patch(path, PATCH.merge, { data: { a: '9' } });
    expect(
      await admin.patch(path, PATCH.merge, { metadata: { resourceVersion }, data: { a: '8' } }),
    ).toMatchObject({ status: 409, json: { reason: 'Conflict' } });
  });

  it('is an object', async () => {
    expect(await admin.patch(await newMap(), PATCH.merge, [])).toMatchObject({
      status: 400,
      json: { reason: 'BadRequest' },
    });
  });

  it('of a wrong type is 422, and quotes the whole object', async () => {
    const answer = await admin.patch(await newMap({ secret: 'inside' }), PATCH.merge, { data: { a: 1 } });
    expect(answer).toMatchObject({
      status: 422,
      json: { reason: 'Invalid', details: { causes: [{ reason: 'FieldValueInvalid', field: 'patch' }] } },
    });
    expect(textAt(answer.json, 'message')).toMatch(/^ "" is invalid: patch: Invalid value: /);
    expect(textAt(answer.json, 'message')).toContain('inside');
  });

  it('works on custom objects', async () => {
    const path = await newWidget({ size: 1, labels: { a: '1', b: '2' } });
    const answer = await admin.patch(path, PATCH.merge, { spec: { size: 2, labels: { a: null } } });
    expect(answer).toMatchObject({ status: 200, json: { spec: { size: 2 } } });
    expect(at(answer.json, 'spec', 'labels')).toEqual({ b: '2' });
  });
});

describe('a strategic merge patch', () => {
  const containers = (...list: readonly object[]) => ({ spec: { template: { spec: { containers: list } } } });

  it('merges lists by their key, new ones first', async () => {
    const path = await newDeployment();
    const answer = await admin.patch(
      path,
      PATCH.strategic,
      containers(container('extra'), { name: 'main', image: 'example.com/none:2' }),
    );
    expect(answer.status).toBe(200);
    expect(containersOf(answer.json)).toEqual(['extra', 'main']);
    expect(at(answer.json, 'spec', 'template', 'spec', 'containers', 1, 'image')).toBe('example.com/none:2');
  });

  it('deletes by directive', async () => {
    const path = await newDeployment();
    await admin.patch(path, PATCH.strategic, containers(container('extra')));
    const answer = await admin.patch(path, PATCH.strategic, containers({ name: 'extra', $patch: 'delete' }));
    expect(containersOf(answer.json)).toEqual(['main']);
  });

  it('replaces by directive', async () => {
    const answer = await admin.patch(
      await newDeployment(),
      PATCH.strategic,
      containers(container('only'), { $patch: 'replace' }),
    );
    expect(containersOf(answer.json)).toEqual(['only']);
  });

  it('removes with null', async () => {
    const path = await newDeployment();
    const limited = containers({ name: 'main', resources: { limits: { cpu: '1', memory: '1Gi' } } });
    await admin.patch(path, PATCH.strategic, limited);
    const answer = await admin.patch(
      path,
      PATCH.strategic,
      containers({ name: 'main', resources: { limits: { cpu: null } } }),
    );
    expect(at(answer.json, 'spec', 'template', 'spec', 'containers', 0, 'resources', 'limits')).toEqual({
      memory: '1Gi',
    });
  });

  it('of a wrong type quotes the patch alone', async () => {
    const answer = await admin.patch(await newMap({ secret: 'inside' }), PATCH.strategic, { data: { a: 1 } });
    expect(answer).toMatchObject({
      status: 422,
      json: {
        reason: 'Invalid',
        message: ' "" is invalid: patch: Invalid value: "map[data:map[a:1]]": cannot convert int64 to string',
        details: { causes: [{ reason: 'FieldValueInvalid', field: 'patch' }] },
      },
    });
    expect(answer.text).not.toContain('inside');
  });

  it('is not for custom objects, nor for their scale', async () => {
    const path = await newWidget();
    for (const address of [path, `${path}/scale`]) {
      const answer = await admin.patch(address, PATCH.strategic, { spec: { size: 2 } });
      expect(answer).toMatchObject({ status: 415, json: { reason: 'UnsupportedMediaType' } });
    }
    const { json } = await admin.patch(path, PATCH.strategic, {});
    expect(at(json, 'message')).toBe(
      'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    );
  });
});

describe('any patch', () => {
  it.each(['application/json', 'application/apply-patch+json', 'text/plain'])(
    'is not of type %s',
    async (contentType) => {
      expect(await admin.patch(await newMap(), contentType, {})).toMatchObject({
        status: 415,
        json: { reason: 'UnsupportedMediaType' },
      });
    },
  );

  it('has a type', async () => {
    expect((await admin.send('PATCH', await newMap(), { body: {}, contentType: null })).status).toBe(415);
  });

  it('may have parameters behind its type', async () => {
    expect((await admin.patch(await newMap(), `${PATCH.merge}; charset=utf-8`, {})).status).toBe(200);
  });

  it('of what does not exist is 404', async () => {
    expect(await admin.patch(`${MAPS}/missing`, PATCH.merge, {})).toMatchObject({
      status: 404,
      json: { details: { name: 'missing', kind: 'configmaps' } },
    });
  });

  it('but apply may not be forced', async () => {
    expect(await admin.patch(await newMap(), PATCH.merge, {}, { query: { force: true } })).toMatchObject({
      status: 422,
      json: { details: { causes: [{ reason: 'FieldValueForbidden', field: 'force' }] } },
    });
  });

  it('that ends in invalid fields is 422 with causes', async () => {
    expect(await admin.patch(await newDeployment(), PATCH.merge, { spec: { replicas: -1 } })).toMatchObject({
      status: 422,
      json: {
        details: {
          group: 'apps',
          kind: 'Deployment',
          causes: [{ reason: 'FieldValueInvalid', field: 'spec.replicas' }],
        },
      },
    });
  });

  it('as a dry run changes nothing', async () => {
    const path = await newMap();
    const dry = await admin.patch(path, PATCH.merge, { data: { a: 'dry' } }, { query: { dryRun: 'All' } });
    expect(dry).toMatchObject({ status: 200, json: { data: { a: 'dry' } } });
    expect(at(bodyOf(await admin.get(path)), 'data', 'a')).toBe('1');
  });
});
