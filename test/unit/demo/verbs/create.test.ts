import { describe, expect, it } from 'vitest';
import { refusal, TestApi } from './support.ts';

const configmaps = { resource: 'configmaps' };
const WIDGET = { apiVersion: 'example.com/v1', kind: 'Widget' };
const POD_SPEC = { containers: [{ name: 'main', image: 'busybox' }] };

describe('create', () => {
  it('gives an object its identity, whatever the client says about it', async () => {
    const api = new TestApi();
    const metadata = {
      name: 'a',
      uid: 'mine',
      creationTimestamp: '2020-01-01T00:00:00Z',
      deletionTimestamp: '2020-01-01T00:00:00Z',
    };
    const { status, body } = await api.create({ ...configmaps, body: { metadata, data: { k: 'v' } } });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'a',
        namespace: 'demo',
        creationTimestamp: '2026-01-01T00:00:00Z',
        resourceVersion: '3',
      },
    });
    expect(body['metadata']?.['uid']).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(body['metadata']).not.toHaveProperty('deletionTimestamp');
  });

  it('takes down who manages which field', async () => {
    const { body } = await new TestApi().create({
      ...configmaps,
      body: { metadata: { name: 'a' }, data: { k: 'v' } },
    });
    expect(body['metadata']?.['managedFields']).toEqual([
      {
        manager: 'tester',
        operation: 'Update',
        apiVersion: 'v1',
        time: '2026-01-01T00:00:00Z',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { '.': {}, 'f:k': {} } },
      },
    ]);
  });

  it('counts generations only where there is something to act upon', async () => {
    const api = new TestApi();
    const pod = await api.create({ resource: 'pods', body: { metadata: { name: 'p' }, spec: POD_SPEC } });
    expect(pod.body['metadata']?.['generation']).toBe(1);
    const configMap = await api.create({ ...configmaps, body: { metadata: { name: 'c' } } });
    expect(configMap.body['metadata']).not.toHaveProperty('generation');
  });

  it('drops a status that has a door of its own', async () => {
    const api = new TestApi();
    const { body } = await api.create({
      resource: 'widgets',
      body: { ...WIDGET, metadata: { name: 'w' }, spec: { size: 's' }, status: { phase: 'Done' } },
    });
    expect(body['spec']).toEqual({ size: 's', replicas: 1 });
    expect(body).not.toHaveProperty('status');
  });

  it('begins pods and namespaces as the real server does', async () => {
    const api = new TestApi();
    const pod = await api.create({ resource: 'pods', body: { metadata: { name: 'p' }, spec: POD_SPEC } });
    expect(pod.body['status']).toEqual({ phase: 'Pending', qosClass: 'BestEffort' });
    const namespace = await api.create({ resource: 'namespaces', body: { metadata: { name: 'n' } } });
    expect(namespace.body).toMatchObject({
      metadata: { labels: { 'kubernetes.io/metadata.name': 'n' } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
  });

  it('takes YAML, and a built-in without a kind', async () => {
    const call = {
      ...configmaps,
      contentType: 'application/yaml',
      body: 'metadata: {name: y}\ndata: {a: b}',
    };
    expect((await new TestApi().create(call)).body).toMatchObject({ kind: 'ConfigMap', data: { a: 'b' } });
  });

  it('keeps every digit of a number', async () => {
    const api = new TestApi();
    const body =
      '{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"w"},"spec":{"replicas":9007199254740993}}';
    await api.create({ resource: 'widgets', body });
    expect((await api.get({ resource: 'widgets', name: 'w' })).body['spec']?.['replicas']).toBe(
      9007199254740993n,
    );
  });

  it('removes owners that are named twice, and says so', async () => {
    const owner = { apiVersion: 'v1', kind: 'X', name: 'a', uid: '3' };
    const metadata = { name: 'a', ownerReferences: [owner, owner] };
    const { body, warnings } = await new TestApi().create({ ...configmaps, body: { metadata } });
    expect(body['metadata']?.['ownerReferences']).toEqual([owner]);
    expect(warnings).toEqual([expect.stringContaining('duplicate UID(s) observed: 3')]);
  });
});

describe('generated names', () => {
  it('are the base and five letters or digits', async () => {
    const { body } = await new TestApi().create({
      ...configmaps,
      body: { metadata: { generateName: 'base-' } },
    });
    expect(body['metadata']?.['name']).toMatch(/^base-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });

  it('are at most 63 long', async () => {
    const generateName = `${'a'.repeat(70)}-`;
    const { body } = await new TestApi().create({ ...configmaps, body: { metadata: { generateName } } });
    expect(body['metadata']?.['name']).toHaveLength(63);
  });

  it('do not count when there is a name', async () => {
    const { body } = await new TestApi().create({
      ...configmaps,
      body: { metadata: { name: 'a', generateName: 'b-' } },
    });
    expect(body['metadata']?.['name']).toBe('a');
  });
});

describe('a dry run', () => {
  it('answers what would be, and leaves nothing behind', async () => {
    const api = new TestApi();
    const { status, body } = await api.create({
      ...configmaps,
      query: 'dryRun=All',
      body: { metadata: { name: 'a' } },
    });
    expect(status).toBe(201);
    expect(body['metadata']).not.toHaveProperty('resourceVersion');
    expect((await api.get({ ...configmaps, name: 'a' })).status).toBe(404);
  });

  it('finds a name that is taken', async () => {
    const api = new TestApi();
    await api.create({ ...configmaps, body: { metadata: { name: 'a' } } });
    const answer = await api.create({
      ...configmaps,
      query: 'dryRun=All',
      body: { metadata: { name: 'a' } },
    });
    expect(answer.status).toBe(409);
  });
});

describe('field validation', () => {
  const body = '{"metadata":{"name":"a"},"foo":1,"data":{"a":"1","a":"2"}}';

  it('warns by default', async () => {
    const { status, warnings } = await new TestApi().create({ ...configmaps, body });
    expect([status, ...warnings]).toEqual([201, 'unknown field "foo"', 'duplicate field "data.a"']);
  });

  it('is silent when told to ignore', async () => {
    const { status, warnings } = await new TestApi().create({
      ...configmaps,
      query: 'fieldValidation=Ignore',
      body,
    });
    expect([status, ...warnings]).toEqual([201]);
  });

  it('refuses when told to be strict', async () => {
    const answer = await new TestApi().create({ ...configmaps, query: 'fieldValidation=Strict', body });
    expect(refusal(answer)).toEqual([
      400,
      'BadRequest',
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "foo", duplicate field "data.a"',
    ]);
  });
});
