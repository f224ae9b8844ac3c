import { describe, expect, it } from 'vitest';
import { waitUntil } from '../cluster/wait.ts';
import { at, listAt, textAt } from '../real/support/exact-json.ts';
import { admin, PATCH } from './support/api.ts';
import { newNamespace, uniqueName } from './support/namespace.ts';
import { bodyOf, configMap, container, created, deployment, unscheduledPod } from './support/objects.ts';
import { newWidgets } from './support/widgets.ts';

const widgets = await newWidgets();
const namespace = await newNamespace();
const MAPS = `/api/v1/namespaces/${namespace}/configmaps`;
const PODS = `/api/v1/namespaces/${namespace}/pods`;
const APPS = `/apis/apps/v1/namespaces/${namespace}`;
const JOBS = `/apis/batch/v1/namespaces/${namespace}/jobs`;
const FINALIZER = 'example.com/wait';

async function newMap(metadata: object = {}): Promise<string> {
  const name = uniqueName();
  await created(MAPS, configMap(name, {}, metadata));
  return `${MAPS}/${name}`;
}

async function exists(path: string): Promise<boolean> {
  return (await admin.get(path)).status === 200;
}

function untilGone(path: string): Promise<void> {
  const check = async () => ((await exists(path)) ? 'it is there' : undefined);
  return waitUntil(`${path} is gone`, check, { timeoutMs: 15_000 });
}

describe('delete', () => {
  it('answers a Status that names what is gone', async () => {
    const path = await newMap();
    const uid = at((await admin.get(path)).json, 'metadata', 'uid');
    const answer = await admin.delete(path);
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name: path.split('/').at(-1), kind: 'configmaps', uid },
    });
    expect(await exists(path)).toBe(false);
  });

  it('names the group of what has one', async () => {
    await created(`${APPS}/deployments`, deployment('grouped'));
    expect((await admin.delete(`${APPS}/deployments/grouped`)).json).toMatchObject({
      kind: 'Status',
      details: { name: 'grouped', group: 'apps', kind: 'deployments' },
    });
    await created(widgets.path(namespace), widgets.object('grouped'));
    expect((await admin.delete(widgets.path(namespace, 'grouped'))).json).toMatchObject({
      kind: 'Status',
      details: { name: 'grouped', group: widgets.group, kind: 'widgets' },
    });
  });

  it('answers the object when a finalizer keeps it', async () => {
    const path = await newMap({ finalizers: [FINALIZER] });
    const answer = await admin.delete(path);
    expect(answer).toMatchObject({
      status: 200,
      json: {
        kind: 'ConfigMap',
        metadata: {
          deletionTimestamp: expect.stringMatching(/Z$/) as string,
          deletionGracePeriodSeconds: 0,
          finalizers: [FINALIZER],
        },
      },
    });
    const again = await admin.delete(path);
    expect(again).toMatchObject({ status: 200, json: { kind: 'ConfigMap' } });
    expect(at(again.json, 'metadata', 'deletionTimestamp')).toBe(
      at(answer.json, 'metadata', 'deletionTimestamp'),
    );
    await admin.patch(path, PATCH.merge, { metadata: { finalizers: null } });
  });

  it('happens when the last finalizer goes', async () => {
    const path = await newMap({ finalizers: [FINALIZER] });
    await admin.delete(path);
    const answer = await admin.patch(path, PATCH.merge, { metadata: { finalizers: null } });
    expect(answer).toMatchObject({ status: 200, json: { kind: 'ConfigMap' } });
    expect(await exists(path)).toBe(false);
  });

  it('cannot be held up by another finalizer later', async () => {
    const path = await newMap({ finalizers: [FINALIZER] });
    await admin.delete(path);
    const answer = await admin.patch(path, PATCH.merge, {
      metadata: { finalizers: [FINALIZER, 'example.com/more'] },
    });
    expect(answer.status).toBe(422);
    expect(textAt(answer.json, 'message')).toContain(
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/more"}',
    );
    await admin.patch(path, PATCH.merge, { metadata: { finalizers: null } });
  });

  it('of an unscheduled pod answers the pod, and it is gone at once', async () => {
    await created(PODS, unscheduledPod('waiting', { terminationGracePeriodSeconds: 30 }));
    expect(await admin.delete(`${PODS}/waiting`)).toMatchObject({
      status: 200,
      json: { kind: 'Pod', metadata: { deletionGracePeriodSeconds: 0 } },
    });
    expect(await exists(`${PODS}/waiting`)).toBe(false);
  });

  it('of what does not exist is 404', async () => {
    expect(await admin.delete(`${MAPS}/missing`)).toMatchObject({
      status: 404,
      json: { reason: 'NotFound', details: { name: 'missing', kind: 'configmaps' } },
    });
  });
});

describe('the options of delete', () => {
  it('in the query count when there is no body', async () => {
    const path = await newMap();
    expect((await admin.delete(path, { query: { dryRun: 'All' } })).status).toBe(200);
    expect(await exists(path)).toBe(true);
  });

  it('in the query are ignored beside any body: what was to be a dry run deletes', async () => {
    const path = await newMap();
    await admin.delete(path, { query: { dryRun: 'All' }, body: {} });
    expect(await exists(path)).toBe(false);
  });

  it('in the body may be misspelt, and are ignored then', async () => {
    const path = await newMap();
    await admin.delete(path, { body: { apiVersion: 'v1', kind: 'DeleteOptions', dryrun: ['All'] } });
    expect(await exists(path)).toBe(false);
  });

  it('in the body make a dry run', async () => {
    const path = await newMap();
    await admin.delete(path, { body: { apiVersion: 'v1', kind: 'DeleteOptions', dryRun: ['All'] } });
    expect(await exists(path)).toBe(true);
  });

  it.each([
    ['uid', { uid: '00000000-0000-0000-0000-000000000000' }],
    ['resource version', { resourceVersion: '1' }],
  ])('can insist on the %s', async (_, preconditions) => {
    const path = await newMap();
    const answer = await admin.delete(path, {
      body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions },
    });
    expect(answer).toMatchObject({
      status: 409,
      json: { reason: 'Conflict', details: { kind: 'ConfigMap' } },
    });
    expect(await exists(path)).toBe(true);
  });

  it('that hold let the deletion pass', async () => {
    const path = await newMap();
    const { uid, resourceVersion } = at((await admin.get(path)).json, 'metadata') as unknown as {
      uid: string;
      resourceVersion: string;
    };
    const answer = await admin.delete(path, {
      body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid, resourceVersion } },
    });
    expect(answer.status).toBe(200);
  });

  it.each([
    ['two ways of propagation', { propagationPolicy: 'Orphan', orphanDependents: true }],
    ['a way that does not exist', { propagationPolicy: 'Sideways' }],
  ])('do not allow %s', async (_, options) => {
    const path = await newMap();
    expect(
      (await admin.delete(path, { body: { apiVersion: 'v1', kind: 'DeleteOptions', ...options } })).status,
    ).toBe(422);
    expect(await exists(path)).toBe(true);
  });
});

describe('what belongs to a deleted object', () => {
  /** A deployment without pods, once it has its replica set. */
  async function withReplicaSet() {
    const name = uniqueName();
    await created(`${APPS}/deployments`, deployment(name));
    const find = async () =>
      listAt((await admin.get(`${APPS}/replicasets`, { labelSelector: `app=${name}` })).json, 'items')[0];
    const missing = async () => ((await find()) === undefined ? 'none' : undefined);
    await waitUntil(`${name} has a replica set`, missing, { timeoutMs: 15_000 });
    return {
      path: `${APPS}/deployments/${name}`,
      child: `${APPS}/replicasets/${textAt(await find(), 'metadata', 'name')}`,
    };
  }

  it('goes too', async () => {
    const { path, child } = await withReplicaSet();
    await admin.delete(path, { query: { propagationPolicy: 'Background' } });
    expect(await exists(path)).toBe(false);
    await untilGone(child);
  });

  it('goes first when told so', async () => {
    const { path, child } = await withReplicaSet();
    const answer = await admin.delete(path, { query: { propagationPolicy: 'Foreground' } });
    expect(at(answer.json, 'metadata', 'finalizers')).toEqual(['foregroundDeletion']);
    await untilGone(path);
    expect(await exists(child)).toBe(false);
  });

  it('stays without an owner when told so', async () => {
    const { path, child } = await withReplicaSet();
    const answer = await admin.delete(path, { query: { propagationPolicy: 'Orphan' } });
    expect(at(answer.json, 'metadata', 'finalizers')).toEqual(['orphan']);
    await untilGone(path);
    expect(at(bodyOf(await admin.get(child)), 'metadata')).not.toHaveProperty('ownerReferences');
  });

  it('stays by default for a job, with a warning', async () => {
    const template = { spec: { restartPolicy: 'Never', containers: [container()] } };
    await created(JOBS, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'job' },
      spec: { suspend: true, template },
    });
    const answer = await admin.delete(`${JOBS}/job`);
    expect(answer).toMatchObject({ status: 200, json: { kind: 'Job' } });
    expect(listAt(answer.json, 'metadata', 'finalizers')).toContain('orphan');
    expect(String(answer.headers['warning'])).toMatch(
      /^299 - "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them/,
    );
  });
});

it('a namespace that goes takes what is in it, and takes in nothing new', async () => {
  const name = await newNamespace();
  const path = `/api/v1/namespaces/${name}/configmaps`;
  await created(path, configMap('kept', {}, { finalizers: [FINALIZER] }));
  expect(await admin.delete(`/api/v1/namespaces/${name}`)).toMatchObject({
    status: 200,
    json: { kind: 'Namespace', status: { phase: 'Terminating' } },
  });
  expect(await admin.post(path, configMap('late'))).toMatchObject({
    status: 403,
    json: {
      reason: 'Forbidden',
      message: `configmaps "late" is forbidden: unable to create new content in namespace ${name} because it is being terminated`,
      details: { causes: [{ reason: 'NamespaceTerminating', field: 'metadata.namespace' }] },
    },
  });
  await admin.patch(`${path}/kept`, PATCH.merge, { metadata: { finalizers: null } });
  await untilGone(`/api/v1/namespaces/${name}`);
});
