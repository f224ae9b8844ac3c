import { describe, expect, it } from 'vitest';
import { type Answer, refusal, TestApi } from './support.ts';

const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' };
const WIDGET = { apiVersion: 'example.com/v1', kind: 'Widget' };
const c = { resource: 'configmaps', name: 'c' };

async function bench(): Promise<TestApi> {
  const api = new TestApi();
  await api.create({ resource: 'configmaps', body: { metadata: { name: 'c' }, data: { a: '1', b: '2' } } });
  return api;
}

describe('apply', () => {
  function applied(api: TestApi, call: object, body: unknown, query = 'fieldManager=alice'): Promise<Answer> {
    return api.patch('apply', { resource: 'configmaps', name: 'c', ...call, query, body });
  }

  it('creates what is not there, and changes what is', async () => {
    const api = await bench();
    const named = { ...CONFIG_MAP, metadata: { name: 'new' }, data: { x: '1' } };
    const created = await applied(api, { name: 'new' }, named);
    expect([created.status, created.body['data']]).toEqual([201, { x: '1' }]);
    expect(created.body['metadata']?.['managedFields']).toMatchObject([
      { manager: 'alice', operation: 'Apply' },
    ]);
    const changed = await applied(api, { name: 'new' }, { ...CONFIG_MAP, data: { y: '2' } });
    expect([changed.status, changed.body['data']]).toEqual([200, { y: '2' }]);
  });

  it('takes YAML', async () => {
    const api = await bench();
    const { body } = await applied(api, {}, 'apiVersion: v1\nkind: ConfigMap\ndata: {x: "1"}\n');
    expect(body['data']).toEqual({ a: '1', b: '2', x: '1' });
  });

  it('without a change keeps the resourceVersion', async () => {
    const api = await bench();
    const first = await applied(api, {}, { ...CONFIG_MAP, data: { x: '1' } });
    api.clock.advance(60_000);
    const second = await applied(api, {}, { ...CONFIG_MAP, data: { x: '1' } });
    expect(second.body).toEqual(first.body);
  });

  it('meets the fields of others only by force', async () => {
    const api = await bench();
    const body = { ...CONFIG_MAP, data: { a: '9' } };
    const conflict = await applied(api, {}, body);
    const message = 'Apply failed with 1 conflict: conflict with "tester" using v1: .data.a';
    expect(refusal(conflict)).toEqual([409, 'Conflict', message]);
    const forced = await applied(api, {}, body, 'fieldManager=alice&force=true');
    expect(forced.body['data']).toEqual({ a: '9', b: '2' });
  });

  it('does not know a namespace that is not there', async () => {
    const api = await bench();
    const body = { ...CONFIG_MAP, metadata: { name: 'c' } };
    const answer = await applied(api, { namespace: 'nope' }, body);
    expect(refusal(answer)).toEqual([404, 'NotFound', 'namespaces "nope" not found']);
  });

  it('is a dry run when asked to', async () => {
    const api = await bench();
    const body = { ...CONFIG_MAP, metadata: { name: 'new' } };
    expect((await applied(api, { name: 'new' }, body, 'fieldManager=alice&dryRun=All')).status).toBe(201);
    expect((await api.get({ resource: 'configmaps', name: 'new' })).status).toBe(404);
  });

  it.each([
    [{ ...CONFIG_MAP, kind: 'Secret' }, 'c', 400, 'invalid object type: /v1, Kind=Secret'],
    [{ data: {} }, 'c', 400, 'invalid object type: /, Kind='],
    [
      '- 1',
      'c',
      400,
      'error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}',
    ],
    [{ ...CONFIG_MAP, metadata: { managedFields: [] } }, 'c', 400, 'metadata.managedFields must be nil'],
    [
      { ...CONFIG_MAP, metadata: { name: 'zz' } },
      'c',
      400,
      'the name of the object (zz) does not match the name on the URL (c)',
    ],
    [
      CONFIG_MAP,
      'new',
      400,
      'the name of the object (new based on URL) was undeterminable: name must be provided',
    ],
    [
      { ...CONFIG_MAP, metadata: { uid: '1' } },
      'new',
      409,
      'Operation cannot be fulfilled on configmaps "new": uid mismatch: the provided object specified uid 1, and no existing object was found',
    ],
    [
      { ...CONFIG_MAP, foo: 1 },
      'c',
      500,
      'failed to create typed patch object (/; /v1, Kind=ConfigMap): .foo: field not declared in schema',
    ],
  ])('refuses %j to %s', async (body, name, code, message) => {
    const answer = await applied(await bench(), { name }, body);
    expect([answer.status, answer.body['message']]).toEqual([code, message]);
  });

  it('needs a manager, and has force for itself', async () => {
    const api = await bench();
    const start = 'PatchOptions.meta.k8s.io "" is invalid: ';
    const nobody = await applied(api, {}, CONFIG_MAP, '');
    expect(nobody.body['message']).toBe(`${start}fieldManager: Required value: is required for apply patch`);
    const forced = await api.patch('merge', { ...c, query: 'force=true', body: {} });
    expect(forced.body['message']).toBe(`${start}force: Forbidden: may not be specified for non-apply patch`);
  });

  it('to a status needs the object', async () => {
    const answer = await applied(
      await bench(),
      { resource: 'widgets', name: 'nope', subresource: 'status' },
      WIDGET,
    );
    expect(answer.status).toBe(404);
  });
});
