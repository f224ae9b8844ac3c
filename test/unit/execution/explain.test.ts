import { describe, expect, it } from 'vitest';
import { STANDARD_CLUSTER } from '../support/standard-cluster.ts';
import { stubGroupVersion } from '../support/stub-resources.ts';
import { customOpenApi } from '../support/test-catalog.ts';
import { codesOf, testEngine, valueOf } from '../support/test-engine.ts';

const ALPHA_IS_HIDDEN = 'z.example.com/v1alpha1 is alpha, and only beta or better is shown';

describe('explain', () => {
  const EVERYTHING =
    'group version kind path field type required enum description fields { name path type required enum description } text';

  it('says what kubectl explain says, in parts and as text', async () => {
    const { run } = await testEngine();
    const answer = await run(`{ explain(path: "widget.spec.mode") { ${EVERYTHING} } }`);
    expect(valueOf(answer, 'explain')).toEqual({
      group: 'example.com',
      version: 'v1',
      kind: 'Widget',
      path: 'widget.spec.mode',
      field: 'mode',
      type: 'string',
      required: false,
      enum: ['', 'read-write'],
      description: null,
      fields: [],
      text: [
        'GROUP:      example.com',
        'KIND:       Widget',
        'VERSION:    v1',
        '',
        'FIELD: mode <string>',
        'ENUM:',
        '    ""',
        '    read-write',
        '',
        'DESCRIPTION:',
        '    <empty>',
        '',
        '',
      ].join('\n'),
    });
  });

  it.each([
    ['path: "widgets"', 'Widget', ['apiVersion', 'kind', 'metadata', 'spec', 'status']],
    ['path: "widgets.example.com.spec.byName"', 'Widget', ['weight']],
    [
      'path: "po.spec.containers.ports", apiVersion: "v1"',
      'Pod',
      ['containerPort', 'hostIP', 'hostPort', 'name', 'protocol'],
    ],
    ['path: "exampleComV1Widgets.status"', 'Widget', ['conditions', 'ready']],
    [
      'path: "exampleComV1Widget.status", recursive: true',
      'Widget',
      ['conditions', 'status', 'type', 'ready'],
    ],
    [
      'path: "coreV1Pod.spec.containers.ports", apiVersion: "v1"',
      'Pod',
      ['containerPort', 'hostIP', 'hostPort', 'name', 'protocol'],
    ],
    ['path: "bare"', 'Bare', []],
  ])('explains %s', async (args, kind, names) => {
    const { run } = await testEngine();
    const { data } = await run(`{ explain(${args}) { kind fields { name } } }`);
    expect(data).toEqual({ explain: { kind, fields: names.map((name) => ({ name })) } });
  });

  it('explains types that contain themselves, which the schema has as JSON', async () => {
    const { run } = await testEngine();
    const path = 'customresourcedefinitions.spec.versions.schema.openAPIV3Schema.properties.properties';
    const { data } = await run(`{ explain(path: "${path}") { type fields { name type } } }`);
    expect(data).toMatchObject({ explain: { type: 'map[string]JSONSchemaProps' } });
  });

  it.each([
    ['path: "widgetz"', 'NOT_FOUND', 'Did you mean "widget" or "widgets"?'],
    [
      'path: "widgets.spec.sise"',
      'NOT_FOUND',
      'field "sise" does not exist in widgets.spec. Did you mean "size"?',
    ],
    ['path: "pods", apiVersion: "apps/v1"', 'NOT_FOUND', 'doesn\'t have a resource type "pods" in "apps/v1"'],
    ['path: "pods[0]"', 'BAD_USER_INPUT', 'no path'],
  ])('refuses %s', async (args, code, message) => {
    const { run, defects } = await testEngine();
    const answer = await run(`{ explain(${args}) { kind } version { major } }`);
    expect([codesOf(answer), defects]).toEqual([[code], []]);
    expect(answer.errors[0]?.message).toContain(message);
    expect(answer.data).toEqual({ explain: null, version: { major: '1' } });
  });

  it('cannot explain a kind that the API server does not describe', async () => {
    const { run } = await testEngine({
      cluster: [stubGroupVersion('z.example.com', 'v1', { Gadget: 'gadgets' })],
    });
    const answer = await run('{ explain(path: "gadgets") { kind } }');
    expect([codesOf(answer), answer.errors[0]?.message]).toEqual([
      ['NOT_FOUND'],
      'the API server does not describe z.example.com/v1 Gadget',
    ]);
  });

  it.each(['gadgets.spec', 'zExampleComV1alpha1Gadgets.spec', 'zExampleComV1alpha1Gadget.spec'])(
    'explains what the schema hides, also by the names that its fields would have, and says why: %s',
    async (path) => {
      const openApi = customOpenApi('z.example.com', 'v1alpha1', {
        Gadget: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
      });
      const { run } = await testEngine({
        cluster: [
          ...STANDARD_CLUSTER,
          stubGroupVersion('z.example.com', 'v1alpha1', { Gadget: 'gadgets' }, { openApi }),
        ],
      });
      const { data } = await run(`{
        hidden: explain(path: "${path}") { version fields { name } hidden }
        shown: explain(path: "widgets.spec") { hidden }
      }`);
      expect(data).toEqual({
        hidden: { version: 'v1alpha1', fields: [{ name: 'size' }], hidden: ALPHA_IS_HIDDEN },
        shown: { hidden: null },
      });
    },
  );

  it('counts against the memory of its operation', async () => {
    const { run } = await testEngine({ maxBytes: 1_000 });
    const answer = await run('{ explain(path: "pods", recursive: true) { text } }');
    expect(codesOf(answer)).toEqual(['RESULT_TOO_LARGE']);
  });
});
