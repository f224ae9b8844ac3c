import { describe, expect, it } from 'vitest';
import { at, type Exact, listAt, textAt } from '../real/support/exact-json.ts';
import { admin, PATCH, type Query } from './support/api.ts';
import { newNamespace, uniqueName } from './support/namespace.ts';
import { bodyOf, configMap, created, deployment } from './support/objects.ts';
import { newWidgets } from './support/widgets.ts';

const widgets = await newWidgets();
const namespace = await newNamespace();
const MAPS = `/api/v1/namespaces/${namespace}/configmaps`;
const DEPLOYMENTS = `/apis/apps/v1/namespaces/${namespace}/deployments`;
const WIDGETS = widgets.path(namespace);

function apply(path: string, object: object | string, query: Query = { fieldManager: 'alice' }) {
  return admin.patch(path, PATCH.apply, object, { query });
}

/** A config map that `alice` applied. */
async function applied(data: Record<string, unknown> = { a: '1', b: '2' }) {
  const name = uniqueName();
  const object = bodyOf(await apply(`${MAPS}/${name}`, configMap(name, data)));
  return { name, path: `${MAPS}/${name}`, object };
}

/** `MANAGER OPERATION`, and the subresource where there is one. */
function managersOf(object: Exact | undefined): readonly string[] {
  return listAt(object, 'metadata', 'managedFields').map((entry) => {
    const subresource = at(entry, 'subresource') === undefined ? '' : ` ${textAt(entry, 'subresource')}`;
    return `${textAt(entry, 'manager')} ${textAt(entry, 'operation')}${subresource}`;
  });
}

describe('apply', () => {
  it('creates with 201, then updates with 200', async () => {
    const name = uniqueName();
    expect(await apply(`${MAPS}/${name}`, configMap(name, { a: '1' }))).toMatchObject({
      status: 201,
      json: { data: { a: '1' } },
    });
    expect(await apply(`${MAPS}/${name}`, configMap(name, { a: '2' }))).toMatchObject({
      status: 200,
      json: { data: { a: '2' } },
    });
  });

  it('takes YAML', async () => {
    const name = uniqueName();
    const answer = await apply(
      `${MAPS}/${name}`,
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  a: "1"\n`,
    );
    expect(answer).toMatchObject({ status: 201, json: { data: { a: '1' } } });
  });

  it('records who applied what', async () => {
    const { object } = await applied({ a: '1' });
    expect(at(object, 'metadata', 'managedFields')).toEqual([
      {
        manager: 'alice',
        operation: 'Apply',
        apiVersion: 'v1',
        time: expect.stringMatching(/^\d{4}-/) as string,
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { 'f:a': {} } },
      },
    ]);
  });

  it('without a change keeps the resource version', async () => {
    const { name, path, object } = await applied();
    const again = bodyOf(await apply(path, configMap(name, { a: '1', b: '2' })));
    expect(again).toEqual(object);
  });

  it('removes what its manager leaves out', async () => {
    const { name, path } = await applied();
    expect(at((await apply(path, configMap(name, { a: '1' }))).json, 'data')).toEqual({ a: '1' });
  });

  it('leaves to others what is theirs', async () => {
    const { name, path } = await applied({ a: '1' });
    const answer = await apply(path, configMap(name, { b: '2' }), { fieldManager: 'bob' });
    expect(at(answer.json, 'data')).toEqual({ a: '1', b: '2' });
    expect(managersOf(answer.json)).toEqual(['alice Apply', 'bob Apply']);
  });

  it('shares a field on whose value both agree, and keeps it until both let go', async () => {
    const { name, path } = await applied({ a: '1' });
    expect((await apply(path, configMap(name, { a: '1' }), { fieldManager: 'bob' })).status).toBe(200);
    expect(at((await apply(path, configMap(name, {}))).json, 'data')).toEqual({ a: '1' });
    expect(
      at((await apply(path, configMap(name, {}), { fieldManager: 'bob' })).json, 'data'),
    ).toBeUndefined();
  });

  it('may leave out the name', async () => {
    const { path } = await applied();
    expect((await apply(path, { apiVersion: 'v1', kind: 'ConfigMap', data: { a: '1' } })).status).toBe(200);
  });

  it('merges lists by key', async () => {
    const name = uniqueName();
    await apply(`${DEPLOYMENTS}/${name}`, deployment(name));
    const sidecar = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      spec: { template: { spec: { containers: [{ name: 'sidecar', image: 'i' }] } } },
    };
    const answer = await apply(`${DEPLOYMENTS}/${name}`, sidecar, { fieldManager: 'bob' });
    const names = listAt(answer.json, 'spec', 'template', 'spec', 'containers').map((item) =>
      textAt(item, 'name'),
    );
    expect(names.toSorted()).toEqual(['main', 'sidecar']);
  });

  it('works on custom objects, and knows the status as something else', async () => {
    const spec = { parts: [{ name: 'p', count: 1 }] };
    expect((await apply(`${WIDGETS}/w`, widgets.object('w', spec))).status).toBe(201);
    const part = widgets.object('w', { parts: [{ name: 'q', count: 2 }] });
    const both = await apply(`${WIDGETS}/w`, part, { fieldManager: 'bob' });
    expect(listAt(both.json, 'spec', 'parts')).toHaveLength(2);
    const status = {
      apiVersion: widgets.apiVersion,
      kind: 'Widget',
      metadata: { name: 'w' },
      status: { phase: 'x' },
    };
    const answer = await apply(`${WIDGETS}/w/status`, status);
    expect(answer).toMatchObject({ status: 200, json: { status: { phase: 'x' } } });
    expect(managersOf(answer.json)).toEqual(
      expect.arrayContaining(['alice Apply', 'bob Apply', 'alice Apply status']),
    );
  });

  it('as a dry run changes nothing', async () => {
    const { name, path, object } = await applied();
    const dry = await apply(path, configMap(name, { a: 'dry' }), { fieldManager: 'alice', dryRun: 'All' });
    expect(dry).toMatchObject({ status: 200, json: { data: { a: 'dry' } } });
    expect(bodyOf(await admin.get(path))).toEqual(object);
  });
});

describe('null in an apply', () => {
  it('sets the key of a map to nothing', async () => {
    const { name, path } = await applied({ a: '1' });
    expect(at((await apply(path, configMap(name, { a: null }))).json, 'data')).toEqual({ a: '' });
  });

  it('is the default of a field that has one, which others may own', async () => {
    const name = uniqueName();
    await created(DEPLOYMENTS, deployment(name, { revisionHistoryLimit: 3 }), {
      query: { fieldManager: 'bob' },
    });
    const patch = { apiVersion: 'apps/v1', kind: 'Deployment', spec: { revisionHistoryLimit: null } };
    expect(await apply(`${DEPLOYMENTS}/${name}`, patch)).toMatchObject({
      status: 409,
      json: { reason: 'Conflict' },
    });
    const forced = await apply(`${DEPLOYMENTS}/${name}`, patch, { fieldManager: 'alice', force: true });
    expect(at(forced.json, 'spec', 'revisionHistoryLimit')).toBe(10);
  });

  it('is refused as a value in a map of a custom object', async () => {
    const name = uniqueName();
    expect(await apply(`${WIDGETS}/${name}`, widgets.object(name, { labels: { a: null } }))).toMatchObject({
      status: 422,
      json: {
        reason: 'Invalid',
        details: {
          causes: expect.arrayContaining([
            expect.objectContaining({ reason: 'FieldValueTypeInvalid', field: 'spec.labels.a' }),
          ]) as object,
        },
      },
    });
  });
});

describe('a conflict of managers', () => {
  it('names whoever applied the field', async () => {
    const { name, path } = await applied();
    expect((await apply(path, configMap(name, { a: 'x', b: 'y' }), { fieldManager: 'bob' })).json).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'Apply failed with 2 conflicts: conflicts with "alice":\n- .data.a\n- .data.b',
      reason: 'Conflict',
      details: {
        causes: [
          { reason: 'FieldManagerConflict', message: 'conflict with "alice"', field: '.data.a' },
          { reason: 'FieldManagerConflict', message: 'conflict with "alice"', field: '.data.b' },
        ],
      },
      code: 409,
    });
  });

  it('names how somebody else wrote it', async () => {
    const name = uniqueName();
    await created(DEPLOYMENTS, deployment(name), { query: { fieldManager: 'kubectl' } });
    const replicas = { apiVersion: 'apps/v1', kind: 'Deployment', spec: { replicas: 3 } };
    const answer = await apply(`${DEPLOYMENTS}/${name}`, replicas);
    expect(answer).toMatchObject({
      status: 409,
      json: {
        message: 'Apply failed with 1 conflict: conflict with "kubectl" using apps/v1: .spec.replicas',
        details: {
          causes: [
            {
              reason: 'FieldManagerConflict',
              field: '.spec.replicas',
              message: 'conflict with "kubectl" using apps/v1',
            },
          ],
        },
      },
    });
  });

  it('is decided by force', async () => {
    const { name, path } = await applied({ a: '1' });
    const answer = await apply(path, configMap(name, { a: '2' }), { fieldManager: 'bob', force: true });
    expect(answer).toMatchObject({ status: 200, json: { data: { a: '2' } } });
    expect(managersOf(answer.json)).toEqual(['bob Apply']);
  });
});

describe('an apply that is refused', () => {
  it('because nobody says who applies', async () => {
    expect(await apply(`${MAPS}/x`, configMap('x'), {})).toMatchObject({
      status: 422,
      json: { details: { causes: [{ reason: 'FieldValueRequired', field: 'fieldManager' }] } },
    });
  });

  it.each([
    [
      'of another kind',
      (name: string) => deployment(name),
      /^invalid object type: apps\/v1, Kind=Deployment$/,
    ],
    [
      'of another name',
      () => configMap('other', {}),
      /^name in URL does not match name in request object|^the name of the object/,
    ],
    [
      'with managed fields',
      (name: string) => configMap(name, {}, { managedFields: [] }),
      /^metadata\.managedFields must be nil$/,
    ],
    ['that is no YAML', () => '{', /^error decoding YAML: /],
  ])('because the body is %s', async (_, body, message) => {
    const { name, path } = await applied();
    const { status, json } = await apply(path, body(name));
    expect(status).toBe(400);
    expect(textAt(json, 'message')).toMatch(message);
  });

  it('lets managed fields pass that are null', async () => {
    const { name, path } = await applied({ a: '1' });
    expect((await apply(path, configMap(name, { a: '1' }, { managedFields: null }))).status).toBe(200);
  });

  it.each([
    ['a field that does not exist', { foo: 1 }, '.foo: field not declared in schema'],
    ['a value of the wrong type', { data: 'x' }, '.data: expected map, got &{x}'],
  ])('without a reason because of %s', async (_, fields, message) => {
    const { name, path } = await applied();
    const answer = await apply(path, { ...configMap(name), ...fields });
    expect(answer).toMatchObject({
      status: 500,
      json: {
        code: 500,
        message: `failed to create typed patch object (/${name}; /v1, Kind=ConfigMap): ${message}`,
      },
    });
    expect(answer.json).not.toHaveProperty('reason');
  });
});
