import { describe, expect, it } from 'vitest';
import { compileOpenApi } from '../../../src/catalog/openapi/compile-openapi.ts';
import { doublingDocument } from './support/doubling-document.ts';
import type { ObjectShape } from '../../../src/catalog/openapi/shapes.ts';
import { openApiFixture } from '../support/openapi-fixtures.ts';

const core = compileOpenApi(JSON.parse(openApiFixture('core-v1')));
const example = compileOpenApi(JSON.parse(openApiFixture('example-v1')));
const apiextensions = compileOpenApi(JSON.parse(openApiFixture('apiextensions-v1')));
const CORE = 'io.k8s.api.core.v1.';
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.';
const JSON_SCHEMA = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.';

function shape(objects: Readonly<Record<string, ObjectShape>>, name: string): ObjectShape {
  const found = objects[name];
  if (found === undefined) throw new Error(`no shape ${name}`);
  return found;
}

describe('a field of a built-in holds', () => {
  it.each([
    ['text', 'ContainerPort', 'name', 's'],
    ['an int32', 'ContainerPort', 'containerPort', 'i'],
    ['an int64', 'Toleration', 'tolerationSeconds', 'l'],
    ['a boolean', 'PodSpec', 'hostNetwork', 'b'],
    ['a moment', 'PodStatus', 'startTime', 't'],
    ['a moment with microseconds', 'Event', 'eventTime', 'u'],
    ['a number or text', 'ServicePort', 'targetPort', 'o'],
    ['a map of text', 'PodSpec', 'nodeSelector', 'm'],
    ['a map of base64', 'Secret', 'data', 'm'],
    ['a map of quantities', 'NodeStatus', 'capacity', 'k'],
    ['an object behind a wrapped reference', 'Pod', 'spec', `@${CORE}PodSpec`],
    ['a list of objects', 'PodSpec', 'containers', `[@${CORE}Container`],
    ['a list of text', 'Container', 'command', '[s'],
    ['the shared metadata', 'Pod', 'metadata', `@${META}ObjectMeta`],
  ])('%s', (_, definition, field, code) => {
    expect(shape(core.shapes.objects, CORE + definition).fields[field]).toBe(code);
  });

  it('JSON where a definition says nothing: FieldsV1', () => {
    expect(shape(core.shapes.objects, `${META}ManagedFieldsEntry`).fields['fieldsV1']).toBe('j');
  });

  it('one of the values of its enum, in the order of the document', () => {
    expect(shape(core.shapes.objects, `${CORE}ContainerPort`).enums).toEqual({
      protocol: ['SCTP', 'TCP', 'UDP'],
    });
  });
});

describe('a field of a custom resource holds', () => {
  const WIDGET = 'com.example.v1.Widget';
  const spec = shape(example.shapes.objects, `${WIDGET}/spec`);

  it.each([
    ['$ref', 's'],
    ['x-kubernetes-foo', 'b'],
    ['cephfs-mirror', 's'],
    ['some-key', 's'],
    ['some_key', 'l'],
    ['size', 'i'],
    ['serial', 'l'],
    ['count', 'l'],
    ['ratio', 'f'],
    ['port', 'o'],
    ['due', 't'],
    ['blob', 'y'],
    ['labels', 'm'],
    ['byName', 'j'],
    ['anything', 'j'],
    ['shapeless', 'j'],
    ['empty', 'j'],
    ['options', `@${WIDGET}/spec/options`],
    ['template', `@${WIDGET}/spec/template`],
    ['matrix', `[[@${WIDGET}/spec/matrix`],
    ['tags', '[s'],
  ])('%s: %s', (field, code) => {
    expect(spec.fields[field]).toBe(code);
  });

  it('the values of enums of text, in the field or in its elements; those of numbers say nothing', () => {
    expect(spec.enums).toEqual({ color: ['red', 'green'], mode: ['', 'read-write'], tags: ['NEW', 'OLD'] });
  });

  it('is open where unknown fields are preserved beside the declared ones', () => {
    expect(shape(example.shapes.objects, `${WIDGET}/spec/options`)).toMatchObject({
      fields: { known: 's' },
      open: true,
    });
    expect(shape(example.shapes.objects, `${WIDGET}/spec/template`).open).toBe(true);
    expect(spec.open).toBeUndefined();
  });

  it('its own metadata even where the schema says nothing at all', () => {
    expect(shape(example.shapes.objects, 'com.example.v1.Bare').fields).toEqual({
      apiVersion: 's',
      kind: 's',
      metadata: `@${META}ObjectMeta`,
    });
  });
});

describe('a document', () => {
  it('describes kinds, and neither lists nor options', () => {
    expect(Object.keys(example.shapes.kinds).sort()).toEqual([
      'example.com/v1/Bare',
      'example.com/v1/Plugin',
      'example.com/v1/Widget',
    ]);
    expect(Object.keys(core.shapes.kinds)).not.toContain('/v1/ConfigMapList');
    expect(Object.keys(core.shapes.kinds)).not.toContain('/v1/DeleteOptions');
  });

  it('has JSON where a definition contains itself', () => {
    expect(shape(apiextensions.shapes.objects, `${JSON_SCHEMA}CustomResourceValidation`).fields).toEqual({
      openAPIV3Schema: 'j',
    });
    expect(Object.keys(apiextensions.shapes.objects)).not.toContain(`${JSON_SCHEMA}JSONSchemaProps`);
  });

  it('has its descriptions beside the shapes', () => {
    expect(core.texts[`${CORE}ConfigMap`]).toEqual({ '': 'Settings by key.', data: 'The settings.' });
    expect(JSON.stringify(core.shapes)).not.toContain('The settings.');
  });

  it.each([
    ['null', null],
    ['text', 'no'],
    ['no components', {}],
    ['schemas that are a list', { components: { schemas: [] } }],
    [
      'a reference to nothing',
      {
        components: {
          schemas: {
            'com.example.v1.A': {
              type: 'object',
              properties: { spec: { $ref: '#/components/schemas/gone' } },
              'x-kubernetes-group-version-kind': [{ group: 'example.com', version: 'v1', kind: 'A' }],
            },
          },
        },
      },
    ],
  ])('that is %s compiles all the same', (_, document) => {
    expect(() => compileOpenApi(document)).not.toThrow();
  });

  it('of the first servers with OpenAPI v3 has siblings beside its references', () => {
    const { shapes } = compileOpenApi({
      components: {
        schemas: {
          'io.k8s.api.policy.v1.A': {
            type: 'object',
            properties: { spec: { $ref: '#/components/schemas/B', default: {}, description: 'x' } },
            'x-kubernetes-group-version-kind': [{ group: 'policy', version: 'v1', kind: 'A' }],
          },
          B: { type: 'object', properties: { name: { type: 'string' } } },
        },
      },
    });
    expect(shape(shapes.objects, 'io.k8s.api.policy.v1.A').fields['spec']).toBe('@B');
  });

  it('whose every definition refers twice to the next is compiled once for each of them', () => {
    const { shapes } = compileOpenApi(
      doublingDocument((next) => ({ type: 'array', items: { properties: { a: next, b: next } } })),
    );
    expect(Object.keys(shapes.objects)).toHaveLength(41);
    expect(shape(shapes.objects, 'com.example.v1.Thing').fields).toMatchObject({ all: '[@D0' });
    expect(shape(shapes.objects, 'D0').fields).toEqual({ a: '[@D1', b: '[@D1' });
    expect(shape(shapes.objects, 'D39').fields).toEqual({ a: 's', b: 's' });
  });
});
