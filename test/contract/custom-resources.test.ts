import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { waitUntil } from '../cluster/wait.ts';
import { atEnd } from '../real/support/at-end.ts';
import { at, listAt } from '../real/support/exact-json.ts';
import { admin, PATCH } from './support/api.ts';
import { newNamespace, uniqueName } from './support/namespace.ts';
import { bodyOf, created } from './support/objects.ts';
import {
  DEFINITIONS,
  newWidgets,
  untilDescribed,
  widgetDefinition,
  type Widgets,
  widgetsOf,
} from './support/widgets.ts';

const namespace = await newNamespace();
const widgets = await newWidgets();

/** A definition that is not created yet, and goes after the last test. */
function undefinedWidgets(): Widgets {
  const own = widgetsOf(`kg${randomBytes(5).toString('hex')}`);
  atEnd(() => admin.delete(own.definition));
  return own;
}

function untilStatus(path: string, status: number): Promise<void> {
  const check = async () => {
    const answer = await admin.get(path);
    return answer.status === status ? undefined : `status ${answer.status}`;
  };
  return waitUntil(`${path} answers ${status}`, check, { timeoutMs: 20_000 });
}

async function conditionsOf(definition: string): Promise<Readonly<Record<string, unknown>>> {
  const { json } = await admin.get(definition);
  const conditions = listAt(json, 'status', 'conditions');
  return Object.fromEntries(conditions.map((item) => [at(item, 'type'), at(item, 'status')])) as Readonly<
    Record<string, unknown>
  >;
}

describe('a definition', () => {
  it('is served soon after it was created, and gone soon after it was deleted', async () => {
    const own = undefinedWidgets();
    expect((await admin.get(own.path(namespace))).status).toBe(404);
    await created(DEFINITIONS, widgetDefinition(own.group));
    await untilDescribed(own.group);
    expect(await conditionsOf(own.definition)).toMatchObject({ Established: 'True', NamesAccepted: 'True' });
    expect(bodyOf(await admin.get(own.path(namespace)))).toMatchObject({ kind: 'WidgetList', items: [] });
    await created(own.path(namespace), own.object('a'));
    expect(await admin.delete(own.definition)).toMatchObject({
      status: 200,
      json: { kind: 'CustomResourceDefinition' },
    });
    await untilStatus(own.path(namespace), 404);
    await untilStatus(`/apis/${own.group}/v1`, 404);
    await untilStatus(`/openapi/v3/apis/${own.group}/v1`, 404);
    await untilStatus(own.definition, 404);
  });

  it('says in its status what was accepted', async () => {
    expect(at(bodyOf(await admin.get(widgets.definition)), 'status')).toMatchObject({
      acceptedNames: {
        plural: 'widgets',
        singular: 'widget',
        kind: 'Widget',
        listKind: 'WidgetList',
        shortNames: ['wd'],
      },
      storedVersions: ['v1'],
    });
  });

  it('has defaults of its own', async () => {
    const own = undefinedWidgets();
    const definition = widgetDefinition(own.group) as { readonly spec: { readonly names: object } };
    const names = { plural: 'widgets', kind: 'Widget' };
    const object = await created(DEFINITIONS, { ...definition, spec: { ...definition.spec, names } });
    expect(at(object, 'spec')).toMatchObject({
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
      conversion: { strategy: 'None' },
    });
  });

  it.each([
    [
      'its name',
      (own: Widgets) => ({ ...widgetDefinition(own.group), metadata: { name: `gadgets.${own.group}` } }),
      'metadata.name',
    ],
    ['its scope', (own: Widgets) => changed(own, { scope: 'Everywhere' }), 'spec.scope'],
    ['no versions', (own: Widgets) => changed(own, { versions: [] }), 'spec.versions'],
    [
      'no schema',
      (own: Widgets) => changed(own, { versions: [{ name: 'v1', served: true, storage: true }] }),
      'spec.versions[0].schema.openAPIV3Schema',
    ],
  ])('is refused because of %s', async (_, make, field) => {
    const { status, json } = await admin.post(DEFINITIONS, make(widgetsOf('kgrefused')));
    expect(status).toBe(422);
    expect(listAt(json, 'details', 'causes').map((cause) => at(cause, 'field'))).toContain(field);
  });

  it('changes the document of its group when its schema changes', async () => {
    const own = undefinedWidgets();
    await created(DEFINITIONS, widgetDefinition(own.group));
    await untilDescribed(own.group);
    const hash = async () =>
      at((await admin.get('/openapi/v3')).json, 'paths', `apis/${own.apiVersion}`, 'serverRelativeURL');
    // The index lags behind the document.
    await waitUntil(
      'the index names it',
      async () => ((await hash()) === undefined ? 'not yet' : undefined),
      {
        timeoutMs: 20_000,
      },
    );
    const before = await hash();
    const path = '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/color';
    await admin.patch(own.definition, PATCH.json, [{ op: 'add', path, value: { type: 'string' } }]);
    const check = async () => ((await hash()) === before ? 'the same hash' : undefined);
    await waitUntil('the document changed', check, { timeoutMs: 20_000 });
    expect((await admin.get(`/openapi/v3/apis/${own.apiVersion}`)).text).toContain(
      '"color":{"type":"string"}',
    );
  });

  it('that goes while objects hold on takes in nothing new', async () => {
    const own = undefinedWidgets();
    await created(DEFINITIONS, widgetDefinition(own.group));
    await untilDescribed(own.group);
    await created(own.path(namespace), own.object('held', {}, { finalizers: ['example.com/wait'] }));
    await admin.delete(own.definition);
    const terminating = async () =>
      (await conditionsOf(own.definition))['Terminating'] === 'True' ? undefined : 'not terminating';
    await waitUntil('the definition goes', terminating, { timeoutMs: 20_000 });
    const { json } = await admin.get(`/apis/${own.group}/v1`);
    expect(listAt(json, 'resources', 0, 'verbs')).toEqual([
      'delete',
      'deletecollection',
      'get',
      'list',
      'watch',
    ]);
    expect(await admin.post(own.path(namespace), own.object('late'))).toMatchObject({
      status: 403,
      json: {
        reason: 'Forbidden',
        message: expect.stringContaining(
          'create not allowed while custom resource definition is terminating',
        ) as string,
      },
    });
    await admin.patch(own.path(namespace, 'held'), PATCH.merge, { metadata: { finalizers: null } });
    await untilStatus(own.definition, 404);
  });
});

describe('a custom object', () => {
  it('gets the defaults of its schema', async () => {
    expect(at(await created(widgets.path(namespace), widgets.object(uniqueName(), {})), 'spec')).toEqual({
      defaulted: 7,
    });
  });

  it('loses what its schema does not have, but not where everything is kept', async () => {
    const spec = { text: 'x', unknown: 1, free: { a: { b: [1, 2.5, null] } } };
    const object = await created(widgets.path(namespace), widgets.object(uniqueName(), spec));
    expect(at(object, 'spec')).toEqual({ defaulted: 7, text: 'x', free: { a: { b: [1, 2.5, null] } } });
  });

  it('needs its kind and version', async () => {
    const wrong = { ...widgets.object('x'), apiVersion: 'example.com/v9' };
    expect((await admin.post(widgets.path(namespace), wrong)).status).toBe(400);
  });

  it('reads at cluster scope across namespaces, and is not created there', async () => {
    const name = uniqueName();
    await created(widgets.path(namespace), widgets.object(name));
    const all = bodyOf(await admin.get(`/apis/${widgets.apiVersion}/widgets`));
    expect(listAt(all, 'items').map((item) => at(item, 'metadata', 'name'))).toContain(name);
    expect((await admin.post(`/apis/${widgets.apiVersion}/widgets`, widgets.object('x'))).status).toBe(404);
  });

  it('deletes like any other', async () => {
    const name = uniqueName();
    await created(widgets.path(namespace), widgets.object(name));
    expect(await admin.delete(widgets.path(namespace, name))).toMatchObject({
      status: 200,
      json: { kind: 'Status', status: 'Success' },
    });
    expect(await admin.get(widgets.path(namespace, name))).toMatchObject({
      status: 404,
      json: {
        message: `widgets.${widgets.group} "${name}" not found`,
        details: { name, group: widgets.group, kind: 'widgets' },
      },
    });
  });
});

function changed(own: Widgets, spec: object): object {
  const definition = widgetDefinition(own.group) as { readonly spec: object };
  return { ...definition, spec: { ...definition.spec, ...spec } };
}
