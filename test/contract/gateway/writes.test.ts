import { describe, expect, it } from 'vitest';
import { at, textAt } from '../../real/support/exact-json.ts';
import { admin } from '../support/api.ts';
import { gatewayAs } from '../support/gateway.ts';
import { newNamespace, uniqueName } from '../support/namespace.ts';
import { bodyOf, configMap, created, deployment } from '../support/objects.ts';
import { newWidgets } from '../support/widgets.ts';

const widgets = await newWidgets();
const namespace = await newNamespace();
const gateway = await gatewayAs();
const MAPS = `/api/v1/namespaces/${namespace}/configmaps`;
const IN = `namespace: "${namespace}"`;

async function newMap(data: Record<string, string> = { k: 'v' }): Promise<string> {
  const name = uniqueName();
  await created(MAPS, configMap(name, data));
  return name;
}

async function stored(name: string) {
  return bodyOf(await admin.get(`${MAPS}/${name}`));
}

describe('a mutation', () => {
  it('creates', async () => {
    const input = { metadata: { name: uniqueName() }, data: { k: 'v' } };
    const data = await gateway.data(
      `mutation ($input: CoreV1ConfigMapInput!) { createConfigMap(${IN}, input: $input) { metadata { name resourceVersion } } }`,
      { input },
    );
    const object = await stored(input.metadata.name);
    expect(at(data, 'createConfigMap', 'metadata', 'resourceVersion')).toBe(
      at(object, 'metadata', 'resourceVersion'),
    );
    expect(at(object, 'data')).toEqual({ k: 'v' });
  });

  it('patches', async () => {
    const name = await newMap({ a: '1', b: '2' });
    const patch = { data: { a: null, c: '3' } };
    await gateway.data(
      `mutation ($patch: JSON!) { patchConfigMap(${IN}, name: "${name}", patch: $patch) { id } }`,
      { patch },
    );
    expect(at(await stored(name), 'data')).toEqual({ b: '2', c: '3' });
  });

  it('applies', async () => {
    const name = uniqueName();
    const input = { data: { k: 'applied' } };
    await gateway.data(
      `mutation ($input: CoreV1ConfigMapInput!) { applyConfigMap(${IN}, name: "${name}", input: $input, fieldManager: "me") { id } }`,
      { input },
    );
    expect(await stored(name)).toMatchObject({
      data: { k: 'applied' },
      metadata: { managedFields: [{ manager: 'me', operation: 'Apply' }] },
    });
  });

  it('deletes', async () => {
    const name = await newMap();
    await gateway.data(`mutation { deleteConfigMap(${IN}, name: "${name}") { __typename } }`);
    expect((await admin.get(`${MAPS}/${name}`)).status).toBe(404);
  });

  it('scales', async () => {
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    await created(path, deployment('scaled', { paused: true }));
    await gateway.data(
      `mutation { scaleDeployment(${IN}, name: "scaled", replicas: 2) { spec { replicas } } }`,
    );
    expect(bodyOf(await admin.get(`${path}/scaled`))).toMatchObject({ spec: { replicas: 2 } });
  });

  it('writes custom objects with every digit, which come as text', async () => {
    const input = { metadata: { name: 'big' }, spec: { size: '9007199254740993' } };
    const document = `mutation ($input: ${widgets.typeName}Input!) { create${widgets.typeName}(${IN}, input: $input) { spec { size } } }`;
    await gateway.data(document, { input });
    expect((await admin.get(widgets.path(namespace, 'big'))).text).toContain('"size":9007199254740993');
  });

  it('as a dry run changes nothing', async () => {
    const name = await newMap();
    await gateway.data(`mutation { deleteConfigMap(${IN}, name: "${name}", dryRun: true) { __typename } }`);
    expect((await admin.get(`${MAPS}/${name}`)).status).toBe(200);
  });
});

describe('a mutation that is refused', () => {
  const create = `mutation ($input: CoreV1ConfigMapInput!) { it: createConfigMap(${IN}, input: $input) { id } }`;

  it('because the name is taken', async () => {
    const input = { metadata: { name: await newMap() } };
    expect(await gateway.failure(create, { input })).toMatchObject({
      path: ['it'],
      extensions: { code: 'ALREADY_EXISTS', kubernetes: { reason: 'AlreadyExists', code: 409 } },
    });
  });

  it('because the object is invalid says which field', async () => {
    const failure = await gateway.failure(create, { input: { metadata: { name: 'Upper' } } });
    expect(failure).toMatchObject({
      path: ['it'],
      extensions: { code: 'INVALID', kubernetes: { reason: 'Invalid', code: 422 } },
    });
    expect(JSON.stringify(failure.extensions)).toContain('metadata.name');
  });

  it('because somebody else owns the field says who', async () => {
    const name = uniqueName();
    const apply = (manager: string, value: string) =>
      `mutation { it: applyConfigMap(${IN}, name: "${name}", input: { data: { k: "${value}" } }, fieldManager: "${manager}") { id } }`;
    await gateway.data(apply('alice', '1'));
    const failure = await gateway.failure(apply('bob', '2'));
    expect(failure).toMatchObject({
      path: ['it'],
      extensions: { kubernetes: { reason: 'Conflict', code: 409 } },
    });
    expect(textAt(failure, 'message')).toContain('alice');
  });
});
