import { describe, expect, it } from 'vitest';
import { createWidgets } from './support/custom-kind.ts';
import { at, parseExact, textAt } from './support/exact-json.ts';
import { openSuite, uniqueName } from './support/suite.ts';
import { BUILT_IN_ROWS, type Kind, type Path, WIDGET_PROPERTIES, WIDGET_ROWS } from './support/value-rows.ts';

/**
 * The values that converters of OpenAPI are known to alter, one row each: written through GraphQL and read by kubectl, and
 * the other way round. fidelity.test.ts has what needs more than a row, such as digits in lists and in YAML.
 */

const { kubectl, gateway, namespace } = await openSuite();
const widgets = await createWidgets(kubectl, 'Namespaced', WIDGET_PROPERTIES);

const WIDGET: Kind = {
  apiVersion: widgets.apiVersion,
  kind: 'Widget',
  type: widgets.typeName,
  create: `create${widgets.typeName}`,
  get: widgets.get,
  resource: `widgets.${widgets.group}`,
};
/** An object's members as JSON text, with its identity. */
function named(json: string, name: string, { apiVersion, kind }: Kind): string {
  const metadata = json.startsWith('{"metadata":{')
    ? json.replace('{"metadata":{', `{"metadata":{"name":"${name}",`)
    : `{"metadata":{"name":"${name}"},${json.slice(1)}`;
  return `{"apiVersion":"${apiVersion}","kind":"${kind}",${metadata.slice(1)}`;
}

/** The selection that leads to a path. */
function selectionOf(path: Path): string {
  const names = path.filter((step) => typeof step === 'string');
  return `${names.join(' { ')}${' }'.repeat(names.length - 1)}`;
}

const ROWS = [...BUILT_IN_ROWS, ...WIDGET_ROWS.map((row) => ({ ...row, of: WIDGET }))];

describe.each(ROWS)('$what', ({ of, json, path, input = json, answered = path, stored }) => {
  const expected = stored ?? at(parseExact(json), ...path);

  it('is read by kubectl as it was written through GraphQL', async () => {
    const name = uniqueName();
    const query = `mutation ($input: ${of.type}Input!) { one: ${of.create}(namespace: "${namespace}", input: $input) { ${selectionOf(answered)} } }`;
    const variables = `{"input":${named(input, name, of)}}`;
    const { data, errors } = await gateway.post(
      `{"query":${JSON.stringify(query)},"variables":${variables}}`,
    );
    expect(errors).toEqual([]);
    expect(at(data, 'one', ...answered)).toEqual(expected);
    expect(at(await kubectl.get('-n', namespace, of.resource, name), ...path)).toEqual(expected);
  });

  it('is read through GraphQL as it was written by kubectl', async () => {
    const name = uniqueName();
    await kubectl.run(['create', '-n', namespace, '-f', '-'], named(json, name, of));
    const data = await gateway.data(
      `{ one: ${of.get}(name: "${name}", namespace: "${namespace}") { ${selectionOf(answered)} raw } }`,
    );
    const read = await kubectl.get('-n', namespace, of.resource, name);
    expect(at(data, 'one', ...answered)).toEqual(expected);
    expect(at(data, 'one', 'raw', ...path)).toEqual(expected);
    expect(at(read, ...path)).toEqual(expected);
  });
});

describe('a Quantity that a document writes as a number', () => {
  it.each([
    ['1e3', '1e3'],
    ['1000', '1k'],
    ['0.1', '100m'],
    ['12345678901234567.5', '12345678901234567500m'],
  ])('is handed on as it stands: %s is stored as %s', async (literal, stored) => {
    const volume = `{ name: "v", emptyDir: { sizeLimit: ${literal} } }`;
    const podSpec = `{ containers: [{ name: "c", image: "i" }], volumes: [${volume}] }`;
    const input = `{ metadata: { name: "${uniqueName()}" }, template: { spec: ${podSpec} } }`;
    const data = await gateway.data(
      `mutation { one: createPodTemplate(namespace: "${namespace}", input: ${input}) { template { spec { volumes { emptyDir { sizeLimit } } } } } }`,
    );
    expect(at(data, 'one', 'template', 'spec', 'volumes', 0, 'emptyDir')).toEqual({ sizeLimit: stored });
  });
});

describe('what only the API server writes', () => {
  it('is answered as kubectl reads it', async () => {
    const name = uniqueName();
    await kubectl.create(namespace, widgets.object(name));
    const selection = 'metadata { name namespace uid resourceVersion generation creationTimestamp }';
    const data = await gateway.data(
      `{ one: ${widgets.get}(name: "${name}", namespace: "${namespace}") { ${selection} } }`,
    );
    const read = at(await kubectl.get('-n', namespace, WIDGET.resource, name), 'metadata');
    expect(read).toMatchObject({ generation: 1, ...(at(data, 'one', 'metadata') as object) });
  });

  it('is the same for the schemas in a definition, with all their odd keys', async () => {
    const name = WIDGET.resource;
    const data = await gateway.data(
      `{ customResourceDefinition(name: "${name}") { spec { versions { schema { openAPIV3Schema } } } } }`,
    );
    const read = await kubectl.get('crd', name);
    const path = ['spec', 'versions', 0, 'schema', 'openAPIV3Schema'] as const;
    expect(at(data, 'customResourceDefinition', ...path)).toEqual(at(read, ...path));
    expect(at(read, ...path, 'properties', 'spec', 'properties')).toHaveProperty('$ref');
  });
});

describe('some of the labels and annotations', () => {
  const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

  it('are what kubectl reads, and the others stay away', async () => {
    const name = uniqueName();
    const labels = { 'a.b/c': 'd', tier: '' };
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels }, data: { a: 'ü😀\n' } };
    await kubectl.run(['apply', '-n', namespace, '-f', '-'], JSON.stringify(object));
    const data = await gateway.data(
      `query ($key: String!) { one: configMap(name: "${name}", namespace: "${namespace}") { metadata {
        labels(keys: ["tier", "none"]) label(key: "a.b/c") none: label(key: "none")
        annotations(keys: ["none"]) applied: annotations(keys: [$key]) annotation(key: $key)
      } } }`,
      { key: LAST_APPLIED },
    );
    const read = await kubectl.get('-n', namespace, 'configmap', name);
    const applied = textAt(read, 'metadata', 'annotations', LAST_APPLIED);
    expect(at(data, 'one', 'metadata')).toEqual({
      labels: { tier: '' },
      label: 'd',
      none: null,
      annotations: {},
      applied: { [LAST_APPLIED]: applied },
      annotation: applied,
    });
  });
});

describe('an error', () => {
  it("has the Status' own members in its extensions, and nothing of the call that it came from", async () => {
    const { extensions } = await gateway.failure(
      `mutation { patchConfigMap(name: "none", namespace: "${namespace}", patch: { data: { a: null } }) { id } }`,
    );
    expect(extensions).toEqual({
      code: 'NOT_FOUND',
      kubernetes: { reason: 'NotFound', code: 404, details: { name: 'none', kind: 'configmaps' } },
    });
  });
});
