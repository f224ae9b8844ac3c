import { describe, expect, it } from 'vitest';
import { type Answer, TestApi } from './support.ts';

const WIDGET = { apiVersion: 'example.com/v1', kind: 'Widget' };
const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' };

interface Patch {
  readonly metadata?: object;
  readonly spec?: unknown;
  readonly status?: object;
}

function apply(api: TestApi, patch: Patch, subresource?: string, manager = 'alice'): Promise<Answer> {
  return api.patch('apply', {
    resource: 'widgets',
    name: 'w',
    query: `fieldManager=${manager}&force=true`,
    body: { ...WIDGET, ...patch, metadata: { name: 'w', ...patch.metadata } },
    ...(subresource === undefined ? {} : { subresource }),
  });
}

function owned({ body }: Answer): readonly unknown[] {
  const entries = body['metadata']?.['managedFields'] as unknown as readonly {
    manager: string;
    fieldsV1: object;
  }[];
  return entries.map(({ manager, fieldsV1 }) => [manager, fieldsV1]);
}

describe('an apply', () => {
  it('neither writes nor owns a status that has a door of its own', async () => {
    const api = new TestApi();
    const created = await apply(api, { spec: { size: 's' }, status: { phase: 'p' } });
    expect(created.status).toBe(201);
    expect(created.body['status']).toBeUndefined();
    const again = await apply(api, { spec: { size: 'm' }, status: { phase: 'p' } });
    expect(again.body['status']).toBeUndefined();
    expect(owned(again)).toEqual([['alice', { 'f:spec': { 'f:size': {} } }]]);
  });

  it('refuses a field that the status does not have, although it ignores the status', async () => {
    const { status, body } = await apply(new TestApi(), { status: { zzz: 1 } });
    const why = 'failed to create typed patch object (/w; example.com/v1, Kind=Widget): .status.zzz';
    expect([status, body['message']]).toEqual([500, `${why}: field not declared in schema`]);
  });

  it('to the status of a custom resource owns nothing else, and conflicts with nobody', async () => {
    const api = new TestApi();
    await apply(api, { metadata: { labels: { l: '1' } }, spec: { size: 's' } });
    const patch = { metadata: { labels: { l: '2' } }, spec: { size: 'm' }, status: { phase: 'p' } };
    const { body, ...answer } = await apply(api, patch, 'status', 'bob');
    expect(body).toMatchObject({
      metadata: { labels: { l: '1' } },
      spec: { size: 's' },
      status: { phase: 'p' },
    });
    expect(owned({ body, ...answer })).toContainEqual(['bob', { 'f:status': { 'f:phase': {} } }]);
  });

  it('to the status of a built-in owns annotations too, and no labels', async () => {
    const api = new TestApi();
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    const spec = { selector: { matchLabels: { a: 'b' } }, template };
    await api.create({ resource: 'deployments', body: { ...DEPLOYMENT, metadata: { name: 'd' }, spec } });
    const answer = await api.patch('apply', {
      resource: 'deployments',
      name: 'd',
      subresource: 'status',
      query: 'fieldManager=bob',
      body: {
        ...DEPLOYMENT,
        metadata: { name: 'd', labels: { l: '1' }, annotations: { q: '1' } },
        spec: { replicas: 5 },
        status: { replicas: 3 },
      },
    });
    expect(answer.body).toMatchObject({ spec: { replicas: 1 }, status: { replicas: 3 } });
    const fields = { 'f:metadata': { 'f:annotations': { 'f:q': {} } }, 'f:status': { 'f:replicas': {} } };
    expect(owned(answer)).toContainEqual(['bob', fields]);
  });

  it('without a change is no change, also where there are defaults', async () => {
    const api = new TestApi();
    const first = await apply(api, { spec: { replicas: null } });
    api.clock.advance(60_000);
    const second = await apply(api, { spec: { replicas: null } });
    expect(second.body).toEqual(first.body);
  });
});

describe('a null that is applied to a custom resource', () => {
  it.each([
    [{ title: null }, 'spec.title', 'string'],
    [null, 'spec', 'object'],
  ])('is of a wrong type in %j', async (spec, field, type) => {
    const { status, body } = await apply(new TestApi(), { spec });
    const why = `${field}: Invalid value: "null": ${field} in body must be of type ${type}: "null"`;
    expect([status, body['message']]).toEqual([422, `Widget.example.com "w" is invalid: ${why}`]);
  });

  it('makes room for a default', async () => {
    const { body } = await apply(new TestApi(), { spec: { replicas: null } });
    expect(body['spec']).toEqual({ replicas: 1 });
  });

  it('stays where it is allowed', async () => {
    const { body } = await apply(new TestApi(), { spec: { note: null } });
    expect(body['spec']).toEqual({ note: null, replicas: 1 });
  });
});

describe('a custom resource whose definition is going away', () => {
  const relics = { resource: 'relics' };
  const relic = { apiVersion: 'example.com/v1', kind: 'Relic', metadata: { name: 'r' } };
  const refusal =
    'relics.example.com "r" is forbidden: create not allowed while custom resource definition is terminating';

  it('is not created, nor applied anew', async () => {
    const api = new TestApi();
    const created = await api.create({ ...relics, body: relic });
    expect([created.status, created.body['message']]).toEqual([403, refusal]);
    const applied = await api.patch('apply', { ...relics, name: 'r', query: 'fieldManager=a', body: relic });
    expect([applied.status, applied.body['message']]).toEqual([403, refusal]);
  });

  it('is patched, so that its finalizers can go, and goes with the last one', async () => {
    const api = new TestApi();
    const metadata = {
      name: 'r',
      namespace: 'demo',
      uid: 'u',
      deletionTimestamp: '2026-01-01T00:00:00Z',
      deletionGracePeriodSeconds: 0,
      finalizers: ['example.com/a'],
    };
    api.cluster.store.insert('example.com/relics', { ...relic, metadata });
    const body = { metadata: { finalizers: null } };
    expect((await api.patch('merge', { ...relics, name: 'r', body })).status).toBe(200);
    expect((await api.get({ ...relics, name: 'r' })).status).toBe(404);
  });
});
