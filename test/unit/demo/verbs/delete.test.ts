import { describe, expect, it } from 'vitest';
import { names, refusal, TestApi } from './support.ts';

const c = { resource: 'configmaps', name: 'c' };
const POD_SPEC = { containers: [{ name: 'main', image: 'busybox' }] };
const NOW = '2026-01-01T00:00:00Z';

async function withConfigMap(metadata: object = {}): Promise<TestApi> {
  const api = new TestApi();
  await api.create({ resource: 'configmaps', body: { metadata: { name: 'c', ...metadata } } });
  return api;
}

async function withPod(spec: object = {}): Promise<TestApi> {
  const api = new TestApi();
  await api.create({ resource: 'pods', body: { metadata: { name: 'p' }, spec: { ...POD_SPEC, ...spec } } });
  return api;
}

async function isThere(api: TestApi, resource: string, name: string): Promise<boolean> {
  return (await api.get({ resource, name })).status === 200;
}

describe('delete', () => {
  it('answers a Status that names what is gone', async () => {
    const api = await withConfigMap();
    const uid = (await api.get(c)).body['metadata']?.['uid'];
    const { status, body } = await api.delete(c);
    expect([status, body]).toEqual([
      200,
      {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Success',
        details: { name: 'c', kind: 'configmaps', uid },
      },
    ]);
    expect(refusal(await api.delete(c))).toEqual([404, 'NotFound', 'configmaps "c" not found']);
  });

  it('answers the object while finalizers hold it, each time again', async () => {
    const api = await withConfigMap({ finalizers: ['example.com/a'] });
    const { status, body } = await api.delete(c);
    expect(status).toBe(200);
    expect(body['metadata']).toMatchObject({ deletionTimestamp: NOW, deletionGracePeriodSeconds: 0 });
    api.clock.advance(60_000);
    expect((await api.delete(c)).body).toEqual(body);
    expect(await isThere(api, 'configmaps', 'c')).toBe(true);
  });

  it('counts as a new generation', async () => {
    const api = new TestApi();
    const metadata = { name: 'w', finalizers: ['example.com/a'] };
    await api.create({
      resource: 'widgets',
      body: { apiVersion: 'example.com/v1', kind: 'Widget', metadata },
    });
    expect((await api.delete({ resource: 'widgets', name: 'w' })).body['metadata']?.['generation']).toBe(2);
  });

  it.each([
    ['propagationPolicy=Orphan', ['orphan']],
    ['propagationPolicy=Foreground', ['foregroundDeletion']],
    ['orphanDependents=true', ['orphan']],
  ])('with %s leaves the object for the garbage collector', async (query, finalizers) => {
    const { body } = await (await withConfigMap()).delete({ ...c, query });
    expect(body['metadata']?.['finalizers']).toEqual(finalizers);
  });

  it('orphans the pods of jobs unless told otherwise, and warns', async () => {
    const api = new TestApi();
    const template = { spec: { ...POD_SPEC, restartPolicy: 'Never' } };
    await api.create({ resource: 'jobs', body: { metadata: { name: 'j' }, spec: { template } } });
    const query = 'dryRun=All';
    const { body, warnings } = await api.delete({ resource: 'jobs', name: 'j', query });
    expect(body['metadata']?.['finalizers']).toEqual(['orphan']);
    expect(warnings).toEqual([
      expect.stringContaining('child pods are preserved by default when jobs are deleted'),
    ]);
    const told = await api.delete({ resource: 'jobs', name: 'j', query: 'propagationPolicy=Background' });
    expect([told.body['status'], told.warnings]).toEqual(['Success', []]);
  });
});

describe('options of a deletion', () => {
  it('in the query count only without a body', async () => {
    const api = await withConfigMap();
    await api.delete({ ...c, query: 'dryRun=All' });
    expect(await isThere(api, 'configmaps', 'c')).toBe(true);
    await api.delete({ ...c, query: 'dryRun=All', body: {} });
    expect(await isThere(api, 'configmaps', 'c')).toBe(false);
  });

  it('in the body are passed over when misspelt', async () => {
    const api = await withConfigMap();
    await api.delete({ ...c, body: { kind: 'DeleteOptions', apiVersion: 'v1', dryrun: ['All'] } });
    expect(await isThere(api, 'configmaps', 'c')).toBe(false);
  });

  it('may demand a uid and a version', async () => {
    const api = await withConfigMap();
    const uid = await api.delete({ ...c, body: { preconditions: { uid: 'other' } } });
    expect(uid.body['message']).toMatch(
      /^Operation cannot be fulfilled on ConfigMap "c": the UID in the precondition \(other\) does not match/,
    );
    expect(uid.body['details']).toEqual({ name: 'c', kind: 'ConfigMap' });
    const version = await api.delete({ ...c, body: { preconditions: { resourceVersion: '1' } } });
    expect(refusal(version)).toEqual([
      409,
      'Conflict',
      'Operation cannot be fulfilled on ConfigMap "c": the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (3). The object might have been modified',
    ]);
    expect((await api.delete({ ...c, body: { preconditions: { resourceVersion: '3' } } })).status).toBe(200);
  });

  const start = 'DeleteOptions.meta.k8s.io "" is invalid: ';
  it.each([
    [{ dryRun: ['all'] }, 422, `${start}dryRun: Unsupported value: ["all"]: supported values: "All"`],
    [
      { propagationPolicy: 'Foo' },
      422,
      `${start}propagationPolicy: Unsupported value: "Foo": supported values: "Foreground", "Background", "Orphan", "nil"`,
    ],
    [
      { propagationPolicy: 'Orphan', orphanDependents: true },
      422,
      `${start}propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set`,
    ],
    [
      { kind: 'Foo', apiVersion: 'v1' },
      400,
      'no kind "Foo" is registered for version "v1" in scheme "pkg/runtime/scheme.go:111"',
    ],
    [
      { gracePeriodSeconds: 'a' },
      400,
      'json: cannot unmarshal string into Go struct field DeleteOptions.gracePeriodSeconds of type int64',
    ],
  ])('%j are refused', async (body, code, message) => {
    const answer = await (await withConfigMap()).delete({ ...c, body });
    expect([answer.status, answer.body['message']]).toEqual([code, message]);
  });
});

describe('pods', () => {
  it('go at once when they run nowhere, and are answered as being deleted', async () => {
    const api = await withPod();
    const { body } = await api.delete({ resource: 'pods', name: 'p' });
    expect(body).toMatchObject({
      kind: 'Pod',
      metadata: { deletionTimestamp: NOW, deletionGracePeriodSeconds: 0 },
    });
    expect(await isThere(api, 'pods', 'p')).toBe(false);
  });

  it.each([
    ['', 30, '2026-01-01T00:00:30Z'],
    ['gracePeriodSeconds=7', 7, '2026-01-01T00:00:07Z'],
    ['gracePeriodSeconds=-1', 1, '2026-01-01T00:00:01Z'],
  ])('on a node have time to end: %j', async (query, seconds, time) => {
    const api = await withPod({ nodeName: 'node' });
    const { body } = await api.delete({ resource: 'pods', name: 'p', query });
    expect(body['metadata']).toMatchObject({ deletionGracePeriodSeconds: seconds, deletionTimestamp: time });
    expect(await isThere(api, 'pods', 'p')).toBe(true);
  });

  it('on a node go at once by force, also later', async () => {
    const api = await withPod({ nodeName: 'node' });
    await api.delete({ resource: 'pods', name: 'p' });
    await api.delete({ resource: 'pods', name: 'p' });
    expect(await isThere(api, 'pods', 'p')).toBe(true);
    await api.delete({ resource: 'pods', name: 'p', body: { gracePeriodSeconds: 0 } });
    expect(await isThere(api, 'pods', 'p')).toBe(false);
  });
});

describe('namespaces', () => {
  const demo = { resource: 'namespaces', name: 'demo' };

  it('stay as long as their own finalizers do', async () => {
    const api = new TestApi();
    const { body } = await api.delete(demo);
    expect(body).toMatchObject({ metadata: { deletionTimestamp: NOW }, status: { phase: 'Terminating' } });
    const kept = { metadata: { name: 'demo' }, spec: { finalizers: ['kubernetes'] } };
    await api.update({ ...demo, subresource: 'finalize', body: kept });
    expect(await isThere(api, 'namespaces', 'demo')).toBe(true);
    await api.update({ ...demo, subresource: 'finalize', body: { metadata: { name: 'demo' } } });
    expect(await isThere(api, 'namespaces', 'demo')).toBe(false);
  });

  it('keep their finalizers in an ordinary update', async () => {
    const api = new TestApi();
    const body = { metadata: { name: 'demo' }, spec: { finalizers: ['example.com/x'] } };
    expect((await api.update({ ...demo, body })).body['spec']).toEqual({ finalizers: ['kubernetes'] });
  });

  it('that the system needs stay', async () => {
    const api = new TestApi();
    await api.create({ resource: 'namespaces', body: { metadata: { name: 'kube-system' } } });
    const message = 'namespaces "kube-system" is forbidden: this namespace may not be deleted';
    expect(refusal(await api.delete({ resource: 'namespaces', name: 'kube-system' }))).toEqual([
      403,
      'Forbidden',
      message,
    ]);
  });
});

describe('deletion of collections', () => {
  async function withThree(): Promise<TestApi> {
    const api = new TestApi();
    for (const name of ['a', 'b', 'c']) {
      await api.create({ resource: 'configmaps', body: { metadata: { name, labels: { is: name } } } });
    }
    return api;
  }

  async function left(api: TestApi): Promise<readonly string[]> {
    return names(await api.list({ resource: 'configmaps' }));
  }

  it('answers the list of what is gone', async () => {
    const api = await withThree();
    const answer = await api.deleteCollection({ resource: 'configmaps', query: 'labelSelector=is+in+(a,b)' });
    expect(names(answer)).toEqual(['a', 'b']);
    expect(await left(api)).toEqual(['c']);
  });

  it('stops behind a page, and says where to go on', async () => {
    const api = await withThree();
    const { body } = await api.deleteCollection({ resource: 'configmaps', query: 'limit=1' });
    expect(body['metadata']).toHaveProperty('continueToken');
    expect(await left(api)).toEqual(['b', 'c']);
  });

  it('follows the options in the body, like a deletion', async () => {
    const api = await withThree();
    await api.deleteCollection({ resource: 'configmaps', query: 'dryRun=All' });
    expect(await left(api)).toEqual(['a', 'b', 'c']);
    await api.deleteCollection({ resource: 'configmaps', query: 'dryRun=All', body: {} });
    expect(await left(api)).toEqual([]);
  });

  it('answers an empty list when nothing is selected', async () => {
    const answer = await (
      await withThree()
    ).deleteCollection({ resource: 'configmaps', query: 'labelSelector=no' });
    expect([answer.status, names(answer)]).toEqual([200, []]);
  });

  it('is not for all namespaces at once, nor for namespaces', async () => {
    const api = new TestApi();
    expect((await api.deleteCollection({ resource: 'configmaps', namespace: null })).status).toBe(405);
    expect((await api.deleteCollection({ resource: 'namespaces' })).status).toBe(405);
  });
});
