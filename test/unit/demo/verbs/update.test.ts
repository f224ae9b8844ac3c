import { describe, expect, it } from 'vitest';
import { type Answer, refusal, TestApi } from './support.ts';

const widgets = { resource: 'widgets', name: 'w' };
const WIDGET = { apiVersion: 'example.com/v1', kind: 'Widget' };
const MODIFIED =
  'the object has been modified; please apply your changes to the latest version and try again';

async function withConfigMap(metadata: object = {}): Promise<TestApi> {
  const api = new TestApi();
  await api.create({
    resource: 'configmaps',
    body: { metadata: { name: 'c', ...metadata }, data: { a: '1' } },
  });
  return api;
}

async function withWidget(): Promise<TestApi> {
  const api = new TestApi();
  await api.create({
    resource: 'widgets',
    body: { ...WIDGET, metadata: { name: 'w' }, spec: { size: 's' } },
  });
  return api;
}

function putConfigMap(api: TestApi, metadata: object = {}, data = { a: '2' }, query = ''): Promise<Answer> {
  return api.update({
    resource: 'configmaps',
    name: 'c',
    query,
    body: { metadata: { name: 'c', ...metadata }, data },
  });
}

describe('update', () => {
  it('replaces the object and keeps what is the server’s', async () => {
    const api = await withConfigMap({ labels: { x: 'y' } });
    const before = await api.get({ resource: 'configmaps', name: 'c' });
    const { status, body } = await putConfigMap(api, {
      creationTimestamp: '2020-01-01T00:00:00Z',
      generation: 7,
    });
    expect(status).toBe(200);
    expect(body['data']).toEqual({ a: '2' });
    expect(body['metadata']).not.toHaveProperty('labels');
    expect(body['metadata']).not.toHaveProperty('generation');
    for (const key of ['uid', 'creationTimestamp', 'namespace']) {
      expect(body['metadata']?.[key]).toBe(before.body['metadata']?.[key]);
    }
  });

  it('keeps the resourceVersion when nothing changes', async () => {
    const api = await withConfigMap();
    api.clock.advance(60_000);
    const { body } = await putConfigMap(api, {}, { a: '1' });
    expect(body['metadata']?.['resourceVersion']).toBe('3');
  });

  it('changes nothing in a dry run, and answers the old resourceVersion', async () => {
    const api = await withConfigMap();
    const { body } = await putConfigMap(api, {}, { a: '9' }, 'dryRun=All');
    expect(body).toMatchObject({ metadata: { resourceVersion: '3' }, data: { a: '9' } });
    expect((await api.get({ resource: 'configmaps', name: 'c' })).body['data']).toEqual({ a: '1' });
  });

  it('creates a lease that is not there, and nothing else', async () => {
    const api = new TestApi();
    const body = { metadata: { name: 'l' }, spec: { holderIdentity: 'me' } };
    expect((await api.update({ resource: 'leases', name: 'l', body })).status).toBe(201);
    expect((await putConfigMap(api)).status).toBe(404);
  });
});

describe('what may have changed meanwhile', () => {
  it('is checked by resourceVersion', async () => {
    const api = await withConfigMap();
    const answer = await putConfigMap(api, { resourceVersion: '1' });
    const message = `Operation cannot be fulfilled on configmaps "c": ${MODIFIED}`;
    expect(refusal(answer)).toEqual([409, 'Conflict', message]);
    expect(answer.body['details']).toEqual({ name: 'c', kind: 'configmaps' });
    expect((await putConfigMap(api, { resourceVersion: '3' })).status).toBe(200);
  });

  it('is not checked without one, except for custom resources and some built-ins', async () => {
    expect((await putConfigMap(await withConfigMap())).status).toBe(200);
    const api = await withWidget();
    const answer = await api.update({ ...widgets, body: { ...WIDGET, metadata: { name: 'w' } } });
    const message =
      'widgets.example.com "w" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update';
    expect(refusal(answer)).toEqual([422, 'Invalid', message]);
    expect(answer.body['details']).toMatchObject({ kind: 'widgets' });
    const lease = { metadata: { name: 'l' }, spec: {} };
    await api.create({ resource: 'leases', body: lease });
    expect((await api.update({ resource: 'leases', name: 'l', body: lease })).status).toBe(422);
  });

  it('is checked by uid, and shows the key of storage', async () => {
    const answer = await putConfigMap(await withConfigMap(), { uid: 'other' });
    expect(answer.status).toBe(409);
    expect(answer.body['message']).toContain('Key: /registry/configmaps/demo/c, ResourceVersion: 0');
    expect(answer.body['message']).toContain(
      'Precondition failed: UID in precondition: other, UID in object meta: ',
    );
  });

  it('cannot be checked by what is no number', async () => {
    const answer = await putConfigMap(await withConfigMap(), { resourceVersion: 'abc' });
    expect(refusal(answer)).toEqual([500, undefined, 'strconv.ParseUint: parsing "abc": invalid syntax']);
  });
});

describe('spec and status', () => {
  it('do not touch each other', async () => {
    const api = await withWidget();
    const first = await api.patch('merge', {
      ...widgets,
      subresource: 'status',
      body: { metadata: { labels: { a: 'b' } }, spec: { size: 'm' }, status: { phase: 'Ready' } },
    });
    expect(first.body).toMatchObject({
      metadata: { generation: 1 },
      spec: { size: 's' },
      status: { phase: 'Ready' },
    });
    expect(first.body['metadata']).not.toHaveProperty('labels');
    const second = await api.patch('merge', {
      ...widgets,
      body: { spec: { size: 'm' }, status: { phase: 'Lost' } },
    });
    expect(second.body).toMatchObject({
      metadata: { generation: 2 },
      spec: { size: 'm' },
      status: { phase: 'Ready' },
    });
  });

  it('count as one where a custom resource has no door for its status', async () => {
    const api = new TestApi();
    const planet = {
      apiVersion: 'example.com/v1',
      kind: 'Planet',
      metadata: { name: 'p' },
      status: { phase: 'New' },
    };
    const created = await api.create({ resource: 'planets', body: planet });
    expect(created.body['status']).toEqual({ phase: 'New' });
    const changed = await api.patch('merge', {
      resource: 'planets',
      name: 'p',
      body: { status: { phase: 'Old' } },
    });
    expect(changed.body['metadata']?.['generation']).toBe(2);
  });

  it('leave the generation alone when only metadata changes', async () => {
    const api = await withWidget();
    const { body } = await api.patch('merge', { ...widgets, body: { metadata: { labels: { a: 'b' } } } });
    expect(body['metadata']).toMatchObject({ generation: 1, labels: { a: 'b' } });
  });

  it('have different managers of their fields', async () => {
    const api = await withWidget();
    const { body } = await api.patch('merge', {
      ...widgets,
      subresource: 'status',
      body: { status: { phase: 'x' } },
    });
    expect(body['metadata']?.['managedFields']).toMatchObject([
      { manager: 'tester' },
      { subresource: 'status' },
    ]);
  });
});

describe('an object that is being deleted', () => {
  it('goes with its last finalizer', async () => {
    const api = await withConfigMap({ finalizers: ['example.com/a', 'example.com/b'] });
    await api.delete({ resource: 'configmaps', name: 'c' });
    const one = await putConfigMap(api, { finalizers: ['example.com/b'] });
    expect(one.body['metadata']).toMatchObject({
      finalizers: ['example.com/b'],
      deletionGracePeriodSeconds: 0,
    });
    const none = await putConfigMap(api);
    expect([none.status, none.body['kind']]).toEqual([200, 'ConfigMap']);
    expect((await api.get({ resource: 'configmaps', name: 'c' })).status).toBe(404);
  });

  it('gets no new finalizers', async () => {
    const api = await withConfigMap({ finalizers: ['example.com/a'] });
    await api.delete({ resource: 'configmaps', name: 'c' });
    const answer = await putConfigMap(api, { finalizers: ['example.com/a', 'example.com/new'] });
    expect(refusal(answer)).toEqual([
      422,
      'Invalid',
      'ConfigMap "c" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/new"}',
    ]);
  });

  it('cannot be called back', async () => {
    const api = await withConfigMap({ finalizers: ['example.com/a'] });
    await api.delete({ resource: 'configmaps', name: 'c' });
    const { body } = await putConfigMap(api, { finalizers: ['example.com/a'] });
    expect(body['metadata']).toHaveProperty('deletionTimestamp');
  });
});

describe('what update refuses', () => {
  it.each([
    [{ name: 'other' }, 'the name of the object (other) does not match the name on the URL (c)'],
    [{ name: '' }, 'the name of the object (c based on URL) was undeterminable: name must be provided'],
    [
      { namespace: 'x' },
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
  ])('metadata %j', async (metadata, message) => {
    expect(refusal(await putConfigMap(await withConfigMap(), metadata))).toEqual([
      400,
      'BadRequest',
      message,
    ]);
  });

  it('to set a deletion time; the cause comes twice, the message once', async () => {
    const answer = await putConfigMap(await withConfigMap(), { deletionTimestamp: '2020-01-01T00:00:00Z' });
    expect(answer.body['message']).toBe(
      'ConfigMap "c" is invalid: metadata.deletionTimestamp: Invalid value: "2020-01-01T00:00:00Z": field is immutable',
    );
    expect(answer.body['details']?.['causes']).toHaveLength(2);
  });
});
