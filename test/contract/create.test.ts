import { describe, expect, it } from 'vitest';
import { at, listAt, textAt } from '../real/support/exact-json.ts';
import { admin } from './support/api.ts';
import { newNamespace, uniqueName } from './support/namespace.ts';
import { bodyOf, configMap, created, deployment } from './support/objects.ts';
import { newWidgets } from './support/widgets.ts';

const widgets = await newWidgets();
const namespace = await newNamespace();
const MAPS = `/api/v1/namespaces/${namespace}/configmaps`;
const DEPLOYMENTS = `/apis/apps/v1/namespaces/${namespace}/deployments`;
const WIDGETS = widgets.path(namespace);

describe('create', () => {
  it('answers 201 with what was stored', async () => {
    const answer = await admin.post(MAPS, configMap('a', { k: 'v' }));
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: {
        name: 'a',
        namespace,
        uid: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as string,
        resourceVersion: expect.stringMatching(/^[1-9]\d*$/) as string,
        creationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
      },
      data: { k: 'v' },
    });
    expect((await admin.get(`${MAPS}/a`)).text).toBe(answer.text);
  });

  it('counts generations of what has a spec', async () => {
    expect(at(await created(DEPLOYMENTS, deployment('generations')), 'metadata', 'generation')).toBe(1);
    expect(at(await created(WIDGETS, widgets.object('generations')), 'metadata', 'generation')).toBe(1);
    expect(at(await created(MAPS, configMap('generations')), 'metadata')).not.toHaveProperty('generation');
  });

  it('fills in defaults', async () => {
    expect(await created(DEPLOYMENTS, deployment('defaults'))).toMatchObject({
      spec: {
        progressDeadlineSeconds: 600,
        revisionHistoryLimit: 10,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
        template: {
          spec: {
            containers: [
              {
                imagePullPolicy: 'IfNotPresent',
                terminationMessagePath: '/dev/termination-log',
                resources: {},
              },
            ],
            dnsPolicy: 'ClusterFirst',
            restartPolicy: 'Always',
            schedulerName: 'default-scheduler',
            securityContext: {},
            terminationGracePeriodSeconds: 30,
          },
        },
      },
    });
  });

  it('makes up a name behind generateName', async () => {
    const object = await created(MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { generateName: 'made-' },
    });
    expect(at(object, 'metadata')).toMatchObject({
      generateName: 'made-',
      name: expect.stringMatching(/^made-[a-z0-9]{5}$/) as string,
    });
  });

  it('cuts a long generateName to 58 characters', async () => {
    const generateName = 'x'.repeat(70);
    const object = await created(MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName } });
    expect(textAt(object, 'metadata', 'name')).toMatch(/^x{58}[a-z0-9]{5}$/);
  });

  it('prefers a name to generateName', async () => {
    const metadata = { name: uniqueName(), generateName: 'made-' };
    expect(
      at(await created(MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata }), 'metadata'),
    ).toMatchObject(metadata);
  });

  it('wipes what only the server may set', async () => {
    const metadata = {
      uid: 'mine',
      creationTimestamp: '2001-01-01T00:00:00Z',
      generation: 7,
      deletionTimestamp: '2001-01-01T00:00:00Z',
    };
    const object = at(await created(MAPS, configMap('wiped', {}, metadata)), 'metadata');
    expect(object).not.toHaveProperty('deletionTimestamp');
    expect(textAt(object, 'uid')).not.toBe('mine');
    expect(textAt(object, 'creationTimestamp')).not.toMatch(/^2001/);
  });

  it.each([
    ['a deployment', DEPLOYMENTS, { ...deployment('status-dropped'), status: { replicas: 9 } }, 'replicas'],
    ['a custom object', WIDGETS, { ...widgets.object('status-dropped'), status: { phase: 'x' } }, 'phase'],
  ])('drops the status of %s', async (_, path, object, field) => {
    expect(at(await created(path, object), 'status') ?? {}).not.toHaveProperty(field);
  });

  it('takes YAML', async () => {
    const text = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: from-yaml\ndata:\n  k: "1"\n`;
    expect(await admin.post(MAPS, text, { contentType: 'application/yaml' })).toMatchObject({
      status: 201,
      json: { data: { k: '1' } },
    });
  });

  it('reads a body without a content type as JSON', async () => {
    expect((await admin.post(MAPS, configMap('untyped'), { contentType: null })).status).toBe(201);
  });

  it('fills in the kind of a built-in object, and not of a custom one', async () => {
    expect(await admin.post(MAPS, { metadata: { name: 'kindless' } })).toMatchObject({
      status: 201,
      json: { kind: 'ConfigMap' },
    });
    const custom = await admin.post(WIDGETS, { metadata: { name: 'kindless' } });
    expect(custom.status).toBe(400);
    expect(textAt(custom.json, 'message')).toContain("Object 'Kind' is missing in");
  });

  it('names the manager after the user agent, or as told', async () => {
    const managersOf = async (name: string, call: object) =>
      listAt(await created(MAPS, configMap(name, { k: 'v' }), call), 'metadata', 'managedFields');
    expect(await managersOf('agent', { headers: { 'user-agent': 'tool/1.0 (x)' } })).toMatchObject([
      { manager: 'tool', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1' },
    ]);
    expect(await managersOf('agentless', {})).toMatchObject([{ manager: 'unknown' }]);
    expect(await managersOf('told', { query: { fieldManager: 'me' } })).toMatchObject([
      { manager: 'me', fieldsV1: { 'f:data': { '.': {}, 'f:k': {} } } },
    ]);
  });
});

describe('a dry run of create', () => {
  it('answers as if, and stores nothing', async () => {
    const answer = await admin.post(MAPS, configMap('dry', { k: 'v' }), { query: { dryRun: 'All' } });
    expect(answer).toMatchObject({
      status: 201,
      json: { metadata: { name: 'dry', uid: expect.any(String) as string }, data: { k: 'v' } },
    });
    expect(at(answer.json, 'metadata')).not.toHaveProperty('resourceVersion');
    expect((await admin.get(`${MAPS}/dry`)).status).toBe(404);
  });

  it.each(['all', 'None', 'true'])('is not called %s', async (dryRun) => {
    expect(await admin.post(MAPS, configMap('dry'), { query: { dryRun } })).toMatchObject({
      status: 422,
      json: {
        reason: 'Invalid',
        details: { causes: [{ reason: 'FieldValueNotSupported', field: 'dryRun' }] },
      },
    });
  });

  it('lets a resource version pass, which a real create refuses without a reason', async () => {
    const object = configMap('versioned', {}, { resourceVersion: '1' });
    expect((await admin.post(MAPS, object, { query: { dryRun: 'All' } })).status).toBe(201);
    const answer = await admin.post(MAPS, object);
    expect(answer).toMatchObject({
      status: 500,
      json: { message: 'resourceVersion should not be set on objects to be created', code: 500 },
    });
    expect(answer.json).not.toHaveProperty('reason');
  });
});

it('what was created is found in the list at once', async () => {
  const name = uniqueName();
  await created(MAPS, configMap(name));
  const names = listAt(bodyOf(await admin.get(MAPS)), 'items').map((item) => at(item, 'metadata', 'name'));
  expect(names).toContain(name);
});
