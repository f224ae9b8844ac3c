import { describe, expect, it } from 'vitest';
import { at, type Exact, textAt } from '../real/support/exact-json.ts';
import { admin, PATCH } from './support/api.ts';
import { newNamespace, uniqueName } from './support/namespace.ts';
import { bodyOf, configMap, created, deployment } from './support/objects.ts';
import { newWidgets } from './support/widgets.ts';

const widgets = await newWidgets();
const namespace = await newNamespace();
const MAPS = `/api/v1/namespaces/${namespace}/configmaps`;
const DEPLOYMENTS = `/apis/apps/v1/namespaces/${namespace}/deployments`;
const WIDGETS = widgets.path(namespace);

/** A config map of a test's own. */
async function newMap(data: Record<string, unknown> = { k: 'v' }, metadata: object = {}) {
  const name = uniqueName();
  const object = await created(MAPS, configMap(name, data, metadata));
  return { name, path: `${MAPS}/${name}`, object };
}

function edited(object: Exact, changes: object): object {
  return { ...(object as object), ...changes };
}

describe('update', () => {
  it('replaces everything that may be replaced', async () => {
    const { path, object } = await newMap({ a: '1', b: '2' });
    const answer = await admin.put(path, edited(object, { data: { b: '3' } }));
    expect(answer).toMatchObject({ status: 200, json: { data: { b: '3' } } });
    expect(at(answer.json, 'data')).toEqual({ b: '3' });
    expect(at(answer.json, 'metadata', 'uid')).toBe(at(object, 'metadata', 'uid'));
  });

  it('of the newest resource version succeeds, of an older one is a conflict', async () => {
    const { name, path, object } = await newMap();
    expect((await admin.put(path, edited(object, { data: { k: '1' } }))).status).toBe(200);
    expect((await admin.put(path, edited(object, { data: { k: '2' } }))).json).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: `Operation cannot be fulfilled on configmaps "${name}": the object has been modified; please apply your changes to the latest version and try again`,
      reason: 'Conflict',
      details: { name, kind: 'configmaps' },
      code: 409,
    });
  });

  it('without a resource version overwrites a built-in object', async () => {
    const { name, path } = await newMap();
    expect(await admin.put(path, configMap(name, { k: 'new' }))).toMatchObject({
      status: 200,
      json: { data: { k: 'new' } },
    });
  });

  it('without a resource version is refused for a custom object', async () => {
    await created(WIDGETS, widgets.object('unversioned'));
    expect(await admin.put(`${WIDGETS}/unversioned`, widgets.object('unversioned'))).toMatchObject({
      status: 422,
      json: {
        reason: 'Invalid',
        message: `widgets.${widgets.group} "unversioned" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update`,
        details: {
          name: 'unversioned',
          group: widgets.group,
          kind: 'widgets',
          causes: [{ reason: 'FieldValueInvalid', field: 'metadata.resourceVersion' }],
        },
      },
    });
  });

  it('without any change keeps the resource version', async () => {
    const { path, object } = await newMap();
    const answer = bodyOf(await admin.put(path, object as object));
    expect(at(answer, 'metadata', 'resourceVersion')).toBe(at(object, 'metadata', 'resourceVersion'));
  });

  it('counts generations when the spec changes, and not for labels', async () => {
    const object = await created(DEPLOYMENTS, deployment('generations', { paused: true }));
    const labelled = await admin.patch(`${DEPLOYMENTS}/generations`, PATCH.merge, {
      metadata: { labels: { a: 'b' } },
    });
    expect(at(labelled.json, 'metadata', 'generation')).toBe(at(object, 'metadata', 'generation'));
    const changed = await admin.patch(`${DEPLOYMENTS}/generations`, PATCH.merge, {
      spec: { minReadySeconds: 3 },
    });
    expect(at(changed.json, 'metadata', 'generation')).toBe(2);
  });

  it('of the status leaves the spec alone, and the other way round', async () => {
    const object = await created(WIDGETS, widgets.object('both', { size: 1 }));
    const changes = { spec: { size: 2 }, status: { phase: 'Ready' } };
    const status = bodyOf(await admin.put(`${WIDGETS}/both/status`, edited(object, changes)));
    expect(status).toMatchObject({
      spec: { size: 1 },
      status: { phase: 'Ready' },
      metadata: { generation: 1 },
    });
    const spec = bodyOf(
      await admin.put(`${WIDGETS}/both`, edited(status, { spec: { size: 2 }, status: { phase: 'Lost' } })),
    );
    expect(spec).toMatchObject({
      spec: { size: 2 },
      status: { phase: 'Ready' },
      metadata: { generation: 2 },
    });
  });

  it('of what does not exist creates where the kind allows it', async () => {
    const lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'put' },
      spec: { holderIdentity: 'me' },
    };
    const answer = await admin.put(`/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/put`, lease);
    expect(answer).toMatchObject({ status: 201, json: { kind: 'Lease', spec: { holderIdentity: 'me' } } });
  });

  it('as a dry run answers the change and makes none', async () => {
    const { path, object } = await newMap();
    const dry = await admin.put(path, edited(object, { data: { k: 'dry' } }), { query: { dryRun: 'All' } });
    expect(dry).toMatchObject({ status: 200, json: { data: { k: 'dry' } } });
    expect((await admin.get(path)).json).toEqual(object);
  });
});

describe('an update that is refused', () => {
  it('because the object does not exist', async () => {
    expect(await admin.put(`${MAPS}/missing`, configMap('missing'))).toMatchObject({
      status: 404,
      json: {
        reason: 'NotFound',
        message: 'configmaps "missing" not found',
        details: { name: 'missing', kind: 'configmaps' },
      },
    });
  });

  it('because it names another object', async () => {
    const { path } = await newMap();
    expect(await admin.put(path, configMap('other'))).toMatchObject({
      status: 400,
      json: {
        reason: 'BadRequest',
        message: expect.stringMatching(
          /^the name of the object \(other\) does not match the name on the URL \(kg-/,
        ) as string,
      },
    });
  });

  it('because it names none', async () => {
    const { path } = await newMap();
    expect((await admin.put(path, { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} })).status).toBe(400);
  });

  it('because the uid is another one', async () => {
    const { name, path } = await newMap();
    const answer = await admin.put(
      path,
      configMap(name, {}, { uid: '00000000-0000-0000-0000-000000000000' }),
    );
    expect(answer).toMatchObject({ status: 409, json: { reason: 'Conflict' } });
    expect(textAt(answer.json, 'message')).toContain(
      'Precondition failed: UID in precondition: 00000000-0000-0000-0000-000000000000, UID in object meta: ',
    );
  });

  it('because the resource version is no number, without a reason', async () => {
    const { name, path } = await newMap();
    const answer = await admin.put(path, configMap(name, {}, { resourceVersion: 'newest' }));
    expect(answer).toMatchObject({
      status: 500,
      json: { code: 500, message: 'strconv.ParseUint: parsing "newest": invalid syntax' },
    });
    expect(answer.json).not.toHaveProperty('reason');
  });

  it('because a field may not change', async () => {
    await created(DEPLOYMENTS, deployment('immutable'));
    const { spec } = deployment('other') as { readonly spec: object };
    expect(await admin.put(`${DEPLOYMENTS}/immutable`, { ...deployment('immutable'), spec })).toMatchObject({
      status: 422,
      json: {
        details: {
          causes: [
            {
              reason: 'FieldValueInvalid',
              field: 'spec.selector',
              message: expect.stringMatching(/: field is immutable$/) as string,
            },
          ],
        },
      },
    });
  });

  it('because an immutable config map stays as it is', async () => {
    const { path } = await newMap();
    await admin.patch(path, PATCH.merge, { immutable: true });
    expect(await admin.patch(path, PATCH.merge, { data: { k: 'new' } })).toMatchObject({
      status: 422,
      json: {
        details: {
          causes: [
            {
              reason: 'FieldValueForbidden',
              field: 'data',
              message: 'Forbidden: field is immutable when `immutable` is set',
            },
          ],
        },
      },
    });
  });
});
