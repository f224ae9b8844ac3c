import { describe, expect, it } from 'vitest';
import { explain } from '../../../../src/catalog/explain/explanation.ts';
import { schemaNodesOf } from '../../../../src/catalog/explain/schema-node.ts';
import { doublingDocument } from '../support/doubling-document.ts';
import { THING, THING_DOCUMENT } from './thing-document.ts';

const schemas = schemaNodesOf(THING_DOCUMENT);

function explained(fields: readonly string[], recursive = false) {
  return explain(schemas, { resource: THING, head: ['thing', 'example', 'com'], fields }, recursive);
}

describe('an explanation', () => {
  it('says of a field what it is', () => {
    expect(explained(['spec', 'color'])).toMatchObject({
      path: 'thing.example.com.spec.color',
      field: { name: 'color', type: 'string', required: true, enum: ['red', '', 'green', 'blue', 'pink'] },
      description: 'A\tcolour  of  it.\n',
      fields: [],
    });
  });

  it('is of the kind itself without fields', () => {
    const { field, path, fields } = explained([]);
    expect([field, path, fields.map(({ name }) => name)]).toEqual([
      undefined,
      'thing.example.com',
      ['kind', 'spec'],
    ]);
  });

  it('names paths that lead to each field', () => {
    const { fields } = explained([], true);
    expect(fields.length).toBeGreaterThan(15);
    for (const { path, name, type } of fields) {
      const names = path
        .slice('thing.example.com.'.length)
        .split(/(?<!\\)\./)
        .map((part) => part.replaceAll('\\', ''));
      expect(explained(names).field).toMatchObject({ name, type });
    }
  });
});

describe('a field that is not there', () => {
  it.each([
    [['spek'], 'field "spek" does not exist in thing.example.com. Did you mean "spec"?'],
    [
      ['spec', 'parts', 'nmae', 'x'],
      'field "nmae" does not exist in thing.example.com.spec.parts. Did you mean "name"?',
    ],
    [['kind', 'xyzzy'], 'field "xyzzy" does not exist in thing.example.com.kind'],
    [['toString'], 'field "toString" does not exist in thing.example.com'],
    [['spec', 'free', 'x'], 'field "x" does not exist in thing.example.com.spec.free'],
  ])('%j is an error that names it', (fields, message) => {
    expect(() => explained(fields)).toThrow(expect.objectContaining({ code: 'NOT_FOUND', message }));
  });
});

describe('a document that an aggregated API got wrong', () => {
  it.each([
    ['no document', 'x'],
    ['no schemas', { components: {} }],
    ['schemas that are none', { components: { schemas: { a: 1, b: null, c: [], d: 'x', e: {} } } }],
    ['marks that are none', { components: { schemas: { a: { 'x-kubernetes-group-version-kind': 7 } } } }],
  ])('%s: describes nothing', (_, document) => {
    const target = { resource: THING, head: ['things'], fields: [] };
    expect(() => explain(schemaNodesOf(document), target, true)).toThrow(
      expect.objectContaining({
        code: 'NOT_FOUND',
        message: 'the API server does not describe example.com/v1 Thing',
      }),
    );
  });

  it('with members of the wrong type is explained as far as it can be', () => {
    const node = {
      description: 7,
      properties: { a: 1, b: { type: ['x'], enum: 'y', allOf: [null, 3], items: true }, c: null },
      required: 'a',
      'x-kubernetes-group-version-kind': [null, { group: 'example.com', version: 'v1', kind: 'Thing' }],
    };
    const target = { resource: THING, head: ['things'], fields: [] };
    const { fields, description } = explain(
      schemaNodesOf({ components: { schemas: { node } } }),
      target,
      true,
    );
    expect([description, fields.map(({ name, type }) => `${name} ${type}`)]).toEqual([
      '',
      ['a Object', 'b Object', 'c Object'],
    ]);
  });

  it('that refers to itself has an end', () => {
    const ref = { $ref: '#/components/schemas/list' };
    const list = {
      type: 'array',
      description: 'All.',
      items: ref,
      'x-kubernetes-group-version-kind': [{ group: 'example.com', version: 'v1', kind: 'Thing' }],
    };
    const selves = schemaNodesOf({ components: { schemas: { list } } });
    const target = { resource: THING, head: ['things'], fields: [] };
    expect(explain(selves, target, true)).toMatchObject({ description: 'All.\nAll.\n', fields: [] });
    expect(() => explain(selves, { ...target, fields: ['x'] }, false)).toThrow(/does not exist/);
  });

  describe('that leads in 2^40 ways to the same', () => {
    const entangled = (fields: readonly string[], recursive: boolean, last?: Record<string, unknown>) => {
      const document = doublingDocument((next) => ({ allOf: [next, next] }), last);
      return explain(schemaNodesOf(document), { resource: THING, head: ['things'], fields }, recursive);
    };
    const isTooLarge = expect.objectContaining({ code: 'RESULT_TOO_LARGE' });

    it('is explained where it need not be followed', () => {
      expect(entangled([], false).fields.map(({ name }) => name)).toEqual(['all']);
    });

    it.each([
      ['its fields', [], true],
      ['its description', ['all'], false],
      ["a missing field's neighbours", ['all', 'missing'], false],
    ])('is too large where %s would have no end', (_, fields, recursive) => {
      expect(() => entangled(fields, recursive)).toThrow(isTooLarge);
    });

    it('has a field that is reached, and none that is not, at any depth', () => {
      const last = { properties: { here: { properties: { x: { type: 'string' } } } } };
      expect(entangled(['all', 'here', 'x'], false, last).field).toMatchObject({ name: 'x' });
      expect(() => entangled(['all', 'here', 'missing'], false, last)).toThrow(
        'field "missing" does not exist in things.all.here',
      );
    });
  });
});
