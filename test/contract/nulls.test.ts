import { describe, expect, it } from 'vitest';
import { at } from '../real/support/exact-json.ts';
import { admin, PATCH } from './support/api.ts';
import { newNamespace, uniqueName } from './support/namespace.ts';
import { created, deployment } from './support/objects.ts';
import { newWidgets } from './support/widgets.ts';

const widgets = await newWidgets();
const namespace = await newNamespace();
const DEPLOYMENTS = `/apis/apps/v1/namespaces/${namespace}/deployments`;
const WIDGETS = widgets.path(namespace);

async function newDeployment(spec: object): Promise<string> {
  const name = uniqueName();
  await created(DEPLOYMENTS, deployment(name, spec));
  return `${DEPLOYMENTS}/${name}`;
}

async function newWidget(spec: object): Promise<string> {
  const name = uniqueName();
  await created(WIDGETS, widgets.object(name, spec));
  return `${WIDGETS}/${name}`;
}

describe('null in a patch', () => {
  it.each([PATCH.merge, PATCH.strategic])('brings the default back (%s)', async (contentType) => {
    const path = await newDeployment({
      replicas: 0,
      revisionHistoryLimit: 3,
      minReadySeconds: 4,
      paused: true,
    });
    const answer = await admin.patch(path, contentType, { spec: { revisionHistoryLimit: null } });
    expect(at(answer.json, 'spec', 'revisionHistoryLimit')).toBe(10);
  });

  it('brings the default of a custom object back', async () => {
    const answer = await admin.patch(await newWidget({ defaulted: 1 }), PATCH.merge, {
      spec: { defaulted: null },
    });
    expect(at(answer.json, 'spec', 'defaulted')).toBe(7);
  });

  it('removes a nullable field, unless a JSON patch puts it there', async () => {
    const merged = await admin.patch(await newWidget({ nothing: 'x' }), PATCH.merge, {
      spec: { nothing: null },
    });
    expect(at(merged.json, 'spec')).not.toHaveProperty('nothing');
    const operation = { op: 'replace', path: '/spec/nothing', value: null };
    const replaced = await admin.patch(await newWidget({ nothing: 'x' }), PATCH.json, [operation]);
    expect(at(replaced.json, 'spec')).toHaveProperty('nothing', null);
  });
});

describe('null in a create', () => {
  it('is the default of a field that has one', async () => {
    const object = await created(DEPLOYMENTS, deployment(uniqueName(), { revisionHistoryLimit: null }));
    expect(at(object, 'spec', 'revisionHistoryLimit')).toBe(10);
    expect(
      at(await created(WIDGETS, widgets.object(uniqueName(), { defaulted: null })), 'spec', 'defaulted'),
    ).toBe(7);
  });

  it('stays in a nullable field, and drops the key of a map', async () => {
    const object = await created(
      WIDGETS,
      widgets.object(uniqueName(), { nothing: null, labels: { a: null, b: '1' } }),
    );
    expect(at(object, 'spec', 'nothing')).toBeNull();
    expect(at(object, 'spec', 'labels')).toEqual({ b: '1' });
  });
});
