import { describe, expect, it } from 'vitest';
import { at, listAt, textAt } from '../real/support/exact-json.ts';
import { admin, type Answer, PATCH, type Query } from './support/api.ts';
import { newNamespace, uniqueName } from './support/namespace.ts';
import { configMap, created, deployment } from './support/objects.ts';
import { skipOn } from './support/skip.ts';
import { newWidgets } from './support/widgets.ts';

const widgets = await newWidgets();
const namespace = await newNamespace();
const MAPS = `/api/v1/namespaces/${namespace}/configmaps`;
const DEPLOYMENTS = `/apis/apps/v1/namespaces/${namespace}/deployments`;
const WIDGETS = widgets.path(namespace);
const STRICT = { fieldValidation: 'Strict', dryRun: 'All' };

function warningsOf({ headers }: Answer): readonly string[] {
  const value: string | readonly string[] = headers['warning'] ?? [];
  return typeof value === 'string' ? [value] : value;
}

function withUnknown(object: object): object {
  return { ...object, foo: 1 };
}

/** A config map with the key `a` twice. */
const DUPLICATE = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"data":{"a":"1","a":"2"}}';

describe('a field that does not exist', () => {
  it.each([
    ['a built-in object', () => ({ path: MAPS, object: withUnknown(configMap('x')), field: 'foo' })],
    [
      'a built-in object, deep inside',
      () => ({
        path: DEPLOYMENTS,
        object: deployment('x', {
          template: {
            metadata: { labels: { app: 'x' } },
            spec: { containers: [{ name: 'a', image: 'i', imgae: 'x' }] },
          },
        }),
        field: 'spec.template.spec.containers[0].imgae',
      }),
    ],
    [
      'a custom object',
      () => ({ path: WIDGETS, object: widgets.object('x', { foo: 1 }), field: 'spec.foo' }),
    ],
    [
      'a custom object, in a list',
      () => ({
        path: WIDGETS,
        object: widgets.object('x', { parts: [{ name: 'p', cuont: 1 }] }),
        field: 'spec.parts[0].cuont',
      }),
    ],
    [
      'metadata',
      () => ({ path: MAPS, object: configMap('x', {}, { lables: {} }), field: 'metadata.lables' }),
    ],
  ])('in %s is dropped with a warning', async (_, make) => {
    const { path, object, field } = make();
    const answer = await admin.post(path, object, { query: { dryRun: 'All' } });
    expect(answer.status).toBe(201);
    expect(answer.text).not.toContain(`"${field.split('.').at(-1)}"`);
    expect(warningsOf(answer)).toEqual([`299 - "unknown field \\"${field}\\""`]);
  });

  it('is silently dropped when nobody wants to know', async () => {
    const query = { dryRun: 'All', fieldValidation: 'Ignore' };
    const answer = await admin.post(MAPS, withUnknown(configMap('x')), { query });
    expect(answer.status).toBe(201);
    expect(warningsOf(answer)).toEqual([]);
  });

  it.each([
    [
      'a built-in object',
      () => ({ path: MAPS, object: withUnknown(configMap('x')) }),
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "foo"',
    ],
    [
      'a custom object',
      () => ({ path: WIDGETS, object: widgets.object('x', { foo: 1, bar: 2 }) }),
      /^Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "spec\.bar", unknown field "spec\.foo"$/,
    ],
  ])('is refused in %s when validation is strict', async (_, make, message) => {
    const { path, object } = make();
    const { status, json } = await admin.post(path, object, { query: STRICT });
    expect(status).toBe(400);
    expect(json).toMatchObject({ reason: 'BadRequest', code: 400 });
    expect(textAt(json, 'message')).toMatch(message);
    expect(json).not.toHaveProperty('details');
  });
});

describe('a field that is there twice', () => {
  it('is warned of, and the last one counts', async () => {
    const answer = await admin.post(MAPS, DUPLICATE, { query: { dryRun: 'All' } });
    expect(answer).toMatchObject({ status: 201, json: { data: { a: '2' } } });
    expect(warningsOf(answer)).toEqual([String.raw`299 - "duplicate field \"data.a\""`]);
  });

  it('is refused when validation is strict', async () => {
    const { status, json } = await admin.post(MAPS, DUPLICATE.replace('}}', '},"foo":1}'), { query: STRICT });
    expect(status).toBe(400);
    expect(at(json, 'message')).toBe(
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: duplicate field "data.a", unknown field "foo"',
    );
  });
});

describe('an unknown field in a patch', () => {
  it.each([
    ['merge', PATCH.merge, { foo: 1 }],
    ['JSON', PATCH.json, [{ op: 'add', path: '/foo', value: 1 }]],
    ['strategic merge', PATCH.strategic, { foo: 1 }],
  ])('by %s patch is dropped with a warning, or refused as invalid', async (_, contentType, patch) => {
    const name = uniqueName();
    await created(MAPS, configMap(name));
    const lenient = await admin.patch(`${MAPS}/${name}`, contentType, patch);
    expect(lenient.status).toBe(200);
    expect(warningsOf(lenient)).toEqual([String.raw`299 - "unknown field \"foo\""`]);
    const strict = await admin.patch(`${MAPS}/${name}`, contentType, patch, { query: STRICT });
    expect(strict.status).toBe(422);
    expect(strict.json).toMatchObject({
      reason: 'Invalid',
      details: { causes: [{ reason: 'FieldValueInvalid', field: 'patch' }] },
    });
    expect(textAt(strict.json, 'message')).toMatch(/strict decoding error: unknown field "foo"$/);
  });

  it('of a custom object is the same', async () => {
    const name = uniqueName();
    await created(WIDGETS, widgets.object(name));
    const lenient = await admin.patch(`${WIDGETS}/${name}`, PATCH.merge, { spec: { foo: 1 } });
    expect(warningsOf(lenient)).toEqual([String.raw`299 - "unknown field \"spec.foo\""`]);
    expect(
      (await admin.patch(`${WIDGETS}/${name}`, PATCH.merge, { spec: { foo: 1 } }, { query: STRICT })).status,
    ).toBe(422);
  });
});

describe('the way of field validation', () => {
  it.each<Query>([{ fieldValidation: 'strict' }, { fieldValidation: 'Loud' }])(
    'is written exactly: %j',
    async (query) => {
      expect(await admin.post(MAPS, configMap('x'), { query })).toMatchObject({
        status: 422,
        json: {
          reason: 'Invalid',
          details: { causes: [{ reason: 'FieldValueNotSupported', field: 'fieldValidation' }] },
        },
      });
    },
  );
});

describe('the schema of a custom kind', () => {
  it.each([
    [
      'a choice',
      { mode: 'Medium' },
      'FieldValueNotSupported',
      'spec.mode',
      'Unsupported value: "Medium": supported values: "Fast", "Slow"',
    ],
    [
      'a type',
      { text: 1 },
      'FieldValueTypeInvalid',
      'spec.text',
      'Invalid value: "integer": spec.text in body must be of type string: "integer"',
    ],
    [
      'a length',
      { text: 'x'.repeat(21) },
      'FieldValueTooLong',
      'spec.text',
      'Too long: may not be more than 20 bytes',
    ],
    [
      'a required field',
      { parts: [{ count: 1 }] },
      'FieldValueRequired',
      'spec.parts[0].name',
      'Required value',
    ],
    [
      'a key of a list',
      { parts: [{ name: 'p' }, { name: 'p' }] },
      'FieldValueDuplicate',
      'spec.parts[1]',
      'Duplicate value: {"name":"p"}',
    ],
  ])('enforces %s', async (_, spec, reason, field, message) => {
    const { status, json } = await admin.post(WIDGETS, widgets.object('bad', spec), {
      query: { dryRun: 'All' },
    });
    expect(status).toBe(422);
    expect(json).toMatchObject({
      reason: 'Invalid',
      details: { name: 'bad', group: widgets.group, kind: 'Widget' },
    });
    expect(listAt(json, 'details', 'causes')).toContainEqual({ reason, message, field });
    expect(textAt(json, 'message')).toContain(`Widget.${widgets.group} "bad" is invalid: `);
  });

  it('enforces rules', async () => {
    skipOn('demo', 'rules written in CEL are not evaluated');
    const object = widgets.object('bad', { small: 5, max: 3 });
    const { status, json } = await admin.post(WIDGETS, object, { query: { dryRun: 'All' } });
    expect(status).toBe(422);
    expect(listAt(json, 'details', 'causes')).toEqual([
      { reason: 'FieldValueForbidden', message: 'Forbidden: small is at most max', field: 'spec.small' },
    ]);
  });

  it('has one cause for every error', async () => {
    const { json } = await admin.post(WIDGETS, widgets.object('bad', { mode: 'x', text: 1 }), {
      query: { dryRun: 'All' },
    });
    const fields = listAt(json, 'details', 'causes').map((cause) => textAt(cause, 'field'));
    expect(fields).toEqual(expect.arrayContaining(['spec.mode', 'spec.text']));
  });
});

describe('a warning', () => {
  it('of a deprecated kind comes with every call, also when a watch starts', async () => {
    const expected = ['299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"'];
    const path = `/api/v1/namespaces/${namespace}/endpoints`;
    expect(warningsOf(await admin.get(path))).toEqual(expected);
    expect(warningsOf(await admin.get(path, { watch: true, timeoutSeconds: 1 }))).toEqual(expected);
  });

  it('is one header each', async () => {
    const answer = await admin.post(
      MAPS,
      { ...configMap('x'), foo: 1, bar: 2 },
      { query: { dryRun: 'All' } },
    );
    expect(warningsOf(answer)).toEqual([
      String.raw`299 - "unknown field \"foo\""`,
      String.raw`299 - "unknown field \"bar\""`,
    ]);
  });
});
