import { describe, expect, it } from 'vitest';
import { at, type Exact, listAt, textAt } from '../real/support/exact-json.ts';
import { admin, nobody, viewer } from './support/api.ts';
import { newWidgets } from './support/widgets.ts';

const widgets = await newWidgets();

const V2 = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const V2BETA1 = 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList';
const AGGREGATED = `${V2},application/json`;

/** A resource of the aggregated form. */
async function aggregatedResource(
  group: string,
  version: string,
  resource: string,
): Promise<Exact | undefined> {
  const { json } = await admin.get(group === '' ? '/api' : '/apis', {}, AGGREGATED);
  const entry = listAt(json, 'items').find((item) => (at(item, 'metadata', 'name') ?? '') === group);
  const served = listAt(entry, 'versions').find((item) => at(item, 'version') === version);
  return listAt(served, 'resources').find((item) => at(item, 'resource') === resource);
}

async function listedResource(path: string, name: string): Promise<Exact | undefined> {
  return listAt((await admin.get(path)).json, 'resources').find((item) => at(item, 'name') === name);
}

describe('aggregated discovery', () => {
  it.each(['/api', '/apis'])('answers %s with the type that was asked for', async (path) => {
    const answer = await admin.get(path, {}, AGGREGATED);
    expect(answer.headers['content-type']).toBe(V2);
    expect(answer.json).toMatchObject({
      kind: 'APIGroupDiscoveryList',
      apiVersion: 'apidiscovery.k8s.io/v2',
    });
    expect(answer.headers).toMatchObject({ 'cache-control': 'public', vary: 'Accept' });
    expect(answer.headers.etag).toMatch(/^"[0-9A-F]{128}"$/);
  });

  it.each([
    [
      'parameters in another order',
      V2.replace(
        'g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
        'as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io',
      ),
      'APIGroupDiscoveryList',
    ],
    ['v2 before v2beta1', `${V2},${V2BETA1},application/json`, 'APIGroupDiscoveryList'],
    ['v2beta1, which is gone, with plain JSON behind it', `${V2BETA1},application/json`, 'APIGroupList'],
    ['a profile', `${V2};profile=nopeer,application/json`, 'APIGroupDiscoveryList'],
    ['plain JSON', 'application/json', 'APIGroupList'],
  ])('chooses the form by Accept: %s', async (_, accept, kind) => {
    const answer = await admin.get('/apis', {}, accept);
    expect(answer.status).toBe(200);
    expect(at(answer.json, 'kind')).toBe(kind);
  });

  it('refuses v2beta1 alone', async () => {
    expect((await admin.get('/apis', {}, V2BETA1)).status).toBe(406);
  });

  it('answers 304 without a body for its own ETag', async () => {
    const { headers } = await admin.get('/api', {}, AGGREGATED);
    const again = await admin.send('GET', '/api', {
      accept: AGGREGATED,
      headers: { 'if-none-match': headers.etag ?? '' },
    });
    expect(again.status).toBe(304);
    expect(again.text).toBe('');
  });

  it.each([
    ['a weak one', (etag: string) => `W/${etag}`],
    ['a list', (etag: string) => `"x", ${etag}`],
    ['a star', () => '*'],
  ])('compares ETags literally: %s does not match', async (_, change) => {
    const { headers } = await admin.get('/api', {}, AGGREGATED);
    const ifNoneMatch = change(headers.etag ?? '');
    const again = await admin.send('GET', '/api', {
      accept: AGGREGATED,
      headers: { 'if-none-match': ifNoneMatch },
    });
    expect(again.status).toBe(200);
  });

  it('has the core group under /api, and it alone', async () => {
    const core = await admin.get('/api', {}, AGGREGATED);
    expect(listAt(core.json, 'items')).toHaveLength(1);
    expect(at(core.json, 'items', 0, 'versions', 0)).toMatchObject({ version: 'v1', freshness: 'Current' });
    const groups = listAt((await admin.get('/apis', {}, AGGREGATED)).json, 'items');
    expect(groups.map((group) => at(group, 'metadata', 'name'))).toContain('apps');
    expect(groups.map((group) => at(group, 'metadata', 'name'))).not.toContain('');
  });

  it('leaves group and version of a built-in kind empty', async () => {
    expect(await aggregatedResource('apps', 'v1', 'deployments')).toMatchObject({
      responseKind: { group: '', version: '', kind: 'Deployment' },
      scope: 'Namespaced',
      singularResource: 'deployment',
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      shortNames: ['deploy'],
      categories: ['all'],
    });
  });

  it('names group and version of a subresource of another group, and of a custom kind', async () => {
    const deployments = await aggregatedResource('apps', 'v1', 'deployments');
    expect(listAt(deployments, 'subresources')).toContainEqual({
      subresource: 'scale',
      responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
      verbs: ['get', 'patch', 'update'],
    });
    expect(await aggregatedResource(widgets.group, 'v1', 'widgets')).toEqual({
      resource: 'widgets',
      responseKind: { group: widgets.group, version: 'v1', kind: 'Widget' },
      scope: 'Namespaced',
      singularResource: 'widget',
      verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
      shortNames: ['wd'],
      subresources: [
        {
          subresource: 'status',
          responseKind: { group: widgets.group, version: 'v1', kind: 'Widget' },
          verbs: ['get', 'patch', 'update'],
        },
        {
          subresource: 'scale',
          responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
          verbs: ['get', 'patch', 'update'],
        },
      ],
    });
  });

  it.each([
    ['eviction', ['create']],
    ['exec', ['create', 'get']],
    ['log', ['get']],
    ['status', ['get', 'patch', 'update']],
  ])('lists pods/%s with its verbs', async (subresource, verbs) => {
    const pods = await aggregatedResource('', 'v1', 'pods');
    expect(listAt(pods, 'subresources')).toContainEqual(expect.objectContaining({ subresource, verbs }));
  });

  it('is the same for every authenticated user', async () => {
    const [his, ours] = await Promise.all([
      viewer.get('/api', {}, AGGREGATED),
      admin.get('/api', {}, AGGREGATED),
    ]);
    expect(his.status).toBe(200);
    expect(his.text).toBe(ours.text);
  });
});

describe('plain discovery', () => {
  it('lists versions, groups and resources, without ETag', async () => {
    const [versions, groups, core] = await Promise.all(
      ['/api', '/apis', '/api/v1'].map((path) => admin.get(path)),
    );
    expect(versions?.json).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
    expect(groups?.json).toMatchObject({ kind: 'APIGroupList', apiVersion: 'v1' });
    expect(core?.json).toMatchObject({ kind: 'APIResourceList', groupVersion: 'v1' });
    for (const answer of [versions, groups, core]) expect(answer?.headers.etag).toBeUndefined();
  });

  it('has a document for each group', async () => {
    const { json } = await admin.get('/apis/apps');
    const v1 = { groupVersion: 'apps/v1', version: 'v1' };
    expect(json).toEqual({
      kind: 'APIGroup',
      apiVersion: 'v1',
      name: 'apps',
      versions: [v1],
      preferredVersion: v1,
    });
  });

  it('has the storage version hash and the short names of a resource', async () => {
    expect(await listedResource('/api/v1', 'pods')).toEqual({
      name: 'pods',
      singularName: 'pod',
      namespaced: true,
      kind: 'Pod',
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      shortNames: ['po'],
      categories: ['all'],
      storageVersionHash: expect.any(String),
    });
  });

  it.each([
    ['/api/v1', 'pods/eviction', { group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] }],
    ['/api/v1', 'pods/log', { kind: 'Pod', verbs: ['get'] }],
    [
      '/api/v1',
      'serviceaccounts/token',
      { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest', verbs: ['create'] },
    ],
    ['/apis/apps/v1', 'deployments/scale', { group: 'autoscaling', version: 'v1', kind: 'Scale' }],
    ['/apis/apps/v1', 'deployments/status', { kind: 'Deployment' }],
  ])('lists in %s the subresource %s', async (path, name, expected) => {
    expect(await listedResource(path, name)).toMatchObject({ name, singularName: '', ...expected });
  });

  it('lists a custom kind with its subresources', async () => {
    const { json } = await admin.get(`/apis/${widgets.group}/v1`);
    expect(json).toMatchObject({
      kind: 'APIResourceList',
      apiVersion: 'v1',
      groupVersion: widgets.apiVersion,
    });
    expect(listAt(json, 'resources').map((item) => textAt(item, 'name'))).toEqual([
      'widgets',
      'widgets/status',
      'widgets/scale',
    ]);
  });

  it.each(['/apis/no.such.group', '/apis/no.such.group/v1', '/api/v2'])('does not know %s', async (path) => {
    const answer = await admin.get(path);
    expect(answer.status).toBe(404);
  });
});

describe('who may discover', () => {
  it.each(['/version', '/livez', '/readyz', '/healthz'])('lets anybody read %s', async (path) => {
    expect((await nobody.get(path)).status).toBe(200);
  });

  it.each(['/api', '/apis', '/openapi/v3'])('lets nobody without credentials read %s', async (path) => {
    const { status, json } = await nobody.get(path);
    expect(status).toBe(403);
    expect(json).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: `forbidden: User "system:anonymous" cannot get path "${path}"`,
      reason: 'Forbidden',
      details: {},
      code: 403,
    });
  });

  it('says which version of Kubernetes it is', async () => {
    expect((await admin.get('/version')).json).toMatchObject({
      major: '1',
      minor: '36',
      gitVersion: expect.stringMatching(/^v1\.36\./),
    });
  });
});
