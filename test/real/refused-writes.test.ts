import { describe, expect, it } from 'vitest';
import { createWidgets } from './support/custom-kind.ts';
import { at, listAt } from './support/exact-json.ts';
import { openSuite, uniqueName } from './support/suite.ts';

const { kubectl, gateway, namespace } = await openSuite();
const widgets = await createWidgets(kubectl);

describe('the mutations of one document', () => {
  it('run in order, each seeing what the earlier ones did', async () => {
    const at = `namespace: "${namespace}"`;
    const input = '{ metadata: { name: "steps" }, data: { step: "0" } }';
    const patches = Array.from(
      { length: 5 },
      (_, index) =>
        `p${index}: patchConfigMap(${at}, name: "steps", type: JSON, patch: [{ op: "test", path: "/data/step", value: "${index}" }, { op: "replace", path: "/data/step", value: "${index + 1}" }]) { data }`,
    );
    const data = await gateway.data(
      `mutation { createConfigMap(${at}, input: ${input}) { data } ${patches.join(' ')} deleteConfigMap(${at}, name: "steps") { pending } }`,
    );
    expect(Object.values(data as object)).toEqual([
      ...[0, 1, 2, 3, 4, 5].map((step) => ({ data: { step: String(step) } })),
      { pending: false },
    ]);
  });

  it('go on after one that failed, whose error stands at its path', async () => {
    const at = `namespace: "${namespace}"`;
    const { data, errors } = await gateway.ask(
      `mutation { a: deleteConfigMap(${at}, name: "absent") { pending } b: createConfigMap(${at}, input: { metadata: { name: "after-failure" } }) { kind } }`,
    );
    expect(data).toEqual({ a: null, b: { kind: 'ConfigMap' } });
    expect(errors).toMatchObject([{ path: ['a'], extensions: { code: 'NOT_FOUND' } }]);
  });
});

describe('what the API server objects to', () => {
  it('names each field in its causes', async () => {
    const failure = await gateway.failure(
      `mutation { createService(namespace: "${namespace}", input: { metadata: { name: "Not_A_Name" }, spec: { ports: [{ port: 0 }] } }) { id } }`,
    );
    expect(failure.extensions).toMatchObject({
      code: 'INVALID',
      kubernetes: { reason: 'Invalid', code: 422 },
    });
    const causes = listAt(failure.extensions, 'kubernetes', 'details', 'causes');
    expect(causes.map((cause) => at(cause, 'field'))).toEqual([
      'metadata.name',
      'spec.ports[0].port',
      'spec.ports[0].targetPort',
    ]);
  });

  it('names the rule of a custom resource', async () => {
    const failure = await gateway.failure(
      `mutation { create${widgets.typeName}(namespace: "${namespace}", input: { metadata: { name: "low" }, spec: { positive: 0 } }) { id } }`,
    );
    expect(failure.extensions).toMatchObject({ code: 'INVALID' });
    expect(listAt(failure.extensions, 'kubernetes', 'details', 'causes')).toMatchObject([
      { field: 'spec.positive' },
    ]);
  });

  it('comes as a warning where it is only advice', async () => {
    const { errors, extensions } = await gateway.ask(
      `mutation { a: createPod(namespace: "${namespace}", dryRun: true, input: { metadata: { name: "warned" }, spec: { containers: [{ name: "a", image: "x", env: [{ name: "A", value: "1" }, { name: "A", value: "2" }] }] } }) { id } }`,
    );
    expect(errors).toEqual([]);
    expect(listAt(extensions, 'warnings')).toMatchObject([
      { path: ['a'], text: expect.stringContaining('hides previous definition') },
    ]);
  });

  it.each([
    ['MERGE', { unknownField: 1 }],
    ['MERGE', { data: { value: 17 } }],
    ['JSON', [{ op: 'add', path: '/unknownField', value: 1 }]],
    ['JSON', [{ op: 'replace', path: '/data', value: 'not an object' }]],
    ['STRATEGIC', { unknownField: 1 }],
  ])('never tells the data of a Secret whose patch (%s %j) does not decode', async (type, patch) => {
    const secret = Buffer.from(`very secret ${uniqueName()}`).toString('base64');
    const name = uniqueName();
    await kubectl.create(namespace, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name },
      data: { value2: secret },
    });
    const { errors, text } = await gateway.ask(
      `mutation ($patch: JSON!) { patchSecret(namespace: "${namespace}", name: "${name}", type: ${type}, patch: $patch) { id } }`,
      { patch },
    );
    expect(errors).toMatchObject([{ path: ['patchSecret'] }]);
    expect(['INVALID', 'BAD_REQUEST']).toContain(errors[0]?.extensions?.['code']);
    for (const part of [secret, secret.slice(0, 12), 'value2', 'managedFields'])
      expect(text).not.toContain(part);
  });
});
