import { describe, expect, it } from 'vitest';
import type { FieldSet, KubeObject } from '../../../../demo/api/object.ts';
import type { Schema } from '../../../../demo/schema/schema.ts';
import { keepIfOnlyTimesDiffer } from '../../../../demo/fields/unchanged.ts';
import { fields, schemaOf, source, statusOf } from './support.ts';

type Json = Readonly<Record<string, unknown>>;

const TIME = '2026-01-01T00:00:01Z';
const LATER = '2026-01-01T00:00:02Z';

/** Writes objects of one kind, of which only the spec matters. */
function writerOf(schema: Schema | undefined, apiVersion = 'example.com/v1') {
  const object = (spec: unknown): KubeObject => ({
    apiVersion,
    kind: 'Widget',
    metadata: { name: 'w' },
    spec,
  });
  const write = (manager: string, time: string) => ({ source, schema, apiVersion, manager, time });
  return {
    apply: (manager: string, spec: unknown, live?: KubeObject, { force = false, time = TIME } = {}) =>
      fields.apply({ ...write(manager, time), live, patch: object(spec), force }),
    update: (manager: string, spec: unknown, live?: KubeObject, time = TIME) =>
      fields.update({
        ...write(manager, time),
        live,
        next: { ...object(spec), metadata: live?.metadata ?? { name: 'w' } },
      }),
  };
}

function ownedBy(manager: string, object: KubeObject): FieldSet | undefined {
  return object.metadata.managedFields?.find((entry) => entry.manager === manager)?.fieldsV1['f:spec'];
}

/** A custom resource's schema; its metadata has no default, unlike that of built-ins. */
function custom(spec: Schema): Schema {
  return {
    type: 'object',
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object' },
      spec,
    },
  };
}

const messageOf = (action: () => unknown): unknown => (statusOf(action) as Json | undefined)?.['message'];

describe('fields of objects without a schema', () => {
  const { apply, update } = writerOf(undefined);

  it('are the entries of maps, and whole lists', () => {
    const created = update('creator', { a: { b: 1, c: [1, { d: 2 }] } });
    expect(ownedBy('creator', created)).toEqual({ '.': {}, 'f:a': { '.': {}, 'f:b': {}, 'f:c': {} } });
  });

  it('can be of any name and type', () => {
    expect(apply('alice', { x: { y: 'z' }, n: null }).metadata.managedFields?.[0]?.fieldsV1).toEqual({
      'f:spec': { '.': {}, 'f:n': {}, 'f:x': { '.': {}, 'f:y': {} } },
    });
  });

  it('change owner when a map becomes a scalar', () => {
    const created = update('creator', { a: { b: 1 }, c: 1 });
    const changed = update('editor', { a: 'text', c: 1 }, created);
    expect(ownedBy('creator', changed)).toEqual({ '.': {}, 'f:c': {} });
    expect(ownedBy('editor', changed)).toEqual({ 'f:a': {} });
  });
});

describe('fields of custom resources', () => {
  const { apply, update } = writerOf(
    custom({
      type: 'object',
      properties: {
        set: { type: 'array', items: { type: 'integer' }, 'x-kubernetes-list-type': 'set' },
        list: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['port', 'protocol'],
          items: {
            type: 'object',
            properties: {
              port: { type: 'integer' },
              protocol: { type: 'string', default: 'TCP' },
              note: { type: 'string' },
            },
          },
        },
        free: {
          type: 'object',
          'x-kubernetes-preserve-unknown-fields': true,
          properties: { known: { type: 'string' } },
        },
        atomic: {
          type: 'object',
          'x-kubernetes-map-type': 'atomic',
          additionalProperties: { type: 'string' },
        },
        either: { 'x-kubernetes-int-or-string': true },
        closed: { type: 'object', additionalProperties: false },
      },
    }),
  );

  it('are the members of sets, in the order of their values', () => {
    const owned = ownedBy('alice', apply('alice', { set: [10, 9] }));
    expect(JSON.stringify(owned)).toBe('{"f:set":{"v:9":{},"v:10":{}}}');
  });

  it('are items of lists by all their keys, defaults included', () => {
    const first = apply('alice', {
      list: [
        { port: 100, note: 'x' },
        { port: 90, protocol: 'UDP' },
      ],
    });
    expect(JSON.stringify(ownedBy('alice', first))).toBe(
      '{"f:list":{"k:{\\"port\\":90,\\"protocol\\":\\"UDP\\"}":{".":{},"f:port":{},"f:protocol":{}},' +
        '"k:{\\"port\\":100,\\"protocol\\":\\"TCP\\"}":{".":{},"f:note":{},"f:port":{}}}}',
    );
    const merged = apply('bob', { list: [{ port: 100, protocol: 'TCP' }] }, first);
    expect(merged['spec']).toEqual({
      list: [
        { port: 100, protocol: 'TCP', note: 'x' },
        { port: 90, protocol: 'UDP' },
      ],
    });
  });

  it('may be unknown where the schema preserves unknown fields, and only there', () => {
    expect(ownedBy('alice', apply('alice', { free: { known: 'a', other: { deep: 1 } } }))).toEqual({
      'f:free': { 'f:known': {}, 'f:other': { '.': {}, 'f:deep': {} } },
    });
    expect(messageOf(() => apply('alice', { closed: { a: 1 } }))).toBe(
      'failed to create typed patch object (/w; example.com/v1, Kind=Widget): .spec.closed.a: field not declared in schema',
    );
  });

  it('are atomic maps as a whole, which the patch replaces', () => {
    const first = apply('alice', { atomic: { a: '1' } });
    const second = apply('alice', { atomic: { b: '2' } }, first);
    expect(second['spec']).toEqual({ atomic: { b: '2' } });
    expect(ownedBy('alice', second)).toEqual({ 'f:atomic': {} });
  });

  it('can be integers or strings', () => {
    const first = apply('alice', { either: 80 });
    expect(apply('alice', { either: 'http' }, first)['spec']).toEqual({ either: 'http' });
    expect(messageOf(() => apply('bob', { either: 81 }, first))).toBe(
      'Apply failed with 1 conflict: conflict with "alice": .spec.either',
    );
  });

  it('keep integers of any size', () => {
    const big = 9_223_372_036_854_775_807n;
    const first = apply('alice', { either: big });
    expect(first['spec']).toEqual({ either: big });
    expect(apply('alice', { either: big }, first)).toBe(first);
  });

  it('include the struct around them when it is new', () => {
    expect(ownedBy('creator', update('creator', { free: { known: 'a' } }))).toEqual({
      '.': {},
      'f:free': { '.': {}, 'f:known': {} },
    });
  });
});

describe('values of Go structs', () => {
  const write = { source, apiVersion: 'apps/v1', time: TIME };
  const deployment = (condition: Json): KubeObject => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'd' },
    status: { conditions: [{ type: 'Ready', status: 'True', ...condition }] },
  });

  it('are absent when they are null, so nobody owns the change', () => {
    const status = { ...write, schema: schemaOf('Deployment'), manager: 'controller', subresource: 'status' };
    const live = fields.update({ ...status, live: undefined, next: deployment({}) });
    const next = { ...deployment({ lastUpdateTime: null }), metadata: live.metadata };
    const after = fields.update({ ...status, manager: 'other', live, next });
    expect(after.metadata.managedFields).toEqual(live.metadata.managedFields);
  });

  it('include the metadata of custom resources, where what is empty is left out', () => {
    const certificate = { ...write, schema: schemaOf('Certificate'), manager: 'alice', force: false };
    const patch = (metadata: Json) => ({ kind: 'Certificate', metadata: { name: 'c', ...metadata } });
    const live = fields.apply({
      ...certificate,
      live: undefined,
      patch: patch({ labels: { a: 'b' }, annotations: {} }),
    });
    expect(live.metadata).not.toHaveProperty('annotations');
    expect(fields.apply({ ...certificate, live, patch: patch({}) }).metadata).toEqual({ name: 'c' });
  });
});

describe('owners', () => {
  const { apply, update } = writerOf(undefined);

  it('lose a field only when its value changes', () => {
    const shared = apply('bob', { a: 1 }, apply('alice', { a: 1, b: 1 }));
    expect(ownedBy('alice', shared)).toEqual({ '.': {}, 'f:a': {}, 'f:b': {} });
    const forced = apply('bob', { a: 2 }, shared, { force: true });
    expect(ownedBy('alice', forced)).toEqual({ '.': {}, 'f:b': {} });
    expect(ownedBy('bob', forced)).toEqual({ '.': {}, 'f:a': {} });
  });

  it('are named one after the other when several refuse', () => {
    const shared = apply('bob', { a: 1 }, apply('alice', { a: 1, b: 1 }));
    const live = update('zoe', { a: 1, b: 1, c: 1 }, shared);
    expect(messageOf(() => apply('carol', { a: 2, b: 2, c: 2 }, live))).toBe(
      'Apply failed with 4 conflicts: conflicts with "alice":\n- .spec.a\n- .spec.b\n' +
        'conflicts with "bob":\n- .spec.a\nconflicts with "zoe" using example.com/v1:\n- .spec.c',
    );
  });

  it('are different ones for updates in different versions, and one for applies', () => {
    const older = writerOf(undefined, 'example.com/v1beta1');
    const updated = update('editor', { a: 1, b: 2 }, older.update('editor', { a: 1 }));
    expect(updated.metadata.managedFields?.map(({ apiVersion }) => apiVersion)).toEqual([
      'example.com/v1',
      'example.com/v1beta1',
    ]);
    const applied = apply('alice', { a: 2 }, older.apply('alice', { a: 1 }));
    expect(applied.metadata.managedFields?.map(({ apiVersion }) => apiVersion)).toEqual(['example.com/v1']);
  });

  it('keep their time when nothing changes, and the object with it', () => {
    const applied = apply('alice', { a: 1 });
    expect(apply('alice', { a: 1 }, applied, { time: LATER })).toBe(applied);
    expect(update('editor', { a: 1 }, applied, LATER)).toBe(applied);
  });

  it('get a new time when they change a value', () => {
    const changed = apply('alice', { a: 2 }, apply('alice', { a: 1 }), { time: LATER });
    expect(changed.metadata.managedFields?.[0]?.time).toBe(LATER);
  });

  it('leave what they are given as it was', () => {
    const live = update('editor', { a: 1, list: [1] });
    const before = JSON.stringify(live);
    apply('alice', { a: 2, list: [2] }, live, { force: true });
    update('other', { b: 1 }, live);
    expect(JSON.stringify(live)).toBe(before);
  });
});

describe('a write that changes nothing but times', () => {
  it('is no change, whatever the order of members', () => {
    const live = writerOf(undefined).apply('alice', { a: 1, b: 2 });
    const entries = live.metadata.managedFields?.map((entry) => ({ ...entry, time: LATER })) ?? [];
    const { spec: _, ...rest } = live;
    const next = { ...rest, spec: { b: 2, a: 1 }, metadata: { ...live.metadata, managedFields: entries } };
    expect(keepIfOnlyTimesDiffer(live, next)).toBe(live);
    const changed = { ...next, spec: { a: 1 } };
    expect(keepIfOnlyTimesDiffer(live, changed)).toBe(changed);
  });
});

describe('strategic merge', () => {
  it('leaves the object and the patch as they were', () => {
    const live: KubeObject = {
      apiVersion: 'v1',
      kind: 'PodTemplate',
      metadata: { name: 'p', finalizers: ['a'] },
      template: { spec: { containers: [{ name: 'a', env: [{ name: 'X', value: '1' }] }] } },
    };
    const patch = {
      template: { spec: { containers: [{ name: 'a', env: [{ name: 'X', $patch: 'delete' }] }] } },
    };
    const before = JSON.stringify([live, patch]);
    const merged = fields.strategicMerge(live, patch, schemaOf('PodTemplate'), source);
    expect(merged).toMatchObject({ template: { spec: { containers: [{ name: 'a' }] } } });
    expect(JSON.stringify([live, patch])).toBe(before);
  });
});
